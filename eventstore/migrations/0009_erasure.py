from django.db import migrations

from eventstore.sqlfiles import FOLDER, run_sql_file


class Migration(migrations.Migration):
    """The log's door for content that must go, and the guard that steps aside for it."""

    dependencies = [("eventstore", "0008_suppression")]
    operations = [
        run_sql_file(FOLDER / "refuse.sql", undo=""),
        run_sql_file(FOLDER / "erase.sql", undo="DROP FUNCTION eventstore_erase"),
    ]
