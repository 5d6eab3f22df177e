"""Which tokens of two sequences belong together: the ground of every diff and merge.

Tokens that stand once on both sides are the surest anchors (patience diff), so these
are sought first, and between two anchors the shortest edit (Myers). What is equal
at both ends is set aside before. All of it is bounded: when the budget is used up,
what lies between two anchors counts as replaced. Such a diff is longer than need
be, and never wrong.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

STEPS: Final = 1_000_000
"""Comparisons that one diff may cost: about half a second of Python."""

DEPTH: Final = 600
"""Edits that Myers' search looks for between two anchors, at most; memory grows as its square."""


class Block(NamedTuple):
    """A run of tokens that stands in both: `a[old:old+size]` equals `b[new:new+size]`."""

    old: int
    new: int
    size: int


class Change(NamedTuple):
    """A run that differs: `a[old_start:old_stop]` became `b[new_start:new_stop]`."""

    old_start: int
    old_stop: int
    new_start: int
    new_stop: int

    def through(self, last: "Change") -> "Change":
        """From the start of this change to the end of a later one, as one change."""
        return Change(self.old_start, last.old_stop, self.new_start, last.new_stop)


class _Span(NamedTuple):
    old_start: int
    old_stop: int
    new_start: int
    new_stop: int

    @property
    def size(self) -> int:
        return self.old_stop - self.old_start + self.new_stop - self.new_start


@dataclass(slots=True)
class _Budget:
    steps: int = STEPS

    def spend(self, steps: int) -> bool:
        self.steps -= steps
        return self.steps > 0


@dataclass(slots=True)
class _Pairing:
    """Pairs found so far between two sequences of numbers."""

    a: list[int]
    b: list[int]
    depth: int
    budget: _Budget = field(default_factory=_Budget)
    blocks: list[Block] = field(default_factory=list)

    def run(self) -> list[Block]:
        open_spans = [_Span(0, len(self.a), 0, len(self.b))]
        while open_spans:
            span = self._trimmed(open_spans.pop())
            if span.old_start == span.old_stop or span.new_start == span.new_stop:
                continue
            if not self.budget.spend(span.size):
                continue
            anchors = self._anchors(span)
            if anchors:
                open_spans.extend(_between(span, anchors))
                self.blocks.extend(Block(old, new, 1) for old, new in anchors)
            else:
                self.blocks.extend(self._shortest_edit(span))
        return _joined(sorted(self.blocks))

    def _trimmed(self, span: _Span) -> _Span:
        a, b = self.a, self.b
        i, i_stop, j, j_stop = span
        while i < i_stop and j < j_stop and a[i] == b[j]:
            i, j = i + 1, j + 1
        if i > span.old_start:
            self.blocks.append(Block(span.old_start, span.new_start, i - span.old_start))
        stop = i_stop
        while i < i_stop and j < j_stop and a[i_stop - 1] == b[j_stop - 1]:
            i_stop, j_stop = i_stop - 1, j_stop - 1
        if i_stop < stop:
            self.blocks.append(Block(i_stop, j_stop, stop - i_stop))
        return _Span(i, i_stop, j, j_stop)

    def _anchors(self, span: _Span) -> list[tuple[int, int]]:
        """Pairs of tokens that stand exactly once on both sides, in their common order."""
        once_old = _standing_once(self.a, span.old_start, span.old_stop)
        once_new = _standing_once(self.b, span.new_start, span.new_stop)
        return _longest_rising(
            [(at, once_new[token]) for token, at in once_old.items() if token in once_new]
        )

    def _shortest_edit(self, span: _Span) -> Iterator[Block]:
        """Myers' greedy search, up to `depth` edits or the end of the budget.

        If it ends early, the path that came furthest counts as far as it came.
        """
        a, b = self.a, self.b
        i0, j0 = span.old_start, span.new_start
        n, m = span.old_stop - i0, span.new_stop - j0
        deepest = min(n + m, self.depth)
        middle = deepest + 1  # where diagonal 0 stands in `reach`
        reach = [_NOWHERE] * (2 * deepest + 3)
        reach[middle + 1] = 0
        trace: list[list[int]] = []
        best = _Tip(0, 0, 0)
        for depth in range(deepest + 1):
            trace.append(reach[middle - depth - 1 : middle + depth + 2])
            steps = depth // 8
            for k in range(-min(depth, m - (m - depth) % 2), min(depth, n) + 1, 2):
                # What `_step` says, written out: this runs a million times.
                down, right = reach[middle + k + 1], reach[middle + k - 1] + 1
                x = down if down - k <= m else _NOWHERE
                if x < right <= n:
                    x = right
                if x < 0:
                    continue
                start = x
                while x < n and x - k < m and a[i0 + x] == b[j0 + x - k]:
                    x += 1
                reach[middle + k] = x
                steps += 1 + x - start
                if 2 * x - k > 2 * best.x - best.k:
                    best = _Tip(depth, x, k)
            if (best.x == n and best.x - best.k == m) or not self.budget.spend(steps):
                break
        for block in _walked_back(trace, best, n, m):
            yield Block(i0 + block.old, j0 + block.new, block.size)


_NOWHERE: Final = -2
"""On a diagonal that no path has come to; one step to the right of it is nowhere still."""


class _Tip(NamedTuple):
    """Where a path of the search ended: after `depth` edits, at `x` on diagonal `k`."""

    depth: int
    x: int
    k: int


def _step(down: int, right: int, k: int, n: int, m: int) -> tuple[int, int]:
    """The furthest start on diagonal `k` by one more edit, and the diagonal it comes from."""
    start = down if down - k <= m else _NOWHERE
    return (right, k - 1) if start < right <= n else (start, k + 1)


def _walked_back(trace: list[list[int]], tip: _Tip, n: int, m: int) -> Iterator[Block]:
    """The runs of equal tokens on the path that led to `tip`, last one first."""
    x, k = tip.x, tip.k
    for depth in range(tip.depth, -1, -1):
        reach, at = trace[depth], k + depth + 1
        start, came_from = _step(reach[at + 1], reach[at - 1] + 1, k, n, m)
        if x > start:
            yield Block(start, start - k, x - start)
        x, k = reach[came_from + depth + 1], came_from


def _standing_once(tokens: list[int], start: int, stop: int) -> dict[int, int]:
    """Where each token stands that occurs exactly once in this span."""
    place: dict[int, int] = {}
    for at in range(start, stop):
        token = tokens[at]
        place[token] = -1 if token in place else at
    return {token: at for token, at in place.items() if at >= 0}


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs whose second numbers rise, given pairs whose first numbers do."""
    tails: list[int] = []
    tail_at: list[int] = []
    before: list[int] = []
    for at, (_, new) in enumerate(pairs):
        length = bisect_left(tails, new)
        before.append(tail_at[length - 1] if length else -1)
        if length == len(tails):
            tails.append(new)
            tail_at.append(at)
        else:
            tails[length] = new
            tail_at[length] = at
    rising = []
    at = tail_at[-1] if tail_at else -1
    while at >= 0:
        rising.append(pairs[at])
        at = before[at]
    return rising[::-1]


def _between(span: _Span, anchors: list[tuple[int, int]]) -> Iterator[_Span]:
    """The spans that the anchors leave open."""
    i, j = span.old_start, span.new_start
    for old, new in anchors:
        yield _Span(i, old, j, new)
        i, j = old + 1, new + 1
    yield _Span(i, span.old_stop, j, span.new_stop)


def _joined(blocks: list[Block]) -> list[Block]:
    """The blocks with those that touch on both sides made one."""
    joined: list[Block] = []
    for block in blocks:
        if joined:
            last = joined[-1]
            if (last.old + last.size, last.new + last.size) == (block.old, block.new):
                joined[-1] = Block(last.old, last.new, last.size + block.size)
                continue
        joined.append(block)
    return joined


def matching_blocks[Token: Hashable](
    a: Sequence[Token], b: Sequence[Token], depth: int = DEPTH
) -> list[Block]:
    """The runs that two sequences have in common, in order.

    Cost: about linear for texts that are versions of each other; bounded by `STEPS`
    for any two texts. A smaller `depth` is quicker and finds less.
    """
    numbers: dict[Token, int] = {}
    return _Pairing(
        [numbers.setdefault(token, len(numbers)) for token in a],
        [numbers.setdefault(token, len(numbers)) for token in b],
        depth,
    ).run()


def changes[Token: Hashable](
    a: Sequence[Token], b: Sequence[Token], depth: int = DEPTH
) -> list[Change]:
    """What turned `a` into `b`, in order; between two changes the tokens are equal.

    Where an insertion or a deletion could stand in several places (a repeated line
    before or after), it stands as late as possible: two sides that made the same
    insertion are then seen to have made it in the same place.
    """
    found: list[Change] = []
    i = j = 0
    for block in (*matching_blocks(a, b, depth), Block(len(a), len(b), 0)):
        if (i, j) != (block.old, block.new):
            found.append(Change(i, block.old, j, block.new))
        i, j = block.old + block.size, block.new + block.size
    return _as_late_as_possible(found, a, b)


def _as_late_as_possible[Token: Hashable](
    found: list[Change], a: Sequence[Token], b: Sequence[Token]
) -> list[Change]:
    slid: list[Change] = []
    bounds = [*(change.old_start for change in found[1:]), len(a)][: len(found)]
    for (i, i_stop, j, j_stop), bound in zip(found, bounds, strict=True):
        if i == i_stop:
            while i < bound and b[j] == a[i]:
                i, i_stop, j, j_stop = i + 1, i_stop + 1, j + 1, j_stop + 1
        elif j == j_stop:
            while i_stop < bound and a[i] == a[i_stop]:
                i, i_stop, j, j_stop = i + 1, i_stop + 1, j + 1, j_stop + 1
        slid.append(Change(i, i_stop, j, j_stop))
    return _touching_joined(slid)


def _touching_joined(found: list[Change]) -> list[Change]:
    joined: list[Change] = []
    for change in found:
        if joined and joined[-1].old_stop == change.old_start:
            change = joined.pop().through(change)
        joined.append(change)
    return joined
