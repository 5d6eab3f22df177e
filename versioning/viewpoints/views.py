"""The SQL of the views that show a viewpoint, one per table in each of three schemas.

`past` serves a chain of one (main in the past), `branch` one of two (a branch
of main), `viewpoint` any chain. The longer the chain that a view allows, the
longer PostgreSQL plans: 0.06 ms, 0.12 ms, 0.36 ms. Which branches and
positions are read is handed over in settings, one pair a slot, nearest branch
first. The settings are STABLE for the planner, so its
estimates follow the position. One scan with an anti-join, never UNION ALL:
ORDER BY and LIMIT cannot be pushed into a union.
"""

from collections.abc import Iterator

from versioning.entities.kinds import Kind, kinds

SLOTS = 16
"""Branches that one chain may hold; unused slots hold impossible numbers."""

SLOTS_OF = {"past": 1, "branch": 2, "viewpoint": SLOTS}
"""Each schema of views, with the slots that it reads."""


def schema_for(length: int) -> str:
    """The schema whose views are planned fastest for a chain of this length."""
    return next(schema for schema, slots in SLOTS_OF.items() if length <= slots)


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


def _position_of(row: str, slots: int) -> str:
    return _case(f"{row}.branch_number", [_position(slot) for slot in range(slots)])


def _slot_of(row: str, slots: int) -> str:
    return _case(f"{row}.branch_number", [str(slot) for slot in range(slots)])


def _holds(row: str, slots: int) -> str:
    """The row's version is valid at its branch's position."""
    if slots == 1:
        return (
            f"{row}.branch_number = {_branch(0)}"
            f" AND {row}.valid_from <= {_position(0)} AND {_position(0)} < {row}.valid_to"
        )
    branches = ", ".join(_branch(slot) for slot in range(slots))
    position = _position_of(row, slots)
    return (
        f"{row}.branch_number IN ({branches})"
        f" AND {row}.valid_from <= {position} AND {position} < {row}.valid_to"
    )


def _is_nearest(row: str, entity: str, version_table: str, slots: int) -> str:
    """No nearer branch has a version of the entity that holds; a chain of one has none."""
    if slots == 1:
        return ""
    return (
        f" AND NOT EXISTS (SELECT FROM public.{version_table} AS nearer"
        f" WHERE nearer.entity_id = {row}.{entity}"
        f" AND {_slot_of('nearer', slots)} < {_slot_of(row, slots)} AND {_holds('nearer', slots)})"
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
    for schema, slots in SLOTS_OF.items():
        yield f"CREATE SCHEMA {schema}"
        for kind in kinds():
            yield _entity_view(kind, schema, slots)
            yield from _link_views(kind, schema, slots)


def _entity_view(kind: Kind, schema: str, slots: int) -> str:
    return (
        f"CREATE VIEW {schema}.{kind.table} AS"
        f" SELECT {_entity_columns(kind)} FROM public.{kind.version_table} AS v"
        f" WHERE {_holds('v', slots)} AND NOT v.deleted"
        f"{_is_nearest('v', 'entity_id', kind.version_table, slots)}"
    )


def _link_views(kind: Kind, schema: str, slots: int) -> Iterator[str]:
    """An entity's links come from the branch that its version comes from."""
    for _, link, version in kind.link_models():
        yield (
            f"CREATE VIEW {schema}.{link._meta.db_table} AS"
            " SELECT v.id, v.owner_id, v.target_id, v.ordinal"
            f" FROM public.{version._meta.db_table} AS v WHERE {_holds('v', slots)}"
            f"{_is_nearest('v', 'owner_id', kind.version_table, slots)}"
        )


def drop_statements() -> Iterator[str]:
    for schema in SLOTS_OF:
        yield f"DROP SCHEMA IF EXISTS {schema} CASCADE"
