"""The wiki that is measured: it grows, and every contestant's table grows alike."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from eventstore import reading
from eventstore.types import Position
from tests.benchmarks.contestants import plain
from tests.benchmarks.contestants.models import Bare, Ours, Simple, facts


@dataclass(frozen=True)
class Size:
    """How big the measured wiki gets, and how often things are repeated."""

    small: int
    large: int
    edit_rounds: int
    repeats: int
    merges: int
    log: int
    chunk: int = 500


FULL = Size(small=1_000, large=20_000, edit_rounds=5, repeats=1_000, merges=15, log=500_000)
QUICK = Size(small=1_000, large=4_000, edit_rounds=3, repeats=200, merges=7, log=30_000)


@dataclass
class Wiki:
    """Who is in which contestant's table, in the order of creation."""

    ours: list[UUID] = field(default_factory=list)
    bare: list[UUID] = field(default_factory=list)
    simple: list[UUID] = field(default_factory=list)
    plain: list[UUID] = field(default_factory=list)
    past_position: Position = field(init=False)
    past_time: datetime = field(init=False)
    _names: "itertools.count[int]" = field(default_factory=itertools.count)
    _heights: "itertools.count[int]" = field(default_factory=itertools.count)
    _numbers: dict[str, int] = field(default_factory=dict)

    def fresh_name(self) -> str:
        return f"branch-{next(self._names)}"

    def fresh_height(self) -> int:
        """A height that the last thousands of edits did not set: every edit changes something."""
        return 100 + next(self._heights) % 9_000

    def next_facts(self, contestant: str, count: int) -> list[dict[str, Any]]:
        first = self._numbers.get(contestant, 0)
        self._numbers[contestant] = first + count
        return [facts(number) for number in range(first, first + count)]

    def create_ours(self, count: int) -> None:
        made = [Ours(**row) for row in self.next_facts("ours", count)]
        Ours.objects.bulk_create(made)
        self.ours += [each.pk for each in made]

    def create_bare(self, count: int) -> None:
        made = [Bare(**row) for row in self.next_facts("bare", count)]
        Bare.objects.bulk_create(made)
        self.bare += [each.pk for each in made]

    def create_simple(self, count: int) -> None:
        made = [Simple(**row) for row in self.next_facts("simple", count)]
        bulk_create_with_history(made, Simple)
        self.simple += [each.pk for each in made]

    def create_plain(self, count: int) -> None:
        self.plain += plain.create(self.next_facts("plain", count))

    def edit_everything(self, chunk: int) -> None:
        """One more version of every entity, for all who keep versions."""
        height = self.fresh_height()
        for start in range(0, len(self.ours), chunk):
            part = slice(start, start + chunk)
            edit_ours(self.ours[part], height)
            edit_simple(self.simple[part], height)
            plain.edit_many(self.plain[part], [height] * len(self.plain[part]))

    def grow_log(self, events: int, chunk: int) -> None:
        """More versions of ours alone, until the log holds so many events."""
        while reading.last_position() < events:
            height = self.fresh_height()
            for start in range(0, len(self.ours), chunk):
                edit_ours(self.ours[start : start + chunk], height)

    def remember_as_past(self) -> None:
        """What stands now is the past that the reads ask for."""
        self.past_position = reading.last_position()
        self.past_time = plain.now()


def settle() -> None:
    """Statistics as a server that has run for a while has them, and nothing left to tidy up."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def edit_ours(ids: list[UUID], height: int) -> None:
    found = list(Ours.objects.filter(pk__in=ids))
    for each in found:
        each.height_m = height
    Ours.objects.bulk_update(found, ["height_m"])


def edit_simple(ids: list[UUID], height: int) -> None:
    found = list(Simple.objects.filter(pk__in=ids))
    for each in found:
        each.height_m = height
    bulk_update_with_history(found, Simple, ["height_m"])
