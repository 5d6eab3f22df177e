"""The fear: branches cost what the wiki is big, not what they changed."""

import json
import random
from collections.abc import Iterator

from django.db import connection

from tests.benchmarks.contestants import plain
from tests.benchmarks.contestants.models import facts
from tests.benchmarks.harness import OURS, PLAIN, Row, Target, Timing, in_turn, timed_row
from tests.benchmarks.wiki import Wiki, edit_ours
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.models import Branch

CHANGES = 100
MOST_GROWTH = 1.3

STEADY = "steady work"
"""What a wiki of any size does alike. Minutes lie between the two sizes, and in the same run
the bare trip of a fork by plain SQL took 0.5 ms at one time and 1.0 ms at another."""

Measured = dict[str, dict[str, Timing]]
FORK, MERGE = "branch creation", f"merge of {CHANGES} changes"
MOST_SECONDS = {FORK: 0.010, MERGE: 0.250}


def measure(wiki: Wiki, rounds: int) -> Measured:
    """Forks, and merges of a hundred changes, in the wiki as big as it is now."""
    forks = in_turn(
        {
            OURS: lambda: fork(wiki.fresh_name()),
            PLAIN: lambda: plain.fork(wiki.fresh_name()),
            STEADY: _steady_work,
        },
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
        {
            OURS: lambda: merge(branches.pop()),
            PLAIN: lambda: plain.merge(numbers.pop()),
            STEADY: _steady_work,
        },
        rounds,
        before={OURS: branch_off, PLAIN: branch_off_plainly},
    )
    return {FORK: forks, MERGE: merges}


def _steady_work() -> None:
    """Trips to the server, and documents that are written and read: what forks and merges do."""
    with connection.cursor() as cursor:
        for number in range(20):
            cursor.execute("SELECT %s", [number])
            cursor.fetchall()
            for _ in range(20):
                json.loads(json.dumps(facts(number), default=str))


def rows(small: Measured, large: Measured, sizes: tuple[int, int]) -> Iterator[Row]:
    """Each figure at both sizes; the second may not be dearer, by what steady work took beside."""
    for what, most_seconds in MOST_SECONDS.items():
        growth = _in_steady_work(large[what]) / _in_steady_work(small[what])
        for measured, size in zip((small, large), sizes, strict=True):
            most_ms = most_seconds * 1_000
            ms = measured[what][OURS].p50 * 1_000
            targets = [Target(f"≤ {most_ms:.0f} ms", ms, most=most_ms)]
            if measured is large:
                words = f"≤ {MOST_GROWTH} × at {sizes[0]:,} entities"
                targets.append(Target(words, growth, most=MOST_GROWTH))
            timings = {name: measured[what][name] for name in (OURS, PLAIN)}
            yield timed_row(f"{what}, {size:,} entities", timings, targets)


def _in_steady_work(timings: dict[str, Timing]) -> float:
    return timings[OURS].p50 / timings[STEADY].p50
