"""System checks: what a versioned model cannot have, said before anything is migrated."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connection, models

from eventstore.models import Event
from versioning.branches.constraints import mentioned_in
from versioning.entities.historical import HistoricalModel
from versioning.entities.kinds import NOT_IN_DOCUMENTS, VERSION_SUFFIX
from versioning.entities.references import References
from versioning.entities.values import element_of
from versioning.fields.items import ItemsField, ReferencePart
from versioning.saving.model import VersionedModel
from versioning.saving.queryset import VersionedQuerySet
from versioning.saving.tracked import VERSION_NAMES
from versioning.saving.unversioned import foreign_keys
from versioning.schema.missing import kinds_of_missing_apps
from versioning.schema.states import installed

RESERVED = frozenset(
    {"pk", "entity_id", "branch_number", "valid_from", "valid_to", "deleted", "changeset"}
)
"""What versions call columns and attributes of their own."""

_OF_EVERY_INSTANCE = frozenset(dir(VersionedModel)) - set(dir(models.Model)) - NOT_IN_DOCUMENTS
"""What every versioned instance can be asked or told."""

_LONGEST_NAME = 63
"""Of what is longer PostgreSQL keeps the beginning, which may be another's name."""

_UNWRITABLE = frozenset('"%')
"""What Django neither quotes in a name nor keeps apart from its parameters."""

_BY_THE_DATABASE = (models.DB_CASCADE, models.DB_SET_NULL, models.DB_SET_DEFAULT)


@register
def check_versioned_models(
    app_configs: Sequence[Any] | None = None, **_: Any
) -> list[CheckMessage]:
    """Every limit of the engine, for each versioned model of the apps."""
    labels = {config.label for config in app_configs or apps.get_app_configs()}
    return [
        message
        for model in apps.get_models()
        if issubclass(model, VersionedModel) and model._meta.app_label in labels
        for message in check_model(model)
    ]


@register(Tags.database)
def check_kinds_of_the_log(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Every kind of the log's whose app was taken out: asked by `migrate`, before anything else."""
    is_asked = DEFAULT_DB_ALIAS in (databases or ())
    if not is_asked or Event._meta.db_table not in connection.introspection.table_names():
        return []
    return [
        Error(missing.sentence, hint=missing.hint, id="versioning.E018")
        for missing in kinds_of_missing_apps()
    ]


@register
def check_accounts(app_configs: Sequence[Any] | None = None, **_: Any) -> list[CheckMessage]:
    """Accounts whose key no changeset can name."""
    try:
        account: Any = get_user_model()
    except ImproperlyConfigured:
        return []  # a project without accounts
    key = account._meta.pk
    while key.remote_field:
        key = key.target_field
    if isinstance(key, models.IntegerField):
        return []
    return [
        Error(
            f"The accounts of this project ({account._meta.label}) have a key that is no integer, "
            "and a changeset names its author by one.",
            hint="Give the model a number as its primary key, and keep the other as a unique "
            "field. Where nobody acts as an account, silence this check.",
            obj=account,
            id="versioning.E020",
        )
    ]


def check_model(model: type[models.Model]) -> Iterator[CheckMessage]:
    """What of a versioned model the engine cannot keep."""
    yield from _limits(model)
    yield from _label_limits(model)
    if not model._meta.proxy:
        yield from _table_limits(model)
        yield from _field_limits(model)
        for field in foreign_keys(model):
            yield from _reference_limits(field)


def _limits(model: type[models.Model]) -> Iterable[CheckMessage]:
    name = model._meta.label
    has_parent_with_table = any(not parent._meta.abstract for parent in model._meta.parents)
    if has_parent_with_table and not model._meta.proxy:
        yield Error(
            f"{name} inherits from a model that has a table of its own.",
            hint="Make the parent abstract, or refer to it by a foreign key.",
            obj=model,
            id="versioning.E001",
        )
    if model._meta.order_with_respect_to:
        yield Error(
            f"{name} is ordered with respect to {model._meta.order_with_respect_to}, by a column "
            "that Django writes behind the log.",
            hint="Add a field for the place, and order by it.",
            obj=model,
            id="versioning.E002",
        )
    for constraint in model._meta.constraints:
        if isinstance(constraint, ExclusionConstraint):
            yield Error(
                f"{name} has the exclusion constraint {constraint.name}, which holds on no branch.",
                hint="Say in contradictions() what an entity may not say by itself; look at others "
                "where they are edited.",
                obj=model,
                id="versioning.E008",
            )
    for told in _constraints_of_versions(model):
        yield Error(
            f"{name} has a constraint or an index ({told}) over version or on_branch, which are "
            "the engine's and differ from branch to branch.",
            hint="Leave them out.",
            obj=model,
            id="versioning.E021",
        )
    for manager in model._meta.managers:
        if not issubclass(getattr(manager, "_queryset_class", object), VersionedQuerySet):
            yield Error(
                f"{name}.{manager.name} writes rows that no event led to.",
                hint="Make the manager from a subclass of VersionedQuerySet: "
                "YourQuerySet.as_manager(), or Manager.from_queryset(VersionedQuerySet).",
                obj=model,
                id="versioning.E003",
            )


def _constraints_of_versions(model: type[models.Model]) -> Iterator[str]:
    """What tables of versions and documents could not be asked, by name."""
    meta = model._meta
    for names in meta.unique_together:
        if not VERSION_NAMES.isdisjoint(names):
            yield f"unique_together of {', '.join(names)}"
    for each in (*meta.constraints, *meta.indexes):
        parts = (
            *(field.removeprefix("-") for field in getattr(each, "fields", ())),
            *getattr(each, "include", ()),
            *getattr(each, "expressions", ()),
            getattr(each, "condition", None),
        )
        mentioned = {name for part in parts for name in mentioned_in(part)}
        if not VERSION_NAMES.isdisjoint(mentioned):
            yield each.name


def _label_limits(model: type[models.Model]) -> Iterator[CheckMessage]:
    """Models that tell each other's names as their former ones: done already, or to be done?"""
    label, former = model._meta.label_lower, _former_label(model._meta.label_lower)
    passed: list[str] = []
    while former and former not in (label, *passed):
        passed.append(former)
        former = _former_label(former)
    if former == label:
        yield Error(
            f"{model._meta.label} would have been {' and '.join([*passed, label])} in a circle: "
            "nobody can tell whether they have changed their names already.",
            hint="Rename one to a name that is free, the other to its own, and the first to what "
            "it shall be: a migration each. Then take former_label out.",
            obj=model,
            id="versioning.E017",
        )


def _former_label(label: str) -> str:
    return str(getattr(installed(label), "former_label", "")).lower()


def _table_limits(model: type[models.Model]) -> Iterator[CheckMessage]:
    name = model._meta.label
    if not model._meta.managed:
        yield Error(
            f"{name} is not managed, and its rows follow a log: nobody else may write or alter "
            "its table.",
            hint="Leave out managed = False. What another program writes is a model without "
            "versions.",
            obj=model,
            id="versioning.E012",
        )
    too_long = [table for table in _tables_beside(model) if len(table.encode()) > _LONGEST_NAME]
    if too_long:
        yield Error(
            f"{name} has tables whose names are longer than the {_LONGEST_NAME} characters that "
            f"PostgreSQL keeps: {', '.join(too_long)}.",
            hint="Give the model a shorter name or db_table, or the references a shorter name.",
            obj=model,
            id="versioning.E013",
        )
    if _UNWRITABLE & set(model._meta.db_table):
        yield _unwritable(f"The table of {name}", model._meta.db_table, "db_table", model)
    namesake = getattr(sys.modules[model.__module__], f"{model.__name__}Version", None)
    if isinstance(namesake, type) and issubclass(namesake, models.Model):
        yield Error(
            f"{namesake._meta.label} has the name of the model that holds the versions of {name}.",
            hint="Give it another name.",
            obj=namesake,
            id="versioning.E014",
        )


def _unwritable(subject: str, name: str, option: str, of: Any) -> Error:
    """Django itself writes no statement with such a name in it."""
    return Error(
        f"{subject} is called {name!r}: no statement can have a double quote or a percent sign in "
        "a name.",
        hint=f"Choose another {option}.",
        obj=of,
        id="versioning.E016",
    )


def _tables_beside(model: type[models.Model]) -> Iterator[str]:
    """The tables that are called after a model's own: of its versions, and of its links'."""
    table = model._meta.db_table
    yield f"{table}{VERSION_SUFFIX}"
    for field in model._meta.local_many_to_many:
        yield f"{table}_{field.name}{VERSION_SUFFIX}"


def _field_limits(model: type[models.Model]) -> Iterator[CheckMessage]:
    name = model._meta.label
    for links in model._meta.local_many_to_many:
        if not isinstance(links, References):
            yield Error(
                f"{name}.{links.name} is a plain many-to-many field, whose links have no versions.",
                hint="Use References, or a versioned model in between.",
                obj=links,
                id="versioning.E004",
            )
        elif not _is_versioned(links.related_model):
            yield _unversioned_target(links)
    fields: list[Any] = list(model._meta.local_fields)
    for field in fields:
        inherited = HistoricalModel._meta.get_field(field.name) if _is_own(field) else None
        if field.name in RESERVED or str(field.column) in RESERVED:
            yield Error(
                f"{name}.{field.name} has a name that the versions use for themselves.",
                hint="Choose another name.",
                obj=field,
                id="versioning.E005",
            )
        if _UNWRITABLE & set(str(field.column)):
            yield _unwritable(
                f"The column of {name}.{field.name}", field.column, "db_column", field
            )
        if field.name in _OF_EVERY_INSTANCE:
            yield Error(
                f"{name} hides what every versioned model has by that name.",
                hint="Choose another name; db_column may stay what it is.",
                obj=field,
                id="versioning.E015",
            )
        if inherited is not None and type(field) is not type(inherited):
            yield Error(
                f"{name}.{field.name} takes the place of the field that every versioned model has.",
                hint="Leave it out: an entity is told by a UUID of its own. Choose another name "
                "for a number of yours.",
                obj=field,
                id="versioning.E006",
            )
        yield from _reference_limits(field)
        if isinstance(field, ItemsField) and not all(map(_is_versioned, _targets(field))):
            yield _unversioned_target(field)
        if isinstance(field, ArrayField) and isinstance(element_of(field), models.JSONField):
            yield Error(
                f"{name}.{field.name} is an array of JSON, in which nobody can tell a list that is "
                "a value from a dimension of the array.",
                hint="Use a JSONField, which holds lists by itself.",
                obj=field,
                id="versioning.E007",
            )
        if isinstance(field, models.FileField):
            yield Error(
                f"{name}.{field.name} is a {type(field).__name__}, whose values no event can hold.",
                hint="Keep the file's name and place in other fields.",
                obj=field,
                id="versioning.E007",
            )


def _unversioned_target(field: Any) -> Error:
    return Error(
        f"{field.model._meta.label}.{field.name} names entities of a model without versions, "
        "which no branch and no moment of the past has.",
        hint="Make that model a VersionedModel, or refer to its rows by a foreign key.",
        obj=field,
        id="versioning.E019",
    )


def _is_versioned(model: Any) -> bool:
    """Of a model that is not there Django tells by itself."""
    return isinstance(model, str) or issubclass(model, VersionedModel)


def _targets(field: ItemsField) -> Iterator[Any]:
    for part in field.item.parts.values():
        if isinstance(part, ReferencePart):
            # One that there is not, nobody tells of: an item is no model.
            yield ("." in part.to and installed(part.to)) or models.Model


def _reference_limits(field: Any) -> Iterator[CheckMessage]:
    """What a reference may not be, to a versioned model or from one."""
    name = f"{field.model._meta.label}.{field.name}"
    if _is_by_another_key(field):
        yield Error(
            f"{name} refers to a versioned model by {field.target_field.name}, "
            "which may change: merges and cascades would not follow.",
            hint="Leave out to_field: an entity is told by its identity.",
            obj=field,
            id="versioning.E010",
        )
    if _cascades_behind_the_log(field):
        yield Error(
            f"{name} lets the database delete or change rows that no event speaks of.",
            hint="Use CASCADE, SET_NULL or SET_DEFAULT of Django instead of those that begin "
            "with DB_.",
            obj=field,
            id="versioning.E009",
        )


def _is_by_another_key(field: Any) -> bool:
    """The engine's own branches are told by numbers, which never change."""
    related = field.related_model
    return (
        isinstance(field, models.ForeignKey)
        and isinstance(related, type)
        and issubclass(related, VersionedModel)
        and related._meta.app_label != "versioning"
        and not field.target_field.primary_key
    )


def _cascades_behind_the_log(field: "models.Field[Any, Any]") -> bool:
    related = field.remote_field
    return getattr(related, "on_delete", None) in _BY_THE_DATABASE


def _is_own(field: "models.Field[Any, Any]") -> bool:
    return field.name in NOT_IN_DOCUMENTS
