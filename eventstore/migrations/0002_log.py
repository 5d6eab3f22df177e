from django.db import migrations

from eventstore.sqlfiles import FOLDER, run_sql_file

UNDO = """
DROP TRIGGER refuse_change ON eventstore_event;
DROP TRIGGER refuse_strangers ON eventstore_event;
DROP TRIGGER refuse_change ON eventstore_changeset;
DROP TRIGGER refuse_strangers ON eventstore_changeset;
DROP FUNCTION eventstore_refuse_strangers, eventstore_snapshot,
    eventstore_header_hash, eventstore_content_hash;
DROP SEQUENCE eventstore_position;
"""


class Migration(migrations.Migration):
    """The functions that append and seal, and the guards: see the SQL files."""

    dependencies = [("eventstore", "0001_initial")]
    operations = [
        run_sql_file(FOLDER / "refuse.sql", undo="DROP FUNCTION eventstore_refuse"),
        run_sql_file(FOLDER / "log.sql", undo=UNDO),
        run_sql_file(FOLDER / "append.sql", undo="DROP FUNCTION eventstore_append"),
        run_sql_file(FOLDER / "seal.sql", undo="DROP FUNCTION eventstore_seal"),
    ]
