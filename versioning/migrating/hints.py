"""What the operations of a migration say that no comparison of two states can tell."""

from collections import deque
from collections.abc import Iterator, Sequence

from django.db.migrations import (
    AlterField,
    CreateModel,
    DeleteModel,
    Migration,
    RemoveField,
    RenameField,
    RenameModel,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from versioning.fields.items import ItemsField
from versioning.migrating.made import carried, flat, made, tables_dropped, turned
from versioning.operations import Upcast
from versioning.schema.differences import (
    FieldRemoval,
    FieldRename,
    FieldUpcast,
    Hint,
    KindRemoval,
    ModelRename,
    PartRenames,
)


class Hints:
    """What the operations of a migration say, in the order in which they are made."""

    def __init__(
        self,
        migration: Migration,
        before: ProjectState,
        after: ProjectState,
        *,
        backwards: bool,
        is_faked: bool,
    ) -> None:
        operations = list(flat(migration.operations))
        self._dropped = set() if is_faked else tables_dropped(migration, backwards=backwards)
        self._app = migration.app_label
        self._carried = carried(made(migration, backwards=backwards), self._app, before, after)
        self._backwards = backwards
        self._pending = deque(reversed(operations) if backwards else operations)

    def take(self, *, before: Operation | None, after: Operation | None) -> list[Hint]:
        """What was made since, up to an operation; of all that is left, where none is named.

        What is one although it looks like two, and two although it looks like one.
        """
        taken: list[Operation] = []
        while self._pending and self._pending[0] is not before:
            taken.append(self._pending.popleft())
            if taken[-1] is after:
                break
        operations = [turned(each) for each in taken] if self._backwards else taken
        return list(_hints(self._app, operations, self._carried, self._dropped))


def _hints(
    app: str, operations: Sequence[Operation], kept: set[tuple[str, str]], dropped: set[str]
) -> Iterator[Hint]:
    deleted = {each.name_lower for each in operations if isinstance(each, DeleteModel)}
    gone: set[str] = set()
    for operation in operations:
        match operation:
            case RenameModel():
                if operation.new_name_lower in gone:
                    yield KindRemoval(f"{app}.{operation.new_name_lower}")
                yield ModelRename(
                    f"{app}.{operation.old_name_lower}", f"{app}.{operation.new_name_lower}"
                )
            case AlterField(field=ItemsField(former_names=names)) if names:
                label = f"{app}.{operation.model_name_lower}"
                yield PartRenames(label, operation.name, names)
            case RenameField():
                label = f"{app}.{operation.model_name_lower}"
                yield FieldRename(label, operation.old_name, operation.new_name)
            case Upcast():
                label = f"{app}.{operation.model_name_lower}"
                yield FieldUpcast(label, operation.name, operation.upcaster)
            case DeleteModel() if operation.name_lower in dropped:
                yield KindRemoval(f"{app}.{operation.name_lower}")
            case DeleteModel():  # of a state alone: the table may be another model's from here on
                gone.add(operation.name_lower)
            case CreateModel():
                if operation.name_lower in gone:
                    yield KindRemoval(f"{app}.{operation.name_lower}")
            # Not of a model that goes: if it moves to another app, its table stays, and all in it.
            case RemoveField() if operation.model_name_lower not in deleted:
                if (operation.model_name_lower, operation.name) not in kept:
                    yield FieldRemoval(f"{app}.{operation.model_name_lower}", operation.name)
