"""The database's own guards: as the migrations made them, or named."""

from collections.abc import Iterator

from django.db import connection

from eventstore.integrity import Finding
from eventstore.sqlfiles import log_statements, statement
from projections.audit.twins import verify_definitions
from projections.inline import functions, schema
from versioning.entities.kinds import kinds

LOG_TABLES = (
    "eventstore_event",
    "eventstore_changeset",
    "eventstore_snapshot",
    "eventstore_suppressedchangeset",
    "versioning_suppressedversions",
)

OUR_TRIGGERS = frozenset({"refuse_change", "refuse_strangers"})

_TRIGGERS = statement(__file__, "triggers_of_strangers")
_RULES = statement(__file__, "rules")


def verify_guards() -> Iterator[Finding]:
    """Triggers, functions and views are what migrations made, and no others are there.

    Cost: each is made once more in the session's temporary schema, then dropped.
    """
    yield from verify_definitions([*log_statements(), *schema.statements()])
    yield from _strangers()


def _strangers() -> Iterator[Finding]:
    """Triggers and rules that nobody of ours made: they can rewrite what is written."""
    guarded = [*LOG_TABLES, *(t for kind in kinds() for t in functions.guarded_tables(kind))]
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS, [guarded, list(OUR_TRIGGERS)])
        for table, trigger in cursor.fetchall():
            yield Finding(f"trigger {trigger} on {table}", "was made by nobody of ours.")
        cursor.execute(_RULES)
        for owner, table, rule in cursor.fetchall():
            yield Finding(
                f"rule {rule} on {owner}.{table}",
                "was made by nobody of ours and can rewrite statements.",
            )
