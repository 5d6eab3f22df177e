from pathlib import Path

from django.db import migrations

from eventstore.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("wiki", "0009_words_of_choices"),
    ]

    operations = [
        run_sql_file(SQL / "links.sql", undo=""),
    ]
