"""A table beside what it should hold, row beside row, in one pass.

Rows meet by their key and only then are compared: a hash of three columns for each
instead of one of everything, twice, as EXCEPT does both ways (1.2 s to 0.35 s for
120,000 versions).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from django.db import connection

from projections.names import quoted
from projections.populated import populated
from projections.shadow import ShadowTables
from versioning.entities.kinds import Kind, head_relation

COPIES = "copies"
"""How often a row is there, where nothing but its values tells it from another."""

_MEMORY = "256MB"
"""Whole tables are compared; with the memory of a page that happens on disk, and slowly."""


def worth_comparing(some: Iterable[Kind], replayed: ShadowTables) -> list[Kind]:
    """Those of which the log led to anything, or any table holds a row. Cost: one statement."""
    kinds = list(some)
    held = populated(table for kind in kinds for table in _tables_of(kind))
    return [kind for kind in kinds if replayed.has(kind) or not held.isdisjoint(_tables_of(kind))]


def _tables_of(kind: Kind) -> Iterator[str]:
    yield kind.head
    yield kind.versions
    for _, link, link_version in kind.link_models():
        yield head_relation(link._meta.db_table)
        yield f'public."{link_version._meta.db_table}"'


def prepare() -> None:
    """Before comparing: settings of the server that hold to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{_MEMORY}'")
        # Few rows will differ, though the planner expects most to: let several processes look.
        cursor.execute("SET LOCAL parallel_tuple_cost = 0")


def differing(
    live: str,
    wanted: str,
    key: Sequence[str],
    columns: Sequence[str],
    as_text: Collection[str] = (),
) -> str:
    """What stands behind the SELECT list of a query of the rows that differ.

    `live` and `wanted` are queries, and what the list may name. The key's columns, never NULL,
    are both's; those of `live` or `wanted` alone are NULL where it has no such row.
    A key of all columns may come several times: then `copies` are compared. Columns `as_text` are
    compared by the text of their values.
    """
    keys = quoted(key)
    if list(key) == list(columns):
        live, wanted = (
            f"SELECT {keys}, count(*) AS {COPIES} FROM ({rows}) AS rows GROUP BY {keys}"
            for rows in (live, wanted)
        )
        others = [COPIES]
    else:
        others = [column for column in columns if column not in key]
    differ = " OR ".join(_differs(column, "::text" * (column in as_text)) for column in others)
    return (
        f"FROM ({live}) AS live FULL JOIN ({wanted}) AS wanted USING ({keys})"
        f" WHERE {is_missing('live', key)} OR {is_missing('wanted', key)} OR {differ}"
    )


def _differs(column: str, cast: str) -> str:
    return f'live."{column}"{cast} IS DISTINCT FROM wanted."{column}"{cast}'


def is_missing(side: str, key: Sequence[str]) -> str:
    """The condition that `live` or `wanted` has no such row."""
    return f'{side}."{key[0]}" IS NULL'
