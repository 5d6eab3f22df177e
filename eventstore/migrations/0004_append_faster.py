from django.db import migrations

from eventstore.sqlfiles import FOLDER, function_in, run_sql_file, statements_in

BEFORE = (FOLDER / "0002_log.sql").read_text(encoding="utf-8")
UNDO = "\n".join(
    statement.replace("CREATE", "CREATE OR REPLACE", 1)
    for statement in statements_in(BEFORE)
    if function_in(statement) in ("eventstore_append", "eventstore_seal")
)


class Migration(migrations.Migration):
    """The functions that append and seal, with less on the way: see the SQL file."""

    dependencies = [("eventstore", "0003_edges_and_reverts")]
    operations = [run_sql_file(FOLDER / "0004_append_faster.sql", undo=UNDO)]
