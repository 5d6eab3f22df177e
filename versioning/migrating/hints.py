"""What the operations of a migration say that no comparison of two states can tell."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.migrations import (
    AddField,
    CreateModel,
    DeleteModel,
    Migration,
    RemoveField,
    RenameField,
    RenameModel,
    SeparateDatabaseAndState,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field, ForeignKey

from versioning.entities.kinds import VERSION_SUFFIX
from versioning.entities.references import References
from versioning.migrating.states import kind_keys, without_apps
from versioning.operations import RunLogged, Upcast
from versioning.schema.differences import (
    FieldRename,
    FieldReplacement,
    FieldUpcast,
    Hint,
    KindReplacement,
    ModelRename,
)


class Hints:
    """What the operations of a migration say, in the order in which they are made."""

    def __init__(self, migration: Migration, before: ProjectState, *, backwards: bool) -> None:
        operations = list(_flat(migration.operations))
        self._app = migration.app_label
        self._before = without_apps(before)  # the migration changes the state itself
        self._backwards = backwards
        self._pending = deque(reversed(operations) if backwards else operations)

    def take(self, *, before: Operation | None, after: Operation | None) -> list[Hint]:
        """What was made since, up to an operation; of all that is left, where none is named.

        What is one although it looks like two, and two although it looks like one.
        """
        made: list[Operation] = []
        while self._pending and self._pending[0] is not before:
            made.append(self._pending.popleft())
            if made[-1] is after:
                break
        turned = map(_turned, made) if self._backwards else made
        return list(_hints(self._app, turned, self._before))


def versions_lost(
    migration: Migration, before: ProjectState, *, backwards: bool = False
) -> str | None:
    """A kind whose versions a migration would drop while the model stays; None where none is."""
    operations = _flat(migration.operations)
    dropped = {
        each.name_lower
        for each in (map(_turned, operations) if backwards else operations)
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


def _flat(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from (o for o in operation.database_operations if isinstance(o, RunLogged))
            yield from _flat(operation.state_operations)
        else:
            yield operation


def _turned(operation: Operation) -> Operation:
    """What undoes an operation, as far as names go."""
    match operation:
        case RenameModel():
            return RenameModel(operation.new_name, operation.old_name)
        case RenameField():
            return RenameField(operation.model_name, operation.new_name, operation.old_name)
        case AddField():
            return RemoveField(operation.model_name, operation.name)
        case RemoveField():
            return AddField(operation.model_name, operation.name, Field())
        case CreateModel():
            return DeleteModel(operation.name)
        case DeleteModel():
            return CreateModel(operation.name, [])
    return operation


def _hints(app: str, operations: Iterable[Operation], before: ProjectState) -> Iterator[Hint]:
    gone: set[tuple[str, str]] = set()
    for operation in operations:
        match operation:
            case RenameModel():
                yield ModelRename(
                    f"{app}.{operation.old_name_lower}", f"{app}.{operation.new_name_lower}"
                )
            case RenameField():
                label = f"{app}.{operation.model_name_lower}"
                yield FieldRename(label, operation.old_name, operation.new_name)
            case Upcast():
                label = f"{app}.{operation.model_name_lower}"
                yield FieldUpcast(label, operation.name, operation.upcaster)
            case DeleteModel():
                gone.add((operation.name_lower, ""))
            case CreateModel():
                if (operation.name_lower, "") in gone:
                    yield KindReplacement(f"{app}.{operation.name_lower}")
            case RemoveField():
                gone.add((operation.model_name_lower, operation.name))
            case AddField():
                key = operation.model_name_lower, operation.name
                if key in gone and not _is_carried(before, app, key, operation):
                    yield FieldReplacement(f"{app}.{key[0]}", key[1])


def _is_carried(before: ProjectState, app: str, key: tuple[str, str], operation: Any) -> bool:
    """A reference that becomes a list of them, or the other way round, keeps what it names."""
    former = before.models[app, key[0]].fields.get(key[1])
    kinds = {type(former), type(getattr(operation, "field", None))}
    return {ForeignKey, References} <= kinds
