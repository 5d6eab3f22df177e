"""Who gave each side of a conflict what it has, when and why, and by which source."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from versioning.branches.conflicts import EntityConflict
from versioning.changesets import changesets_of
from versioning.entities.kinds import Document, Kind, kind_of
from versioning.merge import split_path, value_at
from versioning.viewpoints.versions import rows_in
from versioning.viewpoints.visibility import Link, lying_behind
from wiki.accounts.names import authors_of
from wiki.pages.values import Piece, Shelf, shelf_of

CITATIONS: Final = "citations"
"""The field in which pages name the sources of their facts."""

MOST_READ: Final = 100
"""Versions of an entity, the newest: who wrote what is older is not told."""


@dataclass(frozen=True)
class Origin:
    """The changeset that brought a value: whose, when, and with which words."""

    changeset: int
    by: str
    recorded_at: datetime
    message: str
    sources: Sequence[Piece] = ()
    """What is cited for the field there, as names that lead to them."""


@dataclass(frozen=True)
class Behind:
    """What the two sides of a merge read: their chains."""

    ours: Sequence[Link]
    theirs: Sequence[Link]


type Origins = Mapping[tuple[str, str], Origin]
"""By the key of a conflict and the side: `base`, `ours` or `theirs`."""


def origins_of(conflicts: Sequence[EntityConflict], behind: Behind) -> Origins:
    """Who gave each side what it has, as far as the newest versions tell.

    Cost: a query for each kind in conflict, three, and one where sources are cited; rows,
    `MOST_READ` for each entity.
    """
    rows = _rows_of(conflicts, behind)
    brought = {
        (asked.key, side): row
        for asked in conflicts
        for side, row in _brought(asked, rows[asked.entity[1]], behind)
    }
    changesets = changesets_of(row.valid_from for row in brought.values())
    authors = authors_of(list(changesets.values()))
    cited = {
        (asked.key, side): _cited(asked, brought[asked.key, side])
        for asked in conflicts
        for side in ("base", "ours", "theirs")
        if (asked.key, side) in brought
    }
    shelf = shelf_of(cited.values())
    return {
        place: Origin(
            made.pk,
            authors.get(made.pk, ""),
            made.recorded_at,
            made.message,
            _sources(cited[place], shelf),
        )
        for place, row in brought.items()
        if (made := changesets.get(row.valid_from)) is not None
    }


def _cited(asked: EntityConflict, row: Any) -> tuple[Kind, Document]:
    """What a version cites for the field in question, as a document with nothing else."""
    kind, names = kind_of(asked.entity[0]), split_path(asked.conflict.path)
    f = kind.fields.get(CITATIONS)
    if f is None or not names:
        return kind, {}
    citations = f.to_json(getattr(row, f.attribute)) or []
    return kind, {CITATIONS: [each for each in citations if each.get("field") == names[0]]}


def _sources(cited: tuple[Kind, Document], shelf: Shelf) -> list[Piece]:
    kind, document = cited
    named = (
        shelf[str(source)]
        for each in document.get(CITATIONS, ())
        for _, source in kind.fields[CITATIONS].referred([each])
        if str(source) in shelf
    )
    return list(dict.fromkeys(named))


def _rows_of(conflicts: Sequence[EntityConflict], behind: Behind) -> defaultdict[UUID, list[Any]]:
    """The newest versions of each entity on either side, the newest first."""
    ids: defaultdict[str, set[UUID]] = defaultdict(set)
    for asked in conflicts:
        ids[asked.entity[0]].add(asked.entity[1])
    rows: defaultdict[UUID, list[Any]] = defaultdict(list)
    either = lying_behind(behind.ours) | lying_behind(behind.theirs)
    for label, wanted in ids.items():
        found = rows_in(kind_of(label)).filter(either, entity_id__in=wanted)
        for row in found.order_by("-valid_from")[: MOST_READ * len(wanted)]:
            rows[row.entity_id].append(row)
    return rows


def _brought(
    asked: EntityConflict, rows: Sequence[Any], behind: Behind
) -> Iterator[tuple[str, Any]]:
    """The version that brought what each side has, where it is among these."""
    conflict, sides = asked.conflict, (("ours", behind.ours), ("theirs", behind.theirs))
    own = {side: [row for row in rows if _lies_behind(row, chain)] for side, chain in sides}
    if not conflict.path:  # the page as a whole: whoever wrote it last
        yield from ((side, found[0]) for side, found in own.items() if found)
        return
    value = _reader(kind_of(asked.entity[0]), conflict.path)
    # What was before both is among what ours reads: on both sides at once, edits lie in between.
    for side, among in (*own.items(), ("base", own["ours"])):
        if row := _since(among, value, getattr(conflict, side)):
            yield side, row


def _since(rows: Sequence[Any], value: Callable[[Any], Any], wanted: Any) -> Any | None:
    """The version from which on a value stood, the last time that it did."""
    brought = None
    for row in rows:
        if value(row) == wanted:
            brought = row
        elif brought is not None:
            return brought
    return brought if len(rows) < MOST_READ else None


def _reader(kind: Kind, path: str) -> Callable[[Any], Any]:
    """What a version has in the place of a field, an item or a part of one."""
    names = split_path(path)
    f = kind.fields[names[0]]
    read = attrgetter(f.attribute)

    def value(row: Any) -> Any:
        document = {} if row.deleted else {f.name: f.to_json(read(row))}
        return value_at(kind.merge_kinds, document, names)

    return value


def _lies_behind(row: Any, chain: Sequence[Link]) -> bool:
    return any(row.branch_number == branch and row.valid_from <= at for branch, at in chain)
