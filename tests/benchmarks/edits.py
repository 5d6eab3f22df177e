"""The fear: every save pays for the history."""

import random
from collections.abc import Callable
from uuid import UUID

from django.db import connection, transaction

from tests.benchmarks.contestants import plain
from tests.benchmarks.contestants.models import Bare, Ours, Simple
from tests.benchmarks.harness import DJANGO, OURS, PLAIN, SIMPLE, Row, Target, in_turn, timed_row
from tests.benchmarks.wiki import Size, Wiki


def single(wiki: Wiki, size: Size, *, synchronous_commit: bool) -> Row:
    """Load one, change a field, save. Django and simple-history in `atomic`.

    They need it: else a history row could be missing, or an edit be lost.
    Ours is whole by itself, and plain SQL compares versions.
    """
    switch = "on" if synchronous_commit else "off"
    chance = random.Random(1)

    def edit(model: type[Bare | Ours | Simple], ids: list[UUID]) -> Callable[[], None]:
        def once() -> None:
            found = model.objects.get(pk=chance.choice(ids))
            found.height_m = wiki.fresh_height()
            found.save()

        return once

    _set_synchronous_commit(switch)
    timings = in_turn(
        {
            OURS: edit(Ours, wiki.ours),
            PLAIN: lambda: plain.edit(chance.choice(wiki.plain), wiki.fresh_height()),
            DJANGO: transaction.atomic(edit(Bare, wiki.bare)),
            SIMPLE: transaction.atomic(edit(Simple, wiki.simple)),
        },
        size.repeats,
    )
    _set_synchronous_commit("on")
    ours = timings[OURS].p50
    targets = [
        Target("≤ 3.5 × plain SQL", ours / timings[PLAIN].p50, most=3.5),
        Target("≤ 1 × simple-history", ours / timings[SIMPLE].p50, most=1),
    ]
    if not synchronous_commit:
        targets.append(Target("≤ 1.5 × Django", ours / timings[DJANGO].p50, most=1.5))
    return timed_row(f"edit, synchronous_commit {switch}", timings, targets)


def _set_synchronous_commit(switch: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET synchronous_commit = {switch}")
