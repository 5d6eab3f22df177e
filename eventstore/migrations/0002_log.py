from pathlib import Path

from django.db import migrations

from eventstore.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql" / "0002_log.sql"

UNDO = """
DROP TRIGGER refuse_change ON eventstore_event;
DROP TRIGGER refuse_strangers ON eventstore_event;
DROP TRIGGER refuse_change ON eventstore_changeset;
DROP TRIGGER refuse_strangers ON eventstore_changeset;
DROP FUNCTION eventstore_refuse, eventstore_refuse_strangers, eventstore_snapshot, eventstore_seal,
    eventstore_append, eventstore_header_hash, eventstore_content_hash;
DROP SEQUENCE eventstore_position;
"""


class Migration(migrations.Migration):
    """The functions that append and seal, and the guards: see the SQL file."""

    dependencies = [("eventstore", "0001_initial")]
    operations = [run_sql_file(SQL, undo=UNDO)]
