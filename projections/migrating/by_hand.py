"""Migrations that change tables otherwise than by Django's operations, or find them changed.

By RunSQL or RunPython, with the state told by SeparateDatabaseAndState; or by hand, and `--fake`.

The log is told what the state says, as by any migration. What the rows hold that stood already is
read from them, for no operation of Django's gave it. Tables that are not as the state says are
refused, and rows that are not what the log leads to.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.management import RenameContentType
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.operations.base import OperationCategory

from eventstore import reading
from eventstore.errors import Refusal
from eventstore.sqlfiles import statement
from projections.audit.rows import Scope, verify_rows
from projections.shares import replayed
from versioning.entities.kinds import DocumentField, Kind, reading_as
from versioning.operations import RunLogged
from versioning.schema.reading import read_lines

_BY_DJANGO = frozenset(
    {OperationCategory.ADDITION, OperationCategory.REMOVAL, OperationCategory.ALTERATION}
)

_MISSING = statement(__file__, "missing_columns")
_SHAPES = statement(__file__, "shapes")

type Shapes = list[tuple[Any, ...]]
"""What `shapes_of` gives: to be compared with another, and nothing else."""


class NotAsTheStateSays(Refusal):
    """What a migration did by other means than Django's is not what its state says."""

    code = "not-as-the-state-says"
    status = 409


def is_by_hand(migration: Migration) -> bool:
    """Whether any of its operations does what cannot be known beforehand."""
    return any(
        operation.category not in _BY_DJANGO
        and not isinstance(operation, RunLogged | RenameContentType)
        for operation in migration.operations
    )


def require_tables(kinds: Iterable[Kind]) -> None:
    """Refuse tables whose columns are not those of the state. Raises NotAsTheStateSays."""
    for kind in kinds:
        types = {f.column: f.column_type for f in kind.column_fields}
        nullable = {f.column: f.model_field.null for f in kind.column_fields}
        for table in (kind.head, kind.versions):
            with connection.cursor() as cursor:
                cursor.execute(
                    _MISSING, [list(types), list(types.values()), list(nullable.values()), table]
                )
                missing = [name for (name,) in cursor.fetchall()]
            if missing:
                told = ", ".join(
                    f"{name} ({types[name]}{'' if nullable[name] else ' NOT NULL'})"
                    for name in missing
                )
                raise NotAsTheStateSays(
                    f"The migration's state says that {table} has these columns, and it has not: "
                    f"{told}.",
                    hint="Change both tables of the model, or leave it to Django's operations.",
                )


def value_in_rows(kind: Kind, f: DocumentField) -> Any:
    """The one value that every row has in a column that is new; its default, if there is none.

    Raises NotAsTheStateSays where they have several: an event that does not mention the field
    means one.
    """
    if f.is_references:
        return f.blank
    held = [
        value
        for model in (kind.model, kind.version_model)
        for value in model._base_manager.order_by()
        .values_list(f.attribute, flat=True)
        .distinct()[:2]
    ]
    values = [f.to_json(value) for value in held]
    if any(value != values[0] for value in values):
        raise NotAsTheStateSays(
            f"The rows of {kind.label} have several values in {f.name}, which no event led to.",
            hint="Give all of them one, and the others by a migration with RunLogged. Where the "
            "field was only renamed, use RenameField; a model that moves to another app moves "
            "first, and its fields are renamed in the migration after that.",
        )
    return values[0] if values else f.absent


def value_for_nothing(before: Mapping[str, Kind], kind: Kind, f: DocumentField) -> Any:
    """What stands where nothing did, of a field that may not be empty any more; None else."""
    known = before[kind.label].fields.get(f.name) if kind.label in before else None
    was_empty = known is not None and known.model_field.null and not f.model_field.null
    return f.absent if was_empty and f.model_field.has_default() else None


def require_rows(kinds: Mapping[str, Kind], *, shapes: Shapes) -> None:
    """Refuse rows that are not what the log leads to, if tables of kinds had other shapes before.

    Raises NotAsTheStateSays, CannotReplay. Cost: a replay of the log by one process. A state that
    knows only some of the log's kinds, while a model moves to another app, is taken at its word.
    """
    if shapes == shapes_of(kinds.values()) or not read_lines().now.keys() <= kinds.keys():
        return
    position = reading.last_position()
    with reading_as(kinds), replayed(position) as (_, tables):
        for finding in verify_rows(Scope(position), tables):
            raise NotAsTheStateSays(
                f"The rows are not what the log leads to. {finding.subject} {finding.sentence}",
                hint="Change the values of entities by a migration with RunLogged.",
            )


def shapes_of(kinds: Iterable[Kind]) -> Shapes:
    """What the tables of kinds are, and where they lie: a rewritten table lies elsewhere."""
    relations = [relation for kind in kinds for relation in (kind.head, kind.versions)]
    with connection.cursor() as cursor:
        cursor.execute(_SHAPES, [relations])
        rows: Shapes = cursor.fetchall()
    return rows
