"""The SQL of the views that show a viewpoint, one per table in each of two schemas.

`past` serves a chain of one (main in the past), `viewpoint` any chain. Which
branches and positions are read is handed over in settings: for one branch as
numbers, which are STABLE for the planner, so that its estimates follow the
position; for a chain as two arrays, nearest branch first. Each array is read
by a subselect of its own: PostgreSQL evaluates that once, not for every row,
and plans it as quickly however long the chain is. (A CASE over one setting a
branch was planned longer with each, and took twice as long to execute.) Which
versions are shown is said in `visibility.py`.
"""

from collections.abc import Iterator, Mapping, Sequence

from versioning.entities.kinds import Kind
from versioning.viewpoints.visibility import Link, SqlArrays, SqlBranch, SqlChain

LONGEST_CHAIN = 16
"""Branches that one chain may hold."""

PAST, VIEWPOINT = "past", "viewpoint"
SCHEMAS = (PAST, VIEWPOINT)
_FORMER_SCHEMAS = ("branch",)
"""What earlier releases made; whoever comes from one has them still."""

_BRANCH = "current_setting('viewpoint.branch')::int"
_POSITION = "current_setting('viewpoint.position')::bigint"
# Without the cast behind it, ANY would take the subselect for a list of rows.
_BRANCHES = "(SELECT current_setting('viewpoint.branches')::int[])::int[]"
_POSITIONS = "(SELECT current_setting('viewpoint.positions')::bigint[])"

_CHAINS: Mapping[str, SqlChain] = {
    PAST: SqlBranch(_BRANCH, _POSITION),
    VIEWPOINT: SqlArrays(_BRANCHES, _POSITIONS),
}


def schema_for(chain: Sequence[Link]) -> str:
    """The schema whose views are planned fastest for a chain."""
    return PAST if len(chain) == 1 else VIEWPOINT


def settings_for(chain: Sequence[Link]) -> dict[str, str]:
    """The settings that the views of the chain's schema read."""
    if len(chain) == 1:
        ((branch, position),) = chain
        return {"viewpoint.branch": str(int(branch)), "viewpoint.position": str(int(position))}
    branches = ",".join(str(int(branch)) for branch, _ in chain)
    positions = ",".join(str(int(position)) for _, position in chain)
    return {"viewpoint.branches": f"{{{branches}}}", "viewpoint.positions": f"{{{positions}}}"}


def _entity_columns(kind: Kind) -> str:
    columns = [f.column for f in kind.columns_by_name] + list(kind.generated_columns)
    return ", ".join(
        [
            "v.entity_id AS id",
            "v.version",
            "v.branch_number AS on_branch",
            *(f'v."{c}"' for c in columns),
        ]
    )


def schema_statements() -> Iterator[str]:
    """CREATE statements of the schemas."""
    for schema in SCHEMAS:
        yield f"CREATE SCHEMA IF NOT EXISTS {schema}"


def view_statements(kind: Kind) -> Iterator[str]:
    """CREATE statements of a kind's views."""
    for schema in SCHEMAS:
        yield _entity_view(kind, schema)
        yield from _link_views(kind, schema)


def drop_view_statements(kind: Kind) -> Iterator[str]:
    """Take a kind's views away, whatever they are made of."""
    tables = [kind.table, *(link._meta.db_table for _, link, _ in kind.link_models())]
    for schema in SCHEMAS:
        for table in tables:
            yield f'DROP VIEW IF EXISTS {schema}."{table}" CASCADE'


def _entity_view(kind: Kind, schema: str) -> str:
    return (
        f'CREATE VIEW {schema}."{kind.table}" AS'
        f" SELECT {_entity_columns(kind)} FROM {kind.versions} AS v"
        f" WHERE {_CHAINS[schema].is_shown('v', kind.versions)} AND NOT v.deleted"
    )


def _link_views(kind: Kind, schema: str) -> Iterator[str]:
    """An entity's links come from the branch that its version comes from."""
    for _, link, version in kind.link_models():
        yield (
            f'CREATE VIEW {schema}."{link._meta.db_table}" AS'
            " SELECT v.id, v.owner_id, v.target_id, v.ordinal"
            f' FROM public."{version._meta.db_table}" AS v'
            f" WHERE {_CHAINS[schema].is_shown('v', kind.versions, 'owner_id')}"
        )


def drop_statements() -> Iterator[str]:
    for schema in (*SCHEMAS, *_FORMER_SCHEMAS):
        yield f"DROP SCHEMA IF EXISTS {schema} CASCADE"
