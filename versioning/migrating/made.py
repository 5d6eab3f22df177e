"""The operations of a migration in the order in which they are made, or undone."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.migrations import (
    AddField,
    AlterField,
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

from versioning.entities.references import References
from versioning.fields.items import ItemsField
from versioning.operations import RunLogged, Upcast


def made(migration: Migration, *, backwards: bool) -> list[Operation]:
    """What a migration does, or what undoes it."""
    operations = list(flat(migration.operations))
    return [turned(each) for each in reversed(operations)] if backwards else operations


def flat(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from (o for o in operation.database_operations if isinstance(o, RunLogged))
            yield from flat(operation.state_operations)
        else:
            yield operation


def tables_dropped(migration: Migration, *, backwards: bool) -> set[str]:
    """The names of the models that a migration, or what undoes it, deletes with their tables."""
    drops = CreateModel if backwards else DeleteModel
    return {
        each.name_lower for each in _of_database(migration.operations) if isinstance(each, drops)
    }


def _of_database(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from _of_database(operation.database_operations)
        else:
            yield operation


def is_logged(migration: Migration) -> bool:
    """Whether it writes entities, or carries their values over."""
    return any(isinstance(each, RunLogged | Upcast) for each in flat(migration.operations))


def turned(operation: Operation) -> Operation:
    """What undoes an operation, as far as names go."""
    match operation:
        case RenameModel():
            return RenameModel(operation.new_name, operation.old_name)
        case RenameField():
            return RenameField(operation.model_name, operation.new_name, operation.old_name)
        case AlterField(field=ItemsField(former_names=names)) if names:
            field: Any = operation.field.clone()
            field.former_names = {now: was for was, now in names.items()}
            return AlterField(operation.model_name, operation.name, field)
        case AddField():
            return RemoveField(operation.model_name, operation.name)
        case RemoveField():
            return AddField(operation.model_name, operation.name, Field())
        case CreateModel():
            return DeleteModel(operation.name)
        case DeleteModel():
            return CreateModel(operation.name, [])
    return operation


def carried(
    made: Sequence[Operation], app: str, before: ProjectState, after: ProjectState
) -> set[tuple[str, str]]:
    """References that become a list of them, or the other way round: they keep what they name.

    Django takes such a field out and puts another in. Each by every name that it has on the way,
    with its model's.
    """
    names_carried = set()
    for (label, model), state in before.models.items():
        for name, field in state.fields.items():
            if label == app and isinstance(field, ForeignKey | References):
                names = list(_names(made, model, name))
                last_model, last_name = names[-1]
                if (later := after.models.get((app, last_model))) is not None and {
                    type(field),
                    type(later.fields.get(last_name)),
                } == {ForeignKey, References}:
                    names_carried.update(names)
    return names_carried


def _names(made: Iterable[Operation], model: str, field: str) -> Iterator[tuple[str, str]]:
    """Every name that a field has on the way, with its model's name at that time."""
    yield model, field
    for operation in made:
        match operation:
            case RenameModel() if operation.old_name_lower == model:
                model = operation.new_name_lower
                yield model, field
            case RenameField() if (operation.model_name_lower, operation.old_name) == (
                model,
                field,
            ):
                field = operation.new_name
                yield model, field
