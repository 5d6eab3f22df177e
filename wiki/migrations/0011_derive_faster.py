from pathlib import Path

from django.db import migrations

from eventstore.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("wiki", "0001_squashed_0010_find_links_faster"),
    ]

    operations = [
        run_sql_file(SQL / "links.sql", undo=""),
        run_sql_file(SQL / "called.sql", undo=""),
    ]
