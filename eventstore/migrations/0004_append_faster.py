from django.db import migrations

from eventstore.sqlfiles import FOLDER, run_sql_file


class Migration(migrations.Migration):
    """The functions that append and seal, with less on the way, for a log that had them before."""

    dependencies = [("eventstore", "0003_edges_and_reverts")]
    operations = [
        run_sql_file(FOLDER / "append.sql", undo=""),
        run_sql_file(FOLDER / "seal.sql", undo=""),
    ]
