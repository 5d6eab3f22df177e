"""Compare the live tables with a replay, both ways, and name what differs."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eventstore.integrity import Finding, rows_of_findings
from eventstore.sqlfiles import statement
from eventstore.types import Position
from projections import expected
from projections.differences import differing, is_missing, prepare, worth_comparing
from projections.names import quoted
from projections.shadow import ShadowTables
from versioning.entities.kinds import Kind, head_relation, kinds
from versioning.entities.tables import OPEN
from versioning.events import MAIN
from versioning.viewpoints.visibility import Link, SqlNumbers


@dataclass(frozen=True)
class Scope:
    """Which rows are compared: those of every branch up to a position, or of one chain."""

    upto: int
    chain: Sequence[Link] | None = None

    @property
    def has_main_head(self) -> bool:
        """Whether main's head is read: a branch reads an older main."""
        return self.chain is None or self.chain[0][0] == MAIN

    def rows(self, query: str, columns: Sequence[str]) -> str:
        """The rows of a query of versions that count.

        What happened after the position does not: an end that lies there is none yet.
        """
        upto = self._upto()
        chosen = quoted(list(columns)).replace(
            '"valid_to"', f'CASE WHEN "valid_to" > {upto} THEN {OPEN} ELSE "valid_to" END'
        )
        return f"SELECT {chosen} FROM ({query}) AS compared WHERE valid_from <= {upto}"

    def _upto(self) -> str:
        """The last position that counts for a row's branch; no branch's rows come before 0."""
        if self.chain is None:
            return str(int(self.upto))
        read = [(branch, min(position, Position(self.upto))) for branch, position in self.chain]
        return SqlNumbers(read).position_on("branch_number")


# Whatever is compared up to: the log may have been cut off behind it.
_BEYOND = statement(__file__, "rows_beyond")


def verify_rows(scope: Scope, replayed: ShadowTables) -> Iterator[Finding]:
    """Versions against the replayed ones, heads and links against the versions."""
    prepare()
    for kind in worth_comparing(kinds(), replayed):
        yield from _versions(kind, scope, replayed)
        if scope.has_main_head:
            yield from _heads(kind)
        yield from _links(kind, scope)


def _differences(
    live: str,
    wanted: str,
    key: Sequence[str],
    columns: Sequence[str],
    shown: str,
    as_text: Collection[str] = (),
) -> Iterator[tuple[bool, Any, int]]:
    """Rows that differ: whether the table lacks one, what is shown of it, how many are left out."""
    for lacks, *row, more in rows_of_findings(
        f"SELECT {is_missing('live', key)}, {shown}, count(*) OVER ()"
        f" {differing(live, wanted, key, columns, as_text)} ORDER BY 1, 2 LIMIT {{listed}}"
    ):
        yield lacks, row, more


def _versions(kind: Kind, scope: Scope, replayed: ShadowTables) -> Iterator[Finding]:
    columns = expected.version_columns(kind)
    live = scope.rows(f"SELECT * FROM {kind.versions}", columns)
    wanted = scope.rows(f"SELECT * FROM {replayed.name(kind)}", columns)
    shown = "entity_id, branch_number, coalesce(live.version, wanted.version)"
    key, as_text = expected.VERSION_KEY, expected.compared_as_text(kind)
    for lacks, row, more in _differences(live, wanted, key, columns, shown, as_text):
        yield Finding(
            _subject(kind, *row),
            "is in the log, but missing from the table."
            if lacks
            else "is not what the log leads to.",
            more,
        )
    for *row, more in rows_of_findings(_BEYOND.replace("{versions}", kind.versions)):
        yield Finding(_subject(kind, *row), "lies beyond the log's end.", more)


def _subject(kind: Kind, entity_id: Any, branch: int, version: int) -> str:
    return f"{kind.version_table}: {entity_id}, version {version} on branch {branch}"


def _heads(kind: Kind) -> Iterator[Finding]:
    columns = expected.head_columns(kind)
    head = f"SELECT {quoted(columns)} FROM {kind.head}"
    newest = expected.heads(kind, kind.versions)
    key, as_text = expected.HEAD_KEY, expected.compared_as_text(kind)
    for lacks, (entity_id,), more in _differences(head, newest, key, columns, "id", as_text):
        yield Finding(
            f"{kind.table}: {entity_id}",
            "is missing, though main has a version of it."
            if lacks
            else "differs from the newest version on main.",
            more,
        )


def _links(kind: Kind, scope: Scope) -> Iterator[Finding]:
    versions = kind.versions
    for f, link, link_version in kind.link_models():
        table = link._meta.db_table
        if scope.has_main_head:
            columns = expected.LINK_COLUMNS
            live = f"SELECT {quoted(columns)} FROM {head_relation(table)}"
            yield from _links_differ(table, live, expected.links(f, versions), columns)
        table = link_version._meta.db_table
        columns = expected.LINK_VERSION_COLUMNS
        yield from _links_differ(
            table,
            scope.rows(f'SELECT * FROM public."{table}"', columns),
            scope.rows(expected.link_versions(f, versions), columns),
            columns,
        )


def _links_differ(table: str, live: str, wanted: str, columns: list[str]) -> Iterator[Finding]:
    for _, (owner,), more in _differences(live, wanted, columns, columns, "owner_id"):
        yield Finding(f"{table}: {owner}", "has other references than its entity.", more)
