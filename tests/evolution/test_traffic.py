"""Readers and writers while a migration runs, fails, or is killed: before or after, never else."""

import time
from collections import Counter
from typing import Any

import pytest

from tests.evolution import shop
from tests.evolution.project import Project, StepFailed, event
from tests.evolution.test_data import migration
from tests.evolution.test_fields import sound

pytestmark = pytest.mark.slow

SECONDS = 6
READERS, WRITERS = 20, 4

SLEEP = (
    "def sleep(apps, schema_editor):\n"
    f"    schema_editor.execute('SELECT pg_sleep({SECONDS})')\n\n\n"
    "def fail(apps, schema_editor):\n"
    "    raise ValueError('It fails at its very end.')\n"
)
LINE = "    colour = models.CharField(max_length=20, null=True)\n"
MODELS = shop.MODELS.replace("    maker = ", LINE + "    maker = ")


def long_migration(*last: str) -> str:
    field = "models.CharField(max_length=20, null=True)"
    return migration(
        f"migrations.AddField('item', 'colour', {field})",
        f"migrations.AddField('itemversion', 'colour', {field})",
        "migrations.RunPython(sleep, migrations.RunPython.noop)",
        *last,
        imports=SLEEP,
    )


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def branch_of(writer: int) -> str:
    """Half of the writers are on main, the others on the branch."""
    return ("main", "old")[writer % 2]


def traffic(
    moments: dict[str, int], begun: Any, stop: Any
) -> tuple[Counter[str], list[str], dict[str, int]]:
    """Read and write in threads until told to stop.

    What was read and written, and what could not be; whatever was wrong; each writer's last word.
    """
    from threading import Thread

    from django.db import DatabaseError, connection
    from shop.models import Item

    from versioning import branch_context, viewpoint
    from versioning.schema.lens import SchemaMismatch

    done: Counter[str] = Counter()
    wrong: list[str] = []
    written: dict[str, int] = {}
    for number in range(WRITERS):
        with branch_context(branch_of(number)):
            Item.objects.create(name=f"Writer {number}", size=0)

    def read(number: int) -> None:
        place = ("head", "first", "second", "old")[number % 4]
        if place == "head":
            seen = Item.objects.get(weight=5).name, None
            expected: tuple[str, int | None] = ("Lamp", None)
        elif place == "old":
            with viewpoint("old"):
                seen = Item.objects.get(weight=6).name, None
            expected = ("Desk lamp", None)
        else:
            with viewpoint("main", at=moments[place]):
                lamp = Item.objects.get(weight=5)
                seen = lamp.name, lamp.size
            expected = ("Lamp", {"first": 3, "second": 4}[place])
        if seen != expected:
            wrong.append(f"{place}: {seen}")

    def write(number: int) -> None:
        name = f"Writer {number}"
        value = written.get(name, 0) + 1
        with branch_context(branch_of(number)):
            assert Item.objects.filter(name=name).update(size=value) == 1
        written[name] = value

    def repeat(act: Any, number: int) -> None:
        while not stop.is_set():
            try:
                act(number)
                done[act.__name__] += 1
            except (DatabaseError, SchemaMismatch) as error:
                done[f"{act.__name__}: {type(error).__name__}"] += 1
                connection.close()
                time.sleep(0.05)
            except Exception as error:  # noqa: BLE001  # whatever else is wrong
                wrong.append(repr(error))
                return
        connection.close()

    threads = [Thread(target=repeat, args=(read, n)) for n in range(READERS)]
    threads += [Thread(target=repeat, args=(write, n)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    begun.set()
    for thread in threads:
        thread.join()
    return done, wrong, written


def sizes() -> dict[str, int]:
    from shop.models import Item

    from versioning import viewpoint

    found: dict[str, int] = {}
    for branch in ("main", "old"):
        with viewpoint(branch):
            writers = Item.objects.filter(name__startswith="Writer")
            found |= writers.values_list("name", "size")
    return found


def check_and_clear() -> None:
    """The shop's own check names all items; those of the writers go first."""
    from shop.models import Item

    from projections.audit.auditing import audit
    from versioning import branch_context

    for branch in ("main", "old"):
        with branch_context(branch):
            Item.objects.filter(name__startswith="Writer").delete()
    assert audit().findings == ()
    sound()


class Traffic:
    """Traffic beside a migration, by code of before it."""

    def __init__(self, project: Project, moments: dict[str, int]) -> None:
        self._stop, begun = event(), event()
        self._running = project.start(traffic, moments, begun, self._stop)
        if not begun.wait(60):
            self._running.result()
        time.sleep(0.5)

    def end(self) -> tuple[Counter[str], dict[str, int]]:
        time.sleep(0.5)
        self._stop.set()
        done, wrong, written = self._running.result()
        assert not wrong
        assert done["read"] > READERS
        return done, written


def test_a_long_migration_is_seen_before_or_after(
    project: Project, moments: dict[str, int]
) -> None:
    beside = Traffic(project, moments)
    project.models(MODELS)
    project.migration("0002_colour", long_migration())
    project.run(migrate)
    done, written = beside.end()
    assert done["write"] > WRITERS
    assert project.run(sizes) == written
    project.run(check_and_clear)


def test_a_migration_that_fails_changes_nothing(project: Project, moments: dict[str, int]) -> None:
    beside = Traffic(project, moments)
    project.migration("0002_colour", long_migration("migrations.RunPython(fail)"))
    with pytest.raises(StepFailed, match="at its very end"):
        project.run(migrate)
    done, written = beside.end()
    assert done["write"] > WRITERS
    assert project.run(sizes) == written
    project.run(check_and_clear)


def test_a_migration_that_is_killed_changes_nothing(
    project: Project, moments: dict[str, int]
) -> None:
    beside = Traffic(project, moments)
    project.migration("0002_colour", long_migration())
    killed = project.start(migrate)
    time.sleep(SECONDS / 2)
    killed.process.kill()
    killed.process.join()
    time.sleep(SECONDS / 2)
    done, written = beside.end()
    assert done["write"] > WRITERS
    assert project.run(sizes) == written
    project.run(check_and_clear)
