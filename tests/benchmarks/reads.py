"""The fear: looking at the past, or at a branch, is slow."""

import random
from collections.abc import Iterator, Mapping

from tests.benchmarks.contestants import plain
from tests.benchmarks.contestants.models import Bare, Ours, Simple
from tests.benchmarks.harness import (
    DJANGO,
    OURS,
    PLAIN,
    SIMPLE,
    Row,
    Target,
    Timing,
    in_turn,
    timed_row,
)
from tests.benchmarks.wiki import Size, Wiki, edit_ours
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork

PARKS = 20
"""Of the first thousand entities: those that the past and the branch have too."""


def rows(wiki: Wiki, size: Size) -> Iterator[Row]:
    yield from _at_head(wiki, size)
    yield from _in_past(wiki, size)
    yield from _on_branch(wiki, size)
    yield _history(wiki, size)


def _at_head(wiki: Wiki, size: Size) -> Iterator[Row]:
    chance = random.Random(2)
    yield timed_row(
        "one entity, head",
        in_turn(
            {
                OURS: lambda: Ours.objects.get(pk=chance.choice(wiki.ours)),
                PLAIN: lambda: plain.one(chance.choice(wiki.plain)),
                DJANGO: lambda: Bare.objects.get(pk=chance.choice(wiki.bare)),
            },
            size.repeats,
        ),
    )
    yield timed_row(
        "list of 50, head",
        in_turn(
            {
                OURS: lambda: list(Ours.objects.filter(park=chance.randrange(PARKS))),
                PLAIN: lambda: plain.of_park(chance.randrange(PARKS)),
                DJANGO: lambda: list(Bare.objects.filter(park=chance.randrange(PARKS))),
            },
            size.repeats,
        ),
    )


def _in_past(wiki: Wiki, size: Size) -> Iterator[Row]:
    chance = random.Random(3)
    position, moment = wiki.past_position, wiki.past_time
    early = size.small

    def ours(*, of_park: bool) -> None:
        with viewpoint(at=position):
            if of_park:
                list(Ours.objects.filter(park=chance.randrange(PARKS)).order_by("name", "id"))
            else:
                Ours.objects.get(pk=chance.choice(wiki.ours[:early]))

    def simple(*, of_park: bool) -> None:
        past = Simple.history.as_of(moment)
        if of_park:
            list(past.filter(park=chance.randrange(PARKS)).order_by("name", "id"))
        else:
            past.get(id=chance.choice(wiki.simple[:early]))

    one = in_turn(
        {
            OURS: lambda: ours(of_park=False),
            PLAIN: lambda: plain.one_in_past(chance.choice(wiki.plain[:early]), moment),
            SIMPLE: lambda: simple(of_park=False),
        },
        size.repeats,
    )
    many = in_turn(
        {
            OURS: lambda: ours(of_park=True),
            PLAIN: lambda: plain.of_park_in_past(chance.randrange(PARKS), moment),
            SIMPLE: lambda: simple(of_park=True),
        },
        size.repeats,
    )
    # A page enters once and reads often: the reads alone.
    with viewpoint(at=position):
        inside = in_turn(
            {
                OURS: lambda: Ours.objects.get(pk=chance.choice(wiki.ours[:early])),
                PLAIN: lambda: plain.one_in_past(chance.choice(wiki.plain[:early]), moment),
                SIMPLE: lambda: simple(of_park=False),
            },
            size.repeats,
        )
        many_inside = in_turn(
            {
                OURS: lambda: list(
                    Ours.objects.filter(park=chance.randrange(PARKS)).order_by("name", "id")
                ),
                PLAIN: lambda: plain.of_park_in_past(chance.randrange(PARKS), moment),
                SIMPLE: lambda: simple(of_park=True),
            },
            size.repeats,
        )
    yield timed_row("one entity, past", inside, _half_of_simple(inside))
    yield timed_row("one entity, past, entered for it alone", one)
    yield timed_row("list of 50, past", many_inside, _half_of_simple(many_inside))
    yield timed_row("list of 50, past, entered for it alone", many)


def _half_of_simple(timings: Mapping[str, Timing]) -> list[Target]:
    ratio = timings[OURS].p50 / timings[SIMPLE].p50
    return [Target("≤ 0.5 × simple-history", ratio, most=0.5)]


def _on_branch(wiki: Wiki, size: Size) -> Iterator[Row]:
    chance = random.Random(4)
    early = size.small
    changed = 200
    name = wiki.fresh_name()
    fork(name)
    with branch_context(name):
        edit_ours(wiki.ours[:changed], 77)
    number = plain.fork(name)
    plain.edit_on_branch(number, wiki.plain[:changed], 77)
    now = plain.now()

    def ours(*, of_park: bool) -> None:
        with viewpoint(name):
            if of_park:
                list(Ours.objects.filter(park=chance.randrange(PARKS)).order_by("name", "id"))
            else:
                Ours.objects.get(pk=chance.choice(wiki.ours[:early]))

    yield timed_row(
        "one entity, branch",
        in_turn(
            {
                OURS: lambda: ours(of_park=False),
                PLAIN: lambda: plain.one_on_branch(chance.choice(wiki.plain[:early]), number, now),
            },
            size.repeats,
        ),
    )
    yield timed_row(
        "list of 50, branch",
        in_turn(
            {
                OURS: lambda: ours(of_park=True),
                PLAIN: lambda: plain.of_park_on_branch(chance.randrange(PARKS), number, now),
            },
            size.repeats,
        ),
    )


def _history(wiki: Wiki, size: Size) -> Row:
    chance = random.Random(5)
    early = size.small
    return timed_row(
        "history of one entity",
        in_turn(
            {
                OURS: lambda: list(Ours(pk=chance.choice(wiki.ours[:early])).history.all()),
                PLAIN: lambda: plain.history(chance.choice(wiki.plain[:early])),
                SIMPLE: lambda: list(Simple.history.filter(id=chance.choice(wiki.simple[:early]))),
            },
            size.repeats,
        ),
    )
