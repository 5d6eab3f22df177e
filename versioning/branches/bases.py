"""Merge bases: from where both sides' edits are counted.

A branch at a position contains, of every branch, all up to some position.
Forks, syncs and merges are edges that raise it. The best common ancestors of
two sides are what both contain, less what another one of them contains;
criss-cross histories leave several.

The walk goes from both sides back in time, as git's does, and ends where all
that is left of our side is common: what was merged before that is not read.
"""

import heapq
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Flag, auto
from typing import Any, NamedTuple

from django.db import connection

from eventstore.sqlfiles import statement
from eventstore.types import BEGINNING, ChangesetId, Position
from versioning.events import MAIN

Node = tuple[int, Position]
"""A branch, by number, at a position."""

STEPS_A_PAGE = 50
"""Edges and reverts of a branch that are read at once."""


@dataclass(frozen=True)
class Ancestry:
    """The bases of two nodes, and of each branch how far the second node contains it.

    `contained` holds what the walk came by: our own branch for certain.
    """

    bases: tuple[Node, ...]
    contained: Mapping[int, Position]


def ancestry(ours: Node, theirs: Node) -> Ancestry:
    """What two nodes have in common.

    Cost: a query for each step back that is not known, whatever the number of
    branches beside each other; rows, the forks, syncs, merges and reverts
    since the youngest base. Whatever else was ever merged costs nothing.
    """
    walk = _Walk({_Side.OURS: ours, _Side.THEIRS: theirs})
    walk.run()
    contained = {
        branch: reached[_Side.THEIRS]
        for branch, reached in walk.reached.items()
        if _Side.THEIRS in reached
    }
    return Ancestry(tuple(walk.bases), contained)


class _Side(Flag):
    """From where something was reached; COMMON from a base that both sides contain."""

    OURS = auto()
    THEIRS = auto()
    COMMON = auto()


BOTH = _Side.OURS | _Side.THEIRS


@dataclass(frozen=True)
class _Step:
    """A changeset that a walk comes by on a branch: edges to other branches, or a revert."""

    at: Position
    changeset: ChangesetId
    sources: tuple[Node, ...]
    reverts: frozenset[int]


class _Waiting(NamedTuple):
    """A place to go to, in the order of the walk: newest first, arrivals before steps."""

    minus_position: int
    is_step: bool
    branch: int


class _Walk:
    """Everything that is reached from either side, newest first.

    A changeset's parents are older than itself, so whatever leads to a place
    was walked before it.
    """

    def __init__(self, starts: Mapping[_Side, Node]) -> None:
        self.bases: list[Node] = []
        self.reached: dict[int, dict[_Side, Position]] = defaultdict(dict)
        self._undone: dict[tuple[int, _Side], set[int]] = defaultdict(set)
        self._arriving: dict[Node, _Side] = {}
        self._waiting: list[_Waiting] = []
        self._steps = _Steps()
        self._our_branch = starts[_Side.OURS][0]
        for side, node in starts.items():
            self._send(node, side)

    def run(self) -> None:
        while self._waiting and (
            any(self._is_ours_alone(each) for each in self._waiting) or self._may_contain_ours()
        ):
            place = heapq.heappop(self._waiting)
            position = Position(-place.minus_position)
            if not place.is_step:
                self._arrive((place.branch, position))
            elif position > BEGINNING:
                self._step(place.branch)
                self._await_step(place.branch)

    def _send(self, node: Node, sides: _Side) -> None:
        if node not in self._arriving:
            heapq.heappush(self._waiting, _Waiting(-node[1], False, node[0]))
        self._arriving[node] = self._arriving.get(node, _Side(0)) | sides

    def _arrive(self, node: Node) -> None:
        branch, position = node
        is_known = branch in self.reached
        reached = self.reached[branch]
        for side in self._arriving.pop(node):
            reached.setdefault(side, position)
        if _Side.COMMON not in reached and BOTH in self._sides(branch):
            self.bases.append(node)
            reached[_Side.COMMON] = position
        if not is_known:
            self._steps.need(branch, position, (each for each, _ in self._arriving))
            self._await_step(branch)

    def _await_step(self, branch: int) -> None:
        """Wait for the next step of a branch. Main, which nothing was forked into, ends at 0."""
        at = self._steps.next_at(branch)
        if at is None and branch == MAIN:
            at = BEGINNING
        if at is not None:
            heapq.heappush(self._waiting, _Waiting(-at, True, branch))

    def _step(self, branch: int) -> None:
        """Go along the edges of a changeset, for the sides in which nothing reverted it."""
        step = self._steps.take(branch)
        if step is None:
            return
        sides = _Side(0)
        for side in self.reached[branch]:
            undone = self._undone[branch, side]
            if step.changeset not in undone:
                undone |= step.reverts
                sides |= side
            # What is newer than this was passed, and is never met again.
            undone -= {each for each in undone if each >= step.changeset}
        for source in step.sources if sides else ():
            self._send(source, sides)

    def _may_contain_ours(self) -> bool:
        """Whether a base came to our branch by a merge that their side reverted.

        Theirs may still come to it, further back.
        """
        sides = self._sides(self._our_branch)
        return (
            _Side.COMMON in sides
            and _Side.THEIRS not in sides
            and any(_Side.THEIRS in self._sides_at(each) for each in self._waiting)
        )

    def _is_ours_alone(self, place: _Waiting) -> bool:
        """Whether our side leads somewhere from a place, and a base does not."""
        sides = self._sides_at(place)
        if not place.is_step:
            return _Side.OURS in sides and _Side.COMMON not in sides
        if _Side.COMMON not in sides:
            return _Side.OURS in sides
        # Beyond what was reverted on one way alone, the ways may part again.
        ours, common = (self._undone[place.branch, s] for s in (_Side.OURS, _Side.COMMON))
        return _Side.OURS in sides and ours != common

    def _sides_at(self, place: _Waiting) -> _Side:
        """From where a place was reached, or will be on arrival."""
        sides = self._sides(place.branch)
        if not place.is_step:
            sides |= self._arriving[place.branch, Position(-place.minus_position)]
        return sides

    def _sides(self, branch: int) -> _Side:
        sides = _Side(0)
        for side in self.reached.get(branch, ()):
            sides |= side
        return sides


_STEPS = statement(__file__, "steps")


class _Steps:
    """The steps of branches, newest first, read when a walk first needs them."""

    def __init__(self) -> None:
        self._read: dict[int, deque[_Step]] = {}
        self._ended: set[int] = set()

    def need(self, branch: int, upto: Position, soon: Iterable[int]) -> None:
        """Read a branch's steps up to a position; and those of branches that come soon."""
        if branch not in self._read:
            self._load({branch, *(each for each in soon if each not in self._read)}, upto)
        steps = self._read[branch]
        while steps and steps[0].at > upto:
            steps.popleft()
            self._fill(branch, upto)

    def next_at(self, branch: int) -> Position | None:
        """Where the next step of a branch is, if there is one."""
        steps = self._read[branch]
        return steps[0].at if steps else None

    def take(self, branch: int) -> _Step | None:
        """The next step of a branch."""
        steps = self._read[branch]
        if not steps:
            return None
        step = steps.popleft()
        self._fill(branch, Position(step.at - 1))
        return step

    def _fill(self, branch: int, upto: Position) -> None:
        if not self._read[branch] and branch not in self._ended:
            self._load({branch}, upto)

    def _load(self, branches: set[int], upto: Position) -> None:
        asked: dict[str, Any] = {"branches": sorted(branches), "upto": upto, "most": STEPS_A_PAGE}
        found: dict[int, dict[int, _Step]] = {branch: {} for branch in branches}
        with connection.cursor() as cursor:
            cursor.execute(_STEPS, asked)
            for branch, at, changeset, reverts, source, source_position in cursor.fetchall():
                sources: tuple[Node, ...] = ()
                if source is not None:
                    sources = ((source, Position(source_position)),)
                known = found[branch].get(changeset)
                found[branch][changeset] = _Step(
                    Position(at),
                    ChangesetId(changeset),
                    (*known.sources, *sources) if known else sources,
                    frozenset(reverts),
                )
        for branch, steps in found.items():
            self._read[branch] = deque(steps.values())
            if len(steps) < STEPS_A_PAGE:
                self._ended.add(branch)
