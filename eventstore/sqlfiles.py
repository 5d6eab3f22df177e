"""SQL that is not the ORM's, kept in files and run by migrations."""

from collections.abc import Iterator
from pathlib import Path

from django.db.migrations import RunSQL

FOLDER = Path(__file__).parent / "sql"


def run_sql_file(path: Path, *, undo: str) -> RunSQL:
    """A migration step that runs one `.sql` file whole, and `undo` backwards."""
    return RunSQL(path.read_text(encoding="utf-8"), undo)


def log_statements() -> Iterator[str]:
    """Every statement of the log's files, in the order in which migrations run them."""
    for path in sorted(FOLDER.glob("*.sql")):
        yield from statements_in(path.read_text(encoding="utf-8"))


def statements_in(sql: str) -> Iterator[str]:
    """The statements of a file in which each ends with its line, and bodies stand in $$."""
    lines: list[str] = []
    for line in sql.splitlines():
        if not lines and (not line.strip() or line.startswith("--")):
            continue
        lines.append(line)
        statement = "\n".join(lines)
        if line.split("--")[0].rstrip().endswith(";") and statement.count("$$") % 2 == 0:
            yield statement
            lines = []
