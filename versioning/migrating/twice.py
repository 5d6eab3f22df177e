"""Fields that a migration changes twice, where the log is told of one change.

AlterField  size float -> int      2.75 becomes 3
AlterField  size int -> float      3 becomes 3.0; the log would say: float, as before, 2.75
"""

from typing import Any

from django.db import connection
from django.db.migrations import (
    AlterField,
    Migration,
    RemoveField,
    RenameField,
    RenameModel,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from versioning.entities.kinds import VERSION_SUFFIX
from versioning.migrating.made import flat, made
from versioning.operations import RunLogged, Upcast
from versioning.schema.states import kind_keys, without_apps


def changed_twice(
    migration: Migration, before: ProjectState, after: ProjectState, *, backwards: bool = False
) -> str | None:
    """A field whose values a migration changes twice before the log is told; None where none is.

    As `shop.item.size`.
    """
    recasts = _recasts(migration, after if backwards else before)
    changes = _Changes(migration.app_label, before)
    for operation in made(migration, backwards=backwards):
        match operation:
            case RunLogged() | Upcast():  # before the one, and behind the other, the log is told
                changes.fields.clear()
            case RenameModel():
                changes.rename_model(operation.old_name_lower, operation.new_name_lower)
            case RenameField():
                changes.rename_field(
                    operation.model_name_lower, operation.old_name, operation.new_name
                )
            case RemoveField():
                changes.fields.discard((operation.model_name_lower, operation.name))
            case AlterField() if operation in recasts:
                key = operation.model_name_lower, operation.name
                if key in changes.fields:
                    return f"{migration.app_label}.{'.'.join(key)}"
                if key[0] in changes.models:
                    changes.fields.add(key)
    return None


class _Changes:
    """The fields of kinds that were changed since the log was told, as they are called by now."""

    def __init__(self, app: str, before: ProjectState) -> None:
        kinds = [name for label, name in kind_keys(before.models) if label == app]
        self.models = {*kinds, *(f"{name}{VERSION_SUFFIX}" for name in kinds)}
        self.fields: set[tuple[str, str]] = set()

    def rename_model(self, before: str, after: str) -> None:
        self.models = {after if model == before else model for model in self.models}
        self.fields = {(after if model == before else model, f) for model, f in self.fields}

    def rename_field(self, model: str, before: str, after: str) -> None:
        self.fields = {
            (model, after) if field == (model, before) else field for field in self.fields
        }


def _recasts(migration: Migration, first: ProjectState) -> set[Operation]:
    """The alterations that give a column another type, or let it be empty or no more."""
    state, app = without_apps(first), migration.app_label
    found: set[Operation] = set()
    for operation in flat(migration.operations):
        if isinstance(operation, AlterField):
            model = state.models[app, operation.model_name_lower]
            if _is_recast(model.fields[operation.name], operation.field):
                found.add(operation)
        operation.state_forwards(app, state)
    return found


def _is_recast(before: Any, after: Any) -> bool:
    """A relation's type is its target's, which no field tells by itself: it counts always."""
    if before.is_relation or after.is_relation:
        return True
    return bool(
        before.null != after.null or before.db_type(connection) != after.db_type(connection)
    )
