"""What the operations of a migration say that no comparison of two states can tell."""

from collections import deque
from collections.abc import Iterable, Iterator

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
from versioning.migrating.states import kind_keys
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

    def __init__(
        self, migration: Migration, before: ProjectState, after: ProjectState, *, backwards: bool
    ) -> None:
        operations = list(_flat(migration.operations))
        self._app = migration.app_label
        self._carried = _carried(migration.app_label, before, after)
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
        return list(_hints(self._app, turned, self._carried))


def values_lost(
    migration: Migration, before: ProjectState, after: ProjectState, *, backwards: bool = False
) -> str | None:
    """A field that a migration keeps in a model and not in its versions, or the other way round.

    As `shop.item.size`; None where there is none.
    """
    carried = _carried(migration.app_label, before, after)
    operations = list(_flat(migration.operations))
    made = [_turned(each) for each in reversed(operations)] if backwards else operations
    for app, name in kind_keys(before.models):
        if app != migration.app_label or any(
            isinstance(each, DeleteModel) and each.name_lower == name for each in made
        ):
            continue
        fields = before.models[app, name].fields.keys()
        of_model = _last_names(made, name, fields, carried)
        of_versions = _last_names(made, f"{name}{VERSION_SUFFIX}", fields, carried)
        for field in fields:
            if of_model.get(field) != of_versions.get(field):
                return f"{app}.{name}.{field}"
    return None


def _last_names(
    operations: Iterable[Operation],
    model: str,
    fields: Iterable[str],
    carried: set[tuple[str, str]],
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
                if (model, operation.name) not in carried:
                    last = {f: name for f, name in last.items() if name != operation.name}
    return last


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


def _hints(
    app: str, operations: Iterable[Operation], carried: set[tuple[str, str]]
) -> Iterator[Hint]:
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
                if key in gone and key not in carried:
                    yield FieldReplacement(f"{app}.{key[0]}", key[1])


def _carried(app: str, before: ProjectState, after: ProjectState) -> set[tuple[str, str]]:
    """References that become a list of them, or the other way round: they keep what they name.

    Django takes such a field out and puts another in. Each with its model's name.
    """
    return {
        (model, name)
        for (label, model), state in before.models.items()
        if label == app and (label, model) in after.models
        for name, field in state.fields.items()
        if {type(field), type(after.models[label, model].fields.get(name))}
        == {ForeignKey, References}
    }
