"""Merge bases: the walk from both sides finds what the definition says, and reads no more."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import ClassVar
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eventstore import log
from eventstore.events import Event
from eventstore.models import ChangesetKind
from eventstore.types import ChangesetId, Position, Version
from versioning.branches.bases import Node, ancestry
from versioning.events import MAIN

pytestmark = pytest.mark.django_db

_streams = count(1)
_branches = count(1_000)
"""Examples share a database: each has branches of its own, and main."""


class Noted(Event):
    """Something to put into a changeset."""

    topic: ClassVar[str] = "test.noted"


@dataclass
class History:
    """A graph of changesets that is written to the log, and what is known of it."""

    tips: dict[int, log.Sealed] = field(default_factory=dict)
    edges: dict[int, list[tuple[Position, ChangesetId, Node]]] = field(default_factory=dict)
    reverts: dict[int, list[tuple[Position, ChangesetId, ChangesetId]]] = field(
        default_factory=dict
    )
    at: dict[Node, ChangesetId] = field(default_factory=dict)

    def append(
        self,
        branch: int,
        kind: ChangesetKind,
        merged: Sequence[Node] = (),
        reverts: Sequence[ChangesetId] = (),
    ) -> log.Sealed:
        parents = [self.at[node] for node in merged]
        header = log.Header(branch, None, kind, kind, merged=tuple(parents), reverts=tuple(reverts))
        event = Noted(stream_id=UUID(int=next(_streams)), version=Version(1))
        sealed = log.append([event], header)
        self.tips[branch] = sealed
        node = (branch, sealed.last_position)
        self.at[node] = sealed.changeset
        self.edges.setdefault(branch, [])
        self.reverts.setdefault(branch, [])
        for source in merged:
            self.edges[branch].append((sealed.last_position, sealed.changeset, source))
        for reverted in reverts:
            self.reverts[branch].append((sealed.last_position, sealed.changeset, reverted))
        return sealed

    def tip(self, branch: int) -> Node:
        return branch, self.tips[branch].last_position

    def contained(self, node: Node) -> dict[int, Position]:
        """Of every branch, how far a node contains it: newest first, by the definition."""
        reached: dict[int, Position] = {}
        waiting = {node}
        while waiting:
            branch, position = max(waiting, key=lambda each: each[1])
            waiting.remove((branch, position))
            if branch in reached:
                continue
            reached[branch] = position
            undone: set[int] = set()
            for at, changeset, reverted in reversed(self.reverts[branch]):
                if at <= position and changeset not in undone:
                    undone.add(reverted)
            for at, changeset, source in self.edges[branch]:
                if at <= position and changeset not in undone:
                    waiting.add(source)
        return reached

    def bases(self, one: Node, other: Node) -> list[Node]:
        mine, theirs = self.contained(one), self.contained(other)
        common = [(b, min(p, theirs[b])) for b, p in mine.items() if b in theirs]
        best: list[Node] = []
        for branch, position in sorted(common, key=lambda node: -node[1]):
            if not any(self.contained(kept).get(branch, 0) >= position for kept in best):
                best.append((branch, position))
        return best


Steps = list[tuple[str, int, int]]


@st.composite
def steps(draw: st.DrawFn) -> Steps:
    """What is done, on which branch, with which other one."""
    verbs = st.sampled_from(["edit", "fork", "fork", "merge", "merge", "merge", "revert"])
    return draw(st.lists(st.tuples(verbs, st.integers(0, 9), st.integers(0, 9)), max_size=25))


def write(story: Steps) -> History:
    """Forks at tips, merges of any branch into any other, reverts of any step but forks."""
    history = History()
    history.append(MAIN, ChangesetKind.EDIT)
    undoable: dict[int, list[ChangesetId]] = {}
    for verb, one, other in story:
        branches = list(history.tips)
        branch, source = branches[one % len(branches)], branches[other % len(branches)]
        match verb:
            case "edit":
                history.append(branch, ChangesetKind.EDIT)
            case "fork":
                history.append(next(_branches), ChangesetKind.FORK, [history.tip(branch)])
            case "merge" if branch != source:
                sealed = history.append(branch, ChangesetKind.MERGE, [history.tip(source)])
                undoable.setdefault(branch, []).append(sealed.changeset)
            case "revert" if undone := undoable.get(branch):
                sealed = history.append(
                    branch, ChangesetKind.REVERT, reverts=[undone[other % len(undone)]]
                )
                undone.append(sealed.changeset)
    return history


@given(story=steps(), ours=st.integers(0, 9), theirs=st.integers(0, 9))
@example(
    story=[
        *[("fork", 0, 0), ("edit", 0, 0), ("fork", 1, 0), ("fork", 0, 0), ("fork", 0, 0)],
        *[("merge", 2, 0), ("merge", 0, 7), ("revert", 2, 0)],
    ],
    ours=0,
    theirs=2,
).via("their side reverted the merge by which a base contains our branch")
@settings(max_examples=150)
def test_the_walk_finds_the_bases_of_the_definition(story: Steps, ours: int, theirs: int) -> None:
    history = write(story)
    branches = list(history.tips)
    one = history.tip(branches[ours % len(branches)])
    other = history.tip(branches[theirs % len(branches)])
    found = ancestry(one, other)
    assert sorted(found.bases) == sorted(history.bases(one, other))
    assert found.contained.get(one[0], 0) == history.contained(other).get(one[0], 0)


def test_what_was_merged_before_a_fork_is_not_read() -> None:
    # main  1 ── M ── M ── … ── M ── E
    #       └─ 2 ┘    …     └─ 99 ┘   └─ 100 (fork) ── E
    history = History()
    history.append(MAIN, ChangesetKind.EDIT)

    def merge_branches(numbers: range) -> None:
        for number in numbers:
            history.append(number, ChangesetKind.FORK, [history.tip(MAIN)])
            history.append(MAIN, ChangesetKind.MERGE, [history.tip(number)])

    def cost_of_a_fork(number: int) -> tuple[int, int]:
        history.append(number, ChangesetKind.FORK, [history.tip(MAIN)])
        history.append(number, ChangesetKind.EDIT)
        history.append(MAIN, ChangesetKind.EDIT)
        with CaptureQueriesContext(connection) as queries:
            found = ancestry(history.tip(number), history.tip(MAIN))
        assert found.bases == ((MAIN, history.edges[number][0][2][1]),)
        rows = 0
        for query in queries.captured_queries:
            with connection.cursor() as cursor:
                cursor.execute(query["sql"])
                rows += len(cursor.fetchall())
        return len(queries), rows

    merge_branches(range(2, 60))
    few = cost_of_a_fork(1_000)
    merge_branches(range(60, 200))
    assert cost_of_a_fork(1_001) == few
    assert few[0] <= 2
