"""The database's own guards: as the migrations made them, or named."""

from collections.abc import Iterator

from django.db import connection

from eventstore.integrity import Finding
from projections.inline import functions, schema
from versioning.entities.kinds import kinds

LOG_TRIGGERS = {
    ("eventstore_event", "refuse_change"),
    ("eventstore_event", "refuse_strangers"),
    ("eventstore_changeset", "refuse_change"),
    ("eventstore_changeset", "refuse_strangers"),
}

_TRIGGERS = """
SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger AS t
  JOIN pg_class AS c ON c.oid = t.tgrelid
 WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
"""


def verify_guards() -> Iterator[Finding]:
    """Every trigger is there and fires ALWAYS; views and functions are today's."""
    wanted = LOG_TRIGGERS | {
        (table, "refuse_strangers") for kind in kinds() for table in functions.guarded_tables(kind)
    }
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS)
        found = {(table, name): enabled for table, name, enabled in cursor.fetchall()}
        cursor.execute("SELECT rulename FROM pg_rules WHERE schemaname = 'public'")
        rules = [name for (name,) in cursor.fetchall()]
    for table, name in sorted(wanted):
        if (table, name) not in found:
            yield Finding(f"trigger {name} on {table}", "is missing: the table is unguarded.")
        elif found[table, name] != "A":
            yield Finding(f"trigger {name} on {table}", "is switched off or does not fire always.")
    for rule in rules:
        yield Finding(f"rule {rule}", "was made by nobody of ours and can rewrite statements.")
    if schema.made_digest() != schema.digest():
        yield Finding("views and functions", "are not those of this code; run migrate.")
