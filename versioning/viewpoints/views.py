"""The SQL of the views that show a viewpoint, one per table in two schemas.

`past` serves a chain of one (main in the past), `viewpoint` any chain. Which
branches and positions are read is handed over in settings, one pair a slot,
nearest branch first. The settings are STABLE for the planner, so its
estimates follow the position. One scan with an anti-join, never UNION ALL:
ORDER BY and LIMIT cannot be pushed into a union.
"""

from collections.abc import Iterator

from versioning.entities.kinds import Kind, kinds

PAST, VIEWPOINT = "past", "viewpoint"
SLOTS = 16
"""Branches that one chain may hold; unused slots hold impossible numbers."""


def branch_setting(slot: int) -> str:
    return f"viewpoint.branch_{slot}"


def position_setting(slot: int) -> str:
    return f"viewpoint.position_{slot}"


def _branch(slot: int) -> str:
    return f"current_setting('{branch_setting(slot)}')::int"


def _position(slot: int) -> str:
    return f"current_setting('{position_setting(slot)}')::bigint"


def _case(branch: str, of: list[str]) -> str:
    arms = " ".join(f"WHEN {_branch(slot)} THEN {value}" for slot, value in enumerate(of))
    return f"(CASE {branch} {arms} END)"


def _position_of(row: str) -> str:
    return _case(f"{row}.branch_number", [_position(slot) for slot in range(SLOTS)])


def _slot_of(row: str) -> str:
    return _case(f"{row}.branch_number", [str(slot) for slot in range(SLOTS)])


def _holds(row: str) -> str:
    """The row's version is valid at its branch's position."""
    branches = ", ".join(_branch(slot) for slot in range(SLOTS))
    return (
        f"{row}.branch_number IN ({branches})"
        f" AND {row}.valid_from <= {_position_of(row)} AND {_position_of(row)} < {row}.valid_to"
    )


def _holds_in_past(row: str) -> str:
    return (
        f"{row}.branch_number = {_branch(0)}"
        f" AND {row}.valid_from <= {_position(0)} AND {_position(0)} < {row}.valid_to"
    )


def _nearest(row: str, entity: str, version_table: str) -> str:
    """No nearer branch has a version of the entity that holds."""
    return (
        f"NOT EXISTS (SELECT FROM public.{version_table} AS nearer"
        f" WHERE nearer.entity_id = {row}.{entity}"
        f" AND {_slot_of('nearer')} < {_slot_of(row)} AND {_holds('nearer')})"
    )


def _entity_columns(kind: Kind) -> str:
    columns = [f.column for f in kind.column_fields] + list(kind.generated_columns)
    return ", ".join(
        [
            "v.entity_id AS id",
            "v.version",
            "v.branch_number AS on_branch",
            *(f"v.{c}" for c in columns),
        ]
    )


def view_statements() -> Iterator[str]:
    """CREATE statements of every schema and view, in order."""
    for schema in (PAST, VIEWPOINT):
        yield f"CREATE SCHEMA {schema}"
    for kind in kinds():
        yield from _entity_views(kind)
        yield from _link_views(kind)


def _entity_views(kind: Kind) -> Iterator[str]:
    select = f"SELECT {_entity_columns(kind)} FROM public.{kind.version_table} AS v"
    yield (
        f"CREATE VIEW {PAST}.{kind.table} AS {select} WHERE {_holds_in_past('v')} AND NOT v.deleted"
    )
    yield (
        f"CREATE VIEW {VIEWPOINT}.{kind.table} AS {select}"
        f" WHERE {_holds('v')} AND NOT v.deleted"
        f" AND {_nearest('v', 'entity_id', kind.version_table)}"
    )


def _link_views(kind: Kind) -> Iterator[str]:
    """An entity's links come from the branch that its version comes from."""
    for _, link, version in kind.link_models():
        select = (
            "SELECT v.id, v.owner_id, v.target_id, v.ordinal"
            f" FROM public.{version._meta.db_table} AS v"
        )
        yield f"CREATE VIEW {PAST}.{link._meta.db_table} AS {select} WHERE {_holds_in_past('v')}"
        yield (
            f"CREATE VIEW {VIEWPOINT}.{link._meta.db_table} AS {select}"
            f" WHERE {_holds('v')} AND {_nearest('v', 'owner_id', kind.version_table)}"
        )


def drop_statements() -> Iterator[str]:
    for schema in (PAST, VIEWPOINT):
        yield f"DROP SCHEMA IF EXISTS {schema} CASCADE"
