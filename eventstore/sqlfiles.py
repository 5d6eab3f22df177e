"""SQL that is not the ORM's, kept in files and run by migrations."""

from pathlib import Path

from django.db.migrations import RunSQL


def run_sql_file(path: Path, *, undo: str) -> RunSQL:
    """A migration step that runs one `.sql` file whole, and `undo` backwards."""
    return RunSQL(path.read_text(encoding="utf-8"), undo)
