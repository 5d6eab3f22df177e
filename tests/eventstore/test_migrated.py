"""Commands on a database that lacks migrations: refused with a sentence, not with a traceback."""

import signal
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db

ARGUMENTS = {
    "audit": [],
    "erase": ["--find", "words"],
    "follow": [],
    "rebuild": [],
    "load_sample": [],
    "export": ["--format", "json", "--output", "somewhere"],
    "import": ["archive.zip"],
    "import_coasters": ["table.csv"],
    "import_csv": ["table.csv", "--mapping", "table.toml"],
    "import_git": ["repository"],
    "loaddata": ["fixture.json"],
    "dumpdata": [],
}
OTHERWISE = {
    "run", "migrate", "serve", "makemigrations", "schema", "sqlkind", "flush", "test",
}  # fmt: skip
"""Two migrate, one waits for a database, three need none, the last two are for tests alone."""


@pytest.fixture
def _sigterm() -> Iterator[None]:
    """Followers change what it does."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("_sigterm")
@pytest.mark.parametrize("command", ARGUMENTS)
def test_a_database_that_is_not_migrated_is_refused_with_a_sentence(command: str) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="wiki").delete()
    with pytest.raises(CommandError, match=r"not migrated. Run `manage.py migrate` first"):
        call_command(command, *ARGUMENTS[command])


def test_every_command_of_ours_is_named_above() -> None:
    rooms = {"config", "wiki", "projections", "versioning", "eventstore"}
    ours = {name for name, app in get_commands().items() if app in rooms}
    assert ours == ARGUMENTS.keys() | OTHERWISE
