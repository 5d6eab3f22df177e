"""What a migration would take from a model and not from its versions, or the other way round."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connection
from django.db.backends.utils import truncate_name
from django.db.migrations import DeleteModel, Migration, RemoveField, RenameField, RenameModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.migrations.utils import resolve_relation
from django.db.models import ForeignKey, OneToOneField

from versioning.entities.kinds import VERSION_SUFFIX
from versioning.entities.references import References
from versioning.migrating.made import carried, made, tables_dropped
from versioning.schema.states import Key, is_derived, kind_keys


def versions_lost(
    migration: Migration, before: ProjectState, *, backwards: bool = False
) -> str | None:
    """A kind whose versions a migration would drop while the model stays; None where none is."""
    dropped = {
        each.name_lower
        for each in made(migration, backwards=backwards)
        if isinstance(each, DeleteModel)
    }
    for app, name in kind_keys(before.models):
        if (
            app == migration.app_label
            and f"{name}{VERSION_SUFFIX}" in dropped
            and name not in dropped
        ):
            return f"{app}.{name}"
    return None


def table_lost(
    migration: Migration, before: ProjectState, *, backwards: bool = False
) -> tuple[str, str] | None:
    """A model that a migration would delete with its table, and the one that has that by now.

    None where there is none.
    """
    of_kinds = [*kind_keys(before.models), *(k for k, m in before.models.items() if is_derived(m))]
    for name in sorted(tables_dropped(migration, backwards=backwards)):
        key = migration.app_label, name
        for other in of_kinds if key in before.models else ():
            if other != key and _table(before, other) == _table(before, key):
                return ".".join(key), ".".join(other)
    return None


def _table(state: ProjectState, key: Key) -> str:
    model = state.models.get(key)
    told = model and model.options.get("db_table")
    return str(told or truncate_name("_".join(key), connection.ops.max_name_length()))


def values_lost(
    migration: Migration, before: ProjectState, after: ProjectState, *, backwards: bool = False
) -> str | None:
    """A field that a migration keeps in a model and not in its versions, or the other way round.

    As `shop.item.size`; None where there is none.
    """
    operations = made(migration, backwards=backwards)
    kept = carried(operations, migration.app_label, before, after)
    for app, name in kind_keys(before.models):
        if app != migration.app_label or any(
            isinstance(each, DeleteModel) and each.name_lower == name for each in operations
        ):
            continue
        fields = before.models[app, name].fields.keys()
        of_model = _last_names(operations, name, fields, kept)
        of_versions = _last_names(operations, f"{name}{VERSION_SUFFIX}", fields, kept)
        for field in fields:
            if of_model.get(field) != of_versions.get(field):
                return f"{app}.{name}.{field}"
    return None


def is_list_of_others(before: ProjectState, after: ProjectState, field: str) -> bool:
    """Whether a field, as `shop.item.makers`, is a list of references before and another after.

    For a list of other entities Django takes the field out of the model and puts one in, and
    knows nothing of versions.
    """
    app, model, name = field.split(".")
    return all(
        (app, model) in state.models
        and isinstance(state.models[app, model].fields.get(name), References)
        for state in (before, after)
    )


class Retargeted(NamedTuple):
    """A reference that would name other entities or rows, by the ids that it holds."""

    kind: str
    field: str
    before: str
    after: str


def retargeted(
    migration: Migration, before: ProjectState, after: ProjectState, *, backwards: bool = False
) -> Iterator[Retargeted]:
    """The references of kinds that a migration keeps, and lets name another model.

    A model that is renamed, or moves to another app with its table, is the same.
    """
    operations = made(migration, backwards=backwards)
    kept = carried(operations, migration.app_label, before, after)
    for app, name in kind_keys(before.models):
        model = after.models.get((app, _last_model(operations, name)))
        if app != migration.app_label or model is None:
            continue
        fields = before.models[app, name].fields
        for field, last in _last_names(operations, name, fields, kept).items():
            one, other = fields[field], model.fields.get(last)
            if _refer(one, other):
                was, now = _target(one, app, name), _target(other, app, model.name_lower)
                same = was[0], _last_model(operations if was[0] == app else [], was[1])
                stood = _table(after, same) if same in after.models else _table(before, was)
                if now != same and stood != _table(after, now):
                    yield Retargeted(f"{app}.{name}", field, ".".join(was), ".".join(now))


def _refer(one: Any, other: Any) -> bool:
    """Whether both are references; of two lists Django takes the one out."""
    types = {type(one), type(other)}
    return types <= {ForeignKey, OneToOneField, References} and types != {References}


def _target(field: Any, app: str, model: str) -> Key:
    key: Key = resolve_relation(field.remote_field.model, app, model)
    return key


def _last_model(operations: Iterable[Operation], model: str) -> str:
    for operation in operations:
        if isinstance(operation, RenameModel) and operation.old_name_lower == model:
            model = operation.new_name_lower
    return model


def _last_names(
    operations: Iterable[Operation],
    model: str,
    fields: Iterable[str],
    kept: set[tuple[str, str]],
) -> dict[str, str]:
    """What operations leave of a model's fields: by its first name the last of each."""
    last = {name: name for name in fields}
    for operation in operations:
        match operation:
            case RenameModel() if operation.old_name_lower == model:
                model = operation.new_name_lower
            case RenameField() if operation.model_name_lower == model:
                last = {
                    first: operation.new_name if name == operation.old_name else name
                    for first, name in last.items()
                }
            case RemoveField() if operation.model_name_lower == model:
                if (model, operation.name) not in kept:
                    last = {f: name for f, name in last.items() if name != operation.name}
    return last
