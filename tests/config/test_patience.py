"""A statement of a page has an end, as has a transaction that does nothing; not so commands."""

import os
import subprocess
import sys

import pytest
from django.db import DatabaseError, connection, transaction

from config.environment import CHECKOUT
from config.serving.names import LANE
from config.unavailable import is_unavailable
from tests.served import environment

pytestmark = pytest.mark.django_db

SHOW = """
from django.db import connection
with connection.cursor() as cursor:
    for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SHOW {name}")
        print(cursor.fetchone()[0])
"""


def bounds(**variables: str) -> list[str]:
    """What PostgreSQL is told by a process with these variables."""
    told = {name: value for name, value in environment().items() if name != LANE}
    script = f"from config.start import start; start()\n{SHOW}"
    shown = subprocess.run(
        [sys.executable, "-c", script],
        cwd=CHECKOUT, env=told | variables, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return shown.stdout.split()


@pytest.mark.slow
def test_pages_are_bounded_and_commands_are_not() -> None:
    assert LANE not in os.environ
    assert bounds() == ["0", "0"]
    assert bounds(**{LANE: "pages"}) == ["20s", "1min"]
    own = {"STATEMENT_TIMEOUT": "2.5", "IDLE_TIMEOUT": "0"}
    assert bounds(**{LANE: "heavy"}, **own) == ["2500ms", "0"]


def test_who_waited_too_long_is_asked_to_come_again() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 10")
        with pytest.raises(DatabaseError, match="statement timeout") as ended:
            cursor.execute("SELECT pg_sleep(20)")
        transaction.set_rollback(True)
    assert is_unavailable(ended.value)
