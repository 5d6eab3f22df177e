"""Merge bases: from where both sides' edits are counted.

A branch at a position contains, of every branch, all up to some position: a
vector. Forks, syncs and merges are edges that raise it. The best common
ancestors of two sides are the entrywise minimum of their vectors, less those
that another one contains; criss-cross histories leave several.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.db import connection

from eventstore.types import ChangesetId, Position

Node = tuple[int, Position]
"""A branch, by number, at a position."""

Vector = dict[int, Position]


@dataclass(frozen=True)
class Edge:
    """Up to `source`, everything is contained in the target from `at` on."""

    at: Position
    source: Node
    changeset: ChangesetId


_EDGES = """
SELECT c.branch, c.last_position, c.id, p.branch, p.last_position
  FROM eventstore_changeset AS c
 CROSS JOIN LATERAL unnest(c.parents) AS parent(id)
  JOIN eventstore_changeset AS p ON p.id = parent.id
 WHERE c.branch = ANY(%s) AND c.kind IN ('fork', 'sync', 'merge', 'import') AND p.branch <> c.branch
 ORDER BY c.last_position
"""

_REVERTS = """
SELECT c.branch, c.last_position, c.id, c.reverts FROM eventstore_changeset AS c
 WHERE c.branch = ANY(%s) AND c.kind = 'revert' ORDER BY c.last_position
"""


class Graph:
    """The edges between branches, read when a walk first needs them."""

    def __init__(self) -> None:
        self._edges: dict[int, list[Edge]] = {}
        self._reverts: dict[int, list[tuple[Position, ChangesetId, frozenset[int]]]] = {}

    def vector(self, node: Node) -> Vector:
        """Of every branch, how far the node contains it. Cost: a query a step away."""
        reached: Vector = {}
        wave = [node]
        while wave:
            self._load({branch for branch, _ in wave})
            following: list[Node] = []
            for branch, position in wave:
                known = reached.get(branch, Position(0))
                if position <= known:
                    continue
                reached[branch] = position
                undone = self._undone(branch, position)
                following += [
                    edge.source
                    for edge in self._edges[branch]
                    if edge.at <= position and edge.changeset not in undone
                ]
            wave = following
        return reached

    def _undone(self, branch: int, upto: Position) -> set[int]:
        """Changesets whose effect was reverted by then: a reverted revert counts again."""
        undone: set[int] = set()
        for at, changeset, reverts in reversed(self._reverts[branch]):
            if at <= upto and changeset not in undone:
                undone |= reverts
        return undone

    def _load(self, branches: set[int]) -> None:
        missing = sorted(branches - self._edges.keys())
        if not missing:
            return
        edges: dict[int, list[Edge]] = defaultdict(list)
        reverts: dict[int, list[tuple[Position, ChangesetId, frozenset[int]]]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(_EDGES, [missing])
            for target, at, changeset, source, source_position in cursor.fetchall():
                edges[target].append(Edge(at, (source, source_position), changeset))
            cursor.execute(_REVERTS, [missing])
            for target, at, changeset, undone in cursor.fetchall():
                reverts[target].append((at, changeset, frozenset(undone)))
        for branch in missing:
            self._edges[branch] = edges[branch]
            self._reverts[branch] = reverts[branch]


def merge_bases(ours: Node, theirs: Node, graph: Graph | None = None) -> list[Node]:
    """The best common ancestors of two nodes: one, or several after a criss-cross."""
    graph = graph or Graph()
    mine, other = graph.vector(ours), graph.vector(theirs)
    common = [
        (branch, min(position, other[branch]))
        for branch, position in mine.items()
        if branch in other
    ]
    return _not_contained(common, graph)


def _not_contained(nodes: Iterable[Node], graph: Graph) -> list[Node]:
    """The nodes that no other one of them contains."""
    vector = cache(graph.vector)

    def contains(one: Node, other: Node) -> bool:
        return vector(one).get(other[0], Position(0)) >= other[1]

    best: list[Node] = []
    # The youngest contain most: the walks of what they contain are spared.
    for node in sorted(set(nodes), key=lambda n: (-n[1], n[0])):
        if not any(contains(kept, node) for kept in best):
            best = [kept for kept in best if not contains(node, kept)] + [node]
    return best
