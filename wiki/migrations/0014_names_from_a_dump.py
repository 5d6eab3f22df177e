"""Functions that call each other by their full names: a dump is restored on an empty path."""

from pathlib import Path

from django.db import migrations

from eventstore.sqlfiles import run_sql_file

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("wiki", "0013_former_accounts")]
    operations = [run_sql_file(SQL / "called.sql", undo="")]
