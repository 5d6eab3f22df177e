"""The fear: keeping everything fills the disk."""

from django.db import connection

from tests.benchmarks.contestants.models import Ours, Simple
from tests.benchmarks.harness import OURS, PLAIN, SIMPLE, Row, Target
from versioning.entities.kinds import kind_of

MOST_BYTES_AN_EVENT = 700


def rows() -> list[Row]:
    """Bytes on disk with indexes, for each event and each version."""
    log = _bytes("eventstore_event") / _count("eventstore_event")
    tables = {
        OURS: kind_of(Ours).version_table,
        PLAIN: "plain_coasterversion",
        SIMPLE: Simple.history.model._meta.db_table,
    }
    each = {name: _bytes(table) / _count(table) for name, table in tables.items()}
    target = Target(f"≤ {MOST_BYTES_AN_EVENT} bytes", log, most=MOST_BYTES_AN_EVENT)
    return [
        Row("log, an event with its indexes", "bytes", {OURS: f"{log:.0f}"}, {}, [target]),
        Row(
            "version table, a version",
            "bytes",
            {name: f"{size:.0f}" for name, size in each.items()},
            {name: each[OURS] / size for name, size in each.items() if name != OURS},
        ),
    ]


def _bytes(table: str) -> int:
    return _value("SELECT pg_total_relation_size(%s::regclass)", [table])


def _count(table: str) -> int:
    return _value(f"SELECT count(*) FROM {table}", [])


def _value(statement: str, parameters: list[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.fetchone()[0])
