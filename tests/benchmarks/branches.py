"""The fear: branches cost what the wiki is big, not what they changed."""

import random
from collections.abc import Iterator

from tests.benchmarks.contestants import plain
from tests.benchmarks.harness import OURS, PLAIN, Row, Target, Timing, in_turn, timed_row
from tests.benchmarks.wiki import Wiki, edit_ours
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.models import Branch

CHANGES = 100
MOST_GROWTH = 1.3

Measured = dict[str, dict[str, Timing]]
FORK, MERGE = "branch creation", f"merge of {CHANGES} changes"
MOST_SECONDS = {FORK: 0.010, MERGE: 0.250}


def measure(wiki: Wiki, rounds: int) -> Measured:
    """Forks, and merges of a hundred changes, in the wiki as big as it is now."""
    forks = in_turn(
        {OURS: lambda: fork(wiki.fresh_name()), PLAIN: lambda: plain.fork(wiki.fresh_name())},
        rounds * 5,
    )
    chance = random.Random(6)
    branches: list[Branch] = []
    numbers: list[int] = []

    def branch_off() -> None:
        name = wiki.fresh_name()
        branches.append(fork(name))
        with branch_context(name):
            edit_ours(chance.sample(wiki.ours, CHANGES), wiki.fresh_height())

    def branch_off_plainly() -> None:
        numbers.append(plain.fork(wiki.fresh_name()))
        changed = chance.sample(wiki.plain, CHANGES)
        plain.edit_on_branch(numbers[-1], changed, wiki.fresh_height())

    merges = in_turn(
        {OURS: lambda: merge(branches.pop()), PLAIN: lambda: plain.merge(numbers.pop())},
        rounds,
        before={OURS: branch_off, PLAIN: branch_off_plainly},
    )
    return {FORK: forks, MERGE: merges}


def rows(small: Measured, large: Measured, sizes: tuple[int, int]) -> Iterator[Row]:
    """Each figure at both sizes; the second may not be dearer."""
    for what, most_seconds in MOST_SECONDS.items():
        growth = large[what][OURS].p50 / small[what][OURS].p50
        for measured, size in zip((small, large), sizes, strict=True):
            most_ms = most_seconds * 1_000
            ms = measured[what][OURS].p50 * 1_000
            targets = [Target(f"≤ {most_ms:.0f} ms", ms, most=most_ms)]
            if measured is large:
                words = f"≤ {MOST_GROWTH} × at {sizes[0]:,} entities"
                targets.append(Target(words, growth, most=MOST_GROWTH))
            yield timed_row(f"{what}, {size:,} entities", measured[what], targets)
