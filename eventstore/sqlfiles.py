"""SQL that is not the ORM's, kept in files and run by migrations."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db.migrations import RunSQL

FOLDER = Path(__file__).parent / "sql"

_FUNCTION = re.compile(r"CREATE (?:OR REPLACE )?FUNCTION (\w+)\(")


def run_sql_file(path: Path, *, undo: str) -> RunSQL:
    """A migration step that runs one `.sql` file whole, and `undo` backwards."""
    return RunSQL(path.read_text(encoding="utf-8"), undo)


def log_statements() -> Iterable[str]:
    """What makes the log as it is: of a function that a later file replaces, its last statement."""
    standing: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.sql")):
        for statement in statements_in(path.read_text(encoding="utf-8")):
            made = statement.replace("CREATE OR REPLACE", "CREATE", 1)
            standing[function_in(statement) or statement] = made
    return standing.values()


def function_in(statement: str) -> str | None:
    """The name of the function that a statement makes or replaces."""
    found = _FUNCTION.match(statement)
    return found[1] if found else None


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
