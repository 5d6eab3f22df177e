from django.db import migrations

from eventstore.sqlfiles import FOLDER, run_sql_file


class Migration(migrations.Migration):
    """The function that seals: a clock that was wrong once dates no later changeset."""

    dependencies = [("eventstore", "0006_applications_of_the_library")]
    operations = [run_sql_file(FOLDER / "seal.sql", undo="")]
