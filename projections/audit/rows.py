"""Compare the live tables with a replay, both ways, and name the first difference."""

from collections.abc import Iterator

from django.db import connection

from eventstore.integrity import Finding
from projections import expected
from versioning.entities.kinds import Kind, kinds
from versioning.entities.tables import OPEN


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
    chosen = expected.quoted(expected.version_columns(kind))
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
    head = f"SELECT {expected.quoted(expected.head_columns(kind))} FROM public.{kind.table}"
    newest = expected.heads(kind, f"public.{kind.version_table}")
    if row := _first(head, newest, "id"):
        yield Finding(f"{kind.table}: {row[0]}", "differs from the newest version on main.")
    elif row := _first(newest, head, "id"):
        yield Finding(f"{kind.table}: {row[0]}", "is missing, though main has a version of it.")


def _links(kind: Kind) -> Iterator[Finding]:
    versions = f"public.{kind.version_table}"
    for f, link, link_version in kind.link_models():
        compared = (
            (link._meta.db_table, expected.LINK_COLUMNS, expected.links(f, versions)),
            (
                link_version._meta.db_table,
                expected.LINK_VERSION_COLUMNS,
                expected.link_versions(f, versions),
            ),
        )
        for table, columns, wanted in compared:
            live = f"SELECT {expected.quoted(columns)} FROM public.{table}"
            row = _first(wanted, live, "owner_id") or _first(live, wanted, "owner_id")
            if row:
                yield Finding(f"{table}: {row[0]}", "has other references than its entity.")
