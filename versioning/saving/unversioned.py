"""Rows of models without versions that refer to entities: what becomes of them when those go.

Such rows have no branch and no past; what they refer to is what main's head has. So their
`on_delete` counts where an entity goes from main, however it goes: by `delete()`, in a batch, by a
merge or a revert. What goes from a branch leaves them alone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.deletion import Collector

from eventstore.errors import Refusal
from versioning.entities.kinds import is_versioned, kinds
from versioning.events import MAIN
from versioning.viewpoints.chain import Viewpoint

_HOLDING = (models.PROTECT, models.RESTRICT)


def refer_to(model: type[models.Model]) -> bool:
    """Whether rows without versions can refer to entities of a model."""
    return bool(foreign_keys(model) or _generic_relations(model))


@cache
def foreign_keys(model: type[models.Model]) -> tuple[Any, ...]:
    """The foreign keys by which models without versions refer to a versioned one."""
    relations: list[Any] = list(model._meta.get_fields(include_hidden=True))
    return tuple(
        relation.field
        for relation in relations
        if relation.auto_created
        and not relation.concrete
        and (relation.one_to_many or relation.one_to_one)
        and not follows_the_log(relation.related_model)
        and _is_followed(relation.field)
    )


def follows_the_log(model: type[models.Model]) -> bool:
    """Whether events lead to its rows: a versioned model, or the links of its references.

    Those are a table that Django makes by itself, as that of a plain many-to-many field is.
    """
    owner: Any = model._meta.auto_created
    return is_versioned(owner or model)


def _is_followed(field: Any) -> bool:
    """Whether anybody minds what it refers to: versions of entities refer to what is gone, too."""
    return bool(field.db_constraint) or field.remote_field.on_delete is not models.DO_NOTHING


@cache
def _generic_relations(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(
        field
        for field in model._meta.private_fields
        if hasattr(field, "bulk_related_objects") and not is_versioned(field.related_model)
    )


class RowOfAllBranches(Refusal):
    """A row without versions was to be deleted where saves go to a branch."""

    code = "row-of-all-branches"
    status = 500
    hint = "Leave the branch_context, and delete it then."


def require_main(model: type[models.Model], at: Viewpoint) -> None:
    """Refuse to delete rows that entities can refer to, where saves go to a branch.

    Raises RowOfAllBranches.
    """
    if at.branch != MAIN and _is_referred_to(model):
        raise RowOfAllBranches(
            f"A {model._meta.verbose_name} has no branches: what is deleted while "
            f"{at.name!r} is written to would be missing on main, too."
        )


def _is_referred_to(model: type[models.Model]) -> bool:
    related = (f.unversioned for kind in kinds() for f in kind.column_fields)
    targets = {each._meta.concrete_model for each in related if each is not None}
    return model._meta.concrete_model in targets


def holding(model: type[models.Model], ids: Sequence[UUID]) -> Iterator[tuple[UUID, str]]:
    """The entities that rows without versions do not let go, each with what refers to it.

    Cost: a query for each foreign key that protects what it refers to.
    """
    for field in foreign_keys(model):
        on_delete = field.remote_field.on_delete
        if on_delete in _HOLDING or on_delete is models.DO_NOTHING:
            rows = field.model._base_manager.filter(**{f"{field.name}__in": ids})
            for entity_id in rows.values_list(field.attname, flat=True).distinct():
                yield entity_id, str(field.model._meta.verbose_name)


def let_go(gone: Mapping[type[models.Model], Sequence[UUID]]) -> None:
    """Follow the `on_delete` of rows that refer to entities which go from main.

    Cost: a query for each foreign key of rows without versions, and what they lead to.
    """
    collector: Any = Collector(using=DEFAULT_DB_ALIAS)
    for model, ids in gone.items():
        for field in foreign_keys(model):
            on_delete = field.remote_field.on_delete
            if on_delete in _HOLDING or on_delete is models.DO_NOTHING:
                continue
            rows = field.model._base_manager.filter(**{f"{field.name}__in": ids})
            # As Django has it: what can be said of all rows at once is not read.
            if getattr(on_delete, "lazy_sub_objs", False) or rows:
                on_delete(collector, field, rows, DEFAULT_DB_ALIAS)
        for relation in _generic_relations(model):
            entities = [model(pk=entity_id) for entity_id in ids]
            rows = relation.bulk_related_objects(entities, DEFAULT_DB_ALIAS)
            collector.collect(rows, source=model, nullable=True)
    _, deleted = collector.delete()
    if (counts := _counts.get()) is not None:
        counts.update(deleted)


_counts: ContextVar[Counter[str] | None] = ContextVar("let_go", default=None)


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """How many rows of each model, by its label, are let go inside the block."""
    counts: Counter[str] = Counter()
    token = _counts.set(counts)
    try:
        yield counts
    finally:
        _counts.reset(token)
