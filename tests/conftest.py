"""What every test stands on: real services, up for the whole run.

The tests' PostgreSQL and Valkey live in `.thrillwiki/tests/` and are stopped by the last run out.
"""

import os
from contextlib import suppress

import psutil
import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg import sql

hypothesis_settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# CI repeats itself: a failure there must be one that anybody can have again.
hypothesis_settings.register_profile(
    "ci", parent=hypothesis_settings.get_profile("default"), derandomize=True, print_blob=True
)
hypothesis_settings.register_profile(
    "thorough", parent=hypothesis_settings.get_profile("default"), max_examples=2_000
)
hypothesis_settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default")
)


def pytest_configure(config: pytest.Config) -> None:
    settings.EMBEDDED.join()
    if not hasattr(config, "workerinput"):
        drop_databases_of_dead_runs()


def drop_databases_of_dead_runs() -> None:
    """Remove what killed runs could not: their databases are named after their process."""
    prefix = "test_thrillwiki_"
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{prefix.replace('_', r'\_')}%"]
        )
        for (name,) in cursor.fetchall():
            run = name.removeprefix(prefix).split("_")[0]
            if run.isdecimal() and not psutil.pid_exists(int(run)):
                with suppress(Exception):
                    cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
