from django.db import migrations

from eventstore.sqlfiles import FOLDER, run_sql_file


class Migration(migrations.Migration):
    """The function that seals: a new log may begin with a history that has times of its own."""

    dependencies = [("eventstore", "0009_erasure")]
    operations = [run_sql_file(FOLDER / "seal.sql", undo="")]
