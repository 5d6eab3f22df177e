"""SQL that is not the ORM's, kept in files and run by migrations."""

from collections.abc import Iterator
from functools import cache
from itertools import dropwhile
from pathlib import Path

from django.db.migrations import RunSQL

FOLDER = Path(__file__).parent / "sql"

DEFINITIONS = ("refuse", "log", "append", "seal", "erase")
"""The files there that make the log what it is, in this order. All others are queries."""


@cache
def statement(module: str, name: str) -> str:
    """The text of `sql/NAME.sql` beside a module, which is given as its `__file__`.

    The heading (what it is for, the index that it leans on, the test of its plan) is for people
    and is left out. `{names}` are for the module to fill in, `%(parameters)s` are psycopg's.
    """
    path = Path(module).with_name("sql") / f"{name}.sql"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(dropwhile(lambda line: line.startswith("--"), lines))


def run_sql_file(path: Path, *, undo: str) -> RunSQL:
    """A migration step that runs one `.sql` file whole, and `undo` backwards."""
    return RunSQL(path.read_text(encoding="utf-8"), undo)


def log_statements() -> Iterator[str]:
    """What makes the log as it is, as where it was not there before.

    The present text of each function stands in one file; migrations that changed one run it again.
    """
    for name in DEFINITIONS:
        for each in _statements_in((FOLDER / f"{name}.sql").read_text(encoding="utf-8")):
            yield each.replace("CREATE OR REPLACE", "CREATE", 1)


def _statements_in(sql: str) -> Iterator[str]:
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
