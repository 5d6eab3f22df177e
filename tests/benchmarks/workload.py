"""A small wiki and what is timed in it, for today's code and for that of an earlier commit alike.

A script, run once Django has started with the checkout whose code is timed. It makes a database of
its own, says `ready`, and answers each line `WORK TIMES` of its input by the seconds that each time
took. So it may use only what stands in both, under the same names.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext, redirect_stdout

from django.db import connection

from eventstore import reading
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.models import Branch
from wiki.models import Park, Ride

PARKS, RIDES_OF_A_PARK, MERGED = 20, 50, 100
TEXT = "A coaster of steel, with a lift hill, a drop and a turn over the lake. " * 6
BRANCH = "steady"


class Workload:
    """The wiki, with two versions of each ride behind the present one."""

    def __init__(self) -> None:
        self._chance = random.Random(16)
        self._count = 0
        self._merging: Branch | None = None
        self._parks = Park.objects.bulk_create(
            [Park(slug=f"park-{n}", name=f"Park {n}") for n in range(PARKS)]
        )
        self._rides = Ride.objects.bulk_create(
            Ride(park=park, slug=f"{park.slug}-{n}", name=f"Ride {n:02}", body=TEXT)
            for park in self._parks
            for n in range(RIDES_OF_A_PARK)
        )
        self._rename(self._rides)
        self._past = reading.last_position()
        self._rename(self._rides)
        fork(BRANCH)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            # What the disk takes to sync is the same for all.
            cursor.execute("SET synchronous_commit = off")

    def seconds(self, work: str, times: int) -> list[float]:
        works: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
            "save": (nullcontext, self._save),
            "past": (nullcontext, self._read_in_past),
            "merge": (self._branch_off, self._merge),
            "branch": (nullcontext, self._save_on_branch),
        }
        prepare, once = works[work]
        return [_timed(prepare, once) for _ in range(times)]

    def _save(self) -> None:
        ride = Ride.objects.get(pk=self._chance.choice(self._rides).pk)
        ride.name = self._fresh_name()
        ride.save()

    def _save_on_branch(self) -> None:
        with branch_context(BRANCH):
            self._save()

    def _read_in_past(self) -> None:
        with viewpoint("main", at=self._past):
            Ride.objects.get(pk=self._chance.choice(self._rides).pk)
            list(Ride.objects.filter(park=self._chance.choice(self._parks)).order_by("name", "id"))

    def _branch_off(self) -> None:
        self._count += 1
        name = f"branch-{self._count}"
        self._merging = fork(name)
        with branch_context(name):
            self._rename(self._chance.sample(self._rides, MERGED))

    def _merge(self) -> None:
        assert self._merging is not None
        merge(self._merging)

    def _rename(self, rides: list[Ride]) -> None:
        found = list(Ride.objects.filter(pk__in=[ride.pk for ride in rides]))
        for ride in found:
            ride.name = self._fresh_name()
        Ride.objects.bulk_update(found, ["name"])

    def _fresh_name(self) -> str:
        self._count += 1
        return f"Ride {self._count}"


def _timed(prepare: Callable[[], object], once: Callable[[], object]) -> float:
    prepare()
    began = time.perf_counter()
    once()
    return time.perf_counter() - began


def main() -> None:
    before = connection.settings_dict["NAME"]
    # Django tells of cache tables, however quiet it is asked to be, and the output is the answers'.
    with redirect_stdout(sys.stderr):
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        workload = Workload()
        print("ready", flush=True)
        for line in sys.stdin:
            work, times = line.split()
            print(json.dumps(workload.seconds(work, int(times))), flush=True)
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


if __name__ == "__main__":
    main()
