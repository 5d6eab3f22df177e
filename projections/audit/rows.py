"""Compare the live tables with a replay, both ways, and name the first difference."""

from collections.abc import Iterator

from django.db import connection

from eventstore.integrity import Finding
from projections.replay import columns_of
from versioning.entities.kinds import Kind, kinds
from versioning.entities.tables import OPEN
from versioning.events import MAIN


def verify_rows(upto: int) -> Iterator[Finding]:
    """Versions against the replayed ones, heads and links against the versions."""
    for kind in kinds():
        yield from _versions(kind, upto)
        yield from _heads(kind)
        yield from _links(kind)


def _first(left: str, right: str, key: str) -> tuple[str, ...] | None:
    """The first row of one query that the other does not have."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM ({left} EXCEPT ALL {right}) AS d ORDER BY 1 LIMIT 1")
        row: tuple[str, ...] | None = cursor.fetchone()
    return row


def _versions(kind: Kind, upto: int) -> Iterator[Finding]:
    columns = list(columns_of(kind))
    chosen = ", ".join(f'"{column}"' for column in columns)
    # What happened after the position does not count: such an end is none yet.
    live_columns = chosen.replace(
        '"valid_to"', f'CASE WHEN "valid_to" > {upto} THEN {OPEN} ELSE "valid_to" END'
    )
    live = f"SELECT {live_columns} FROM public.{kind.version_table} WHERE valid_from <= {upto}"
    replayed = f"SELECT {chosen} FROM pg_temp.{kind.version_table}_replayed"
    key = "entity_id, branch_number, version"
    if row := _first(live, replayed, key):
        yield Finding(
            f"{kind.version_table}: {row[0]}, version {row[2]} on branch {row[1]}",
            "is not what the log leads to.",
        )
    elif row := _first(replayed, live, key):
        yield Finding(
            f"{kind.version_table}: {row[0]}, version {row[2]} on branch {row[1]}",
            "is in the log, but missing from the table.",
        )


def _heads(kind: Kind) -> Iterator[Finding]:
    columns = ", ".join(
        f'"{c}"' for c in [*(f.column for f in kind.column_fields), *kind.generated_columns]
    )
    head = f"SELECT id, version, on_branch, {columns} FROM public.{kind.table}"
    newest = (
        f"SELECT entity_id, version, branch_number, {columns} FROM public.{kind.version_table}"
        f" WHERE branch_number = {MAIN} AND valid_to = {OPEN} AND NOT deleted"
    )
    if row := _first(head, newest, "id"):
        yield Finding(f"{kind.table}: {row[0]}", "differs from the newest version on main.")
    elif row := _first(newest, head, "entity_id"):
        yield Finding(f"{kind.table}: {row[0]}", "is missing, though main has a version of it.")


def _links(kind: Kind) -> Iterator[Finding]:
    for f, link, version in kind.link_models():
        heads, versions = link._meta.db_table, version._meta.db_table
        listed = (
            "SELECT v.entity_id AS owner_id, r.target_id, (r.ordinal - 1)::int AS ordinal"
            f" FROM public.{kind.version_table} AS v"
            f' CROSS JOIN LATERAL unnest(v."{f.column}") WITH ORDINALITY AS r(target_id, ordinal)'
            f" WHERE v.branch_number = {MAIN} AND v.valid_to = {OPEN} AND NOT v.deleted"
        )
        linked = f"SELECT owner_id, target_id, ordinal FROM public.{heads}"
        held = (
            f"SELECT owner_id, target_id, ordinal FROM public.{versions}"
            f" WHERE branch_number = {MAIN} AND valid_to = {OPEN}"
        )
        for table, rows in ((heads, linked), (versions, held)):
            row = _first(listed, rows, "owner_id") or _first(rows, listed, "owner_id")
            if row:
                yield Finding(f"{table}: {row[0]}", "has other references than its entity.")
