"""`migrate --fake` leaves log and state true, or is refused."""

from collections.abc import Sequence

import pytest

from tests.evolution.project import Project, StepFailed
from tests.evolution.test_data import last_changesets
from tests.evolution.test_fields import (
    SIZE,
    SIZES,
    changed,
    everywhere,
    seen,
    sound,
    with_line,
)

COLOURED = with_line("colour = models.CharField(max_length=20, default='none')")
TABLES = ('head."shop_item"', "public.shop_itemversion")


def make_migrations(answers: Sequence[str] = ()) -> None:
    from unittest.mock import patch

    from django.core.management import call_command

    given = iter(answers)
    with patch("builtins.input", lambda *_: next(given)):
        call_command("makemigrations", verbosity=0)


def by_hand(statements: Sequence[str]) -> None:
    """What an operator does to the tables, without a word to Django."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def fake(upto: str | None = None) -> None:
    from django.core.management import call_command

    call_command("migrate", "shop", *([upto] if upto else []), fake=True, verbosity=0)


def applied() -> list[str]:
    from django.db.migrations.recorder import MigrationRecorder

    return sorted(
        MigrationRecorder.Migration.objects.filter(app="shop").values_list("name", flat=True)
    )


def added(value: str, of_type: str = "varchar(20)") -> list[str]:
    return [
        f"ALTER TABLE {table} ADD COLUMN colour {of_type} NOT NULL DEFAULT '{value}'"
        for table in TABLES
    ]


def test_a_column_that_was_added_by_hand(project: Project, moments: dict[str, int]) -> None:
    """What its rows got is read from them, whatever the model's default says."""
    project.models(COLOURED)
    project.run(make_migrations)
    (_, name) = project.migrations()
    project.run(by_hand, added("red"))
    project.run(fake)
    assert project.run(applied) == project.migrations()
    assert project.run(last_changesets, 1) == [(f"Migrate shop {name}", "schema")]
    assert project.run(seen, "colour", moments) == everywhere("red")
    project.run(sound)


def test_a_column_that_was_renamed_by_hand(project: Project, moments: dict[str, int]) -> None:
    project.models(changed((SIZE, SIZE.replace("size", "width"))))
    project.run(make_migrations, ["y"])
    project.run(by_hand, [f"ALTER TABLE {table} RENAME size TO width" for table in TABLES])
    project.run(fake)
    assert project.run(seen, "width", moments) == SIZES
    project.run(sound)


def filled_with(size: int) -> list[str]:
    """What gives items without a size this one, and lets no size be empty any more."""
    return [
        "SET LOCAL projections.writing = '1'",
        *(f"UPDATE {table} SET size = {size} WHERE size IS NULL" for table in TABLES),
        *(f"ALTER TABLE {table} ALTER size SET NOT NULL" for table in TABLES),
    ]


def test_a_column_that_may_be_empty_no_more(project: Project, moments: dict[str, int]) -> None:
    project.models(changed((SIZE, "    size = models.IntegerField(default=7)\n")))
    project.run(make_migrations, ["2"])
    project.run(by_hand, filled_with(7))
    project.run(fake)
    assert project.run(seen, "size", moments) == SIZES
    project.run(sound)


def test_another_value_than_the_default_where_nothing_was_is_refused(project: Project) -> None:
    project.models(changed((SIZE, "    size = models.IntegerField(default=7)\n")))
    project.run(make_migrations, ["2"])
    project.run(by_hand, filled_with(8))
    with pytest.raises(StepFailed, match="The rows are not what the log leads to"):
        project.run(fake)
    assert project.run(applied) == ["0001_initial"]


def test_a_migration_that_was_undone_by_hand(project: Project, moments: dict[str, int]) -> None:
    before = (project.folder / "shop" / "models.py").read_text()
    project.models(COLOURED)
    project.migrate()
    project.run(by_hand, [f"ALTER TABLE {table} DROP colour CASCADE" for table in TABLES])
    project.run(fake, "0001")
    project.models(before)
    assert project.run(applied) == ["0001_initial"]
    assert project.run(seen, "size", moments) == SIZES
    project.run(sound)


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        ([], r"has not: colour \(varchar\(20\) NOT NULL\)"),
        (added("red")[:1], r"public.\"shop_itemversion\" has these columns, and it has not"),
        (added("red", "varchar(30)"), r"has not: colour \(varchar\(20\) NOT NULL\)"),
        (
            [*added("red"), "SET LOCAL projections.writing = '1'",
             "UPDATE public.shop_itemversion SET colour = 'blue' WHERE version = 1"],
            "have several values in colour",
        ),
    ],
)  # fmt: skip
def test_what_is_not_so_is_refused(project: Project, statements: list[str], sentence: str) -> None:
    project.models(COLOURED)
    project.run(make_migrations)
    project.run(by_hand, statements)
    before = project.run(last_changesets, 1)
    with pytest.raises(StepFailed, match=sentence):
        project.run(fake)
    assert project.run(applied) == ["0001_initial"]
    assert project.run(last_changesets, 1) == before
