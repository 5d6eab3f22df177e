"""An empty log, as the library's own tests expect it: its first event is at position 1."""

import os

import pytest
from django.core.management import call_command
from django.db import connection


@pytest.fixture
def empty_log(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing appended, the beginning of the wiki neither; applications record here."""
    call_command("flush", interactive=False, inhibit_post_migrate=True)
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE eventstore_position RESTART")
    for name in [*os.environ]:
        if name.startswith(("POSTGRES_", "PERSISTENCE_MODULE")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PERSISTENCE_MODULE", "eventstore.persistence")
    # Ten of the library's writers share the connections of a few, and outwait a page's patience.
    pool = connection.pool  # type: ignore[attr-defined]  # PostgreSQL's has one
    monkeypatch.setattr(pool, "timeout", 60.0)
