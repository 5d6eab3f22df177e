"""Models that become versioned: where they are empty, or not at all."""

import pytest

from tests.evolution.migrations import END, VERSIONED
from tests.evolution.project import Project, StepFailed
from tests.evolution.test_data import audited

HEAD = "import uuid\nfrom django.db import models\n"
PLAIN = "\n\nclass Note(models.Model):\n    {key}text = models.CharField(max_length=20)\n"
UUID = "id = models.UUIDField(primary_key=True, default=uuid.uuid4)\n    "
NOTE_OF_VERSIONS = (
    f"\n\nclass Note(VersionedModel):\n    text = models.CharField(max_length=20)\n{END}"
)


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (UUID, "shop.note would become versioned, and has rows that no event led to"),
        ("", "its primary key id is a BigAutoField: that of a versioned model is a UUID"),
    ],
)
@pytest.mark.parametrize("has_log", [True, False])
def test_rows_without_a_history_keep_a_model_from_becoming_versioned(
    empty: Project, key: str, sentence: str, has_log: bool
) -> None:
    empty.models(HEAD + PLAIN.format(key=key))
    if has_log:
        empty.migrate()
    else:
        empty.run(make_and_migrate_shop_alone)
    empty.run(make_note)
    empty.models(VERSIONED + NOTE_OF_VERSIONS)
    with pytest.raises(StepFailed, match=sentence) as refused:
        empty.migrate(noinput=True)
    assert "copy the rows to it by a migration with RunLogged" in str(refused.value)
    empty.models(HEAD + PLAIN.format(key=key))
    assert empty.run(notes) == ["a"]


def make_and_migrate_shop_alone() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    call_command("makemigrations", verbosity=0)
    MigrationExecutor(connection).migrate([("shop", "0001_initial")])


def make_note() -> None:
    from shop.models import Note

    Note.objects.create(text="a")


def notes() -> list[str]:
    from shop.models import Note

    return [note.text for note in Note.objects.all()]


def test_an_empty_model_may_become_versioned(empty: Project) -> None:
    empty.models(HEAD + PLAIN.format(key=UUID))
    empty.migrate()
    empty.models(VERSIONED + NOTE_OF_VERSIONS)
    empty.migrate(noinput=True)
    empty.run(make_note)
    empty.run(audited)
    assert empty.run(notes) == ["a"]
