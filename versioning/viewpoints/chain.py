"""The chain of a viewpoint: which branches are read, each at which position.

Resolved once, here, from the branches' own versions; the views get it as
settings. A branch is read at its position, its parent at the base that the
branch had then, and so on up to main. Syncs move a base; nothing else does.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from eventstore.connection import server_cursor
from eventstore.errors import Refusal
from eventstore.log import Guard
from eventstore.sqlfiles import statement
from eventstore.types import Position, Version
from versioning.entities.tables import LATEST
from versioning.events import MAIN
from versioning.viewpoints.readers import hidden_branches
from versioning.viewpoints.visibility import Link, SqlBranch

MAIN_NAME = "main"


class NoSuchBranch(Refusal, LookupError):
    """No branch has the name, or it did not exist yet at the position."""

    code = "no-such-branch"
    status = 400
    hint = "Look for it among the branches."


class NestedTooDeep(Refusal):
    """The branch has more ancestors than a viewpoint can show."""

    code = "nested-too-deep"
    status = 409
    hint = "Merge a branch into its parent, or begin from one that is less deep."


@dataclass(frozen=True)
class Viewpoint:
    """A branch at a position; `position` None is its head.

    `chain` holds (branch number, position) pairs, the branch itself first and
    main last. `guard` is the branch as it was when the chain was resolved,
    `recorded_at` when what stands at the position was, for whoever looked it up.
    """

    branch: int
    name: str
    position: Position | None
    chain: tuple[Link, ...]
    guard: Guard | None = field(default=None, compare=False)
    is_open: bool = field(default=True, compare=False)
    recorded_at: datetime | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.name if self.position is None else f"{self.name}@p{self.position}"

    @property
    def is_head_of_main(self) -> bool:
        return self.branch == MAIN and self.position is None

    @property
    def is_past(self) -> bool:
        return self.position is not None

    @property
    def is_preview(self) -> bool:
        """A merge that was not made: its rows stand under a number below zero."""
        return self.branch < 0


HEAD_OF_MAIN = Viewpoint(MAIN, MAIN_NAME, None, ((MAIN, Position(LATEST)),))

_BRANCH = statement(__file__, "branch")

_READABLE = statement(__file__, "readable_branch")

_CHAIN = statement(__file__, "chain").format(
    holds=SqlBranch("%(main)s", "chain.position").holds("v")
)


def resolve(name: str, position: Position | None = None) -> Viewpoint:
    """The viewpoint of a branch, by name, at a position or its head.

    Cost: one query for the head of a branch of main, two for other branches,
    none for main. Raises NoSuchBranch, also for a branch that was not forked yet,
    and for one that is hidden from whoever reads.
    """
    if name == MAIN_NAME:
        return at_main(position)
    return _resolve("name", name, position)


def resolve_number(number: int, position: Position | None = None) -> Viewpoint:
    """The viewpoint of a branch by its number. Raises NoSuchBranch."""
    return at_main(position) if number == MAIN else _resolve("number", number, position)


def at_main(position: Position | None) -> Viewpoint:
    """Main at a position or its head; asks nothing of the database."""
    if position is None:
        return HEAD_OF_MAIN
    return Viewpoint(MAIN, MAIN_NAME, position, ((MAIN, position),))


def _resolve(column: str, value: str | int, position: Position | None) -> Viewpoint:
    hidden = hidden_branches("number")
    found = (
        _rows(_BRANCH.format(column=column), [value])
        if hidden is None
        else _rows(_READABLE.format(column=column, hidden=hidden[0]), [value, *hidden[1]])
    )
    if not found:
        raise NoSuchBranch(f"There is no branch called {value!r}.")
    ((number, name, entity_id, version, state, parent, base_position),) = found
    if position is None and parent == MAIN:
        chain: tuple[Link, ...] = (
            (number, Position(LATEST)),
            (MAIN, Position(base_position)),
        )
    else:
        asked = {"number": number, "position": position, "latest": LATEST, "main": MAIN}
        chain = tuple((branch, Position(at)) for branch, at in _rows(_CHAIN, asked))
    if chain[-1][0] != MAIN:
        raise NoSuchBranch(f"The branch {name!r} did not exist yet at that moment.")
    guard = Guard(entity_id, Version(version))
    return Viewpoint(number, name, position, chain, guard, state == "open")


def _rows(statement: str, parameters: Any) -> list[tuple[Any, ...]]:
    """Prepared: every page of a branch begins with these."""
    with server_cursor() as cursor:
        cursor.execute(statement, parameters, prepare=True)
        return cursor.fetchall()
