"""What PostgreSQL plans for statements while something runs, asked by EXPLAIN beside each."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
from django.db import connection
from psycopg.rows import tuple_row

_PLANNED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
_FILLED_IN = re.compile(r"\{\w+\}|%\(\w+\)s|%s|%%")


def count_rows() -> None:
    """Let plans be made by the tables as they are, as autovacuum does soon after a large commit.

    It sees nothing of what a test has in its transaction, and many queries of many rows take long
    by plans for none. Not of the catalog: a part of it is that of other tests' databases, too.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(c.oid::regclass::text, ', ') FROM pg_class AS c"
            " WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('public', 'head')"
        )
        (tables,) = cursor.fetchone()
        cursor.execute(f"ANALYZE {tables}")


@contextmanager
def explained() -> Iterator[list[tuple[str, str]]]:
    """Every statement that psycopg executes inside, as it was sent, with its plan."""
    execute: Callable[..., Any] = psycopg.Cursor.execute
    plans: list[tuple[str, str]] = []

    def explaining(cursor: Any, query: Any, params: Any = None, **options: Any) -> Any:
        if isinstance(query, str) and query.lstrip().startswith(_PLANNED):
            with type(cursor)(cursor.connection, row_factory=tuple_row) as beside:
                execute(beside, f"EXPLAIN {query}", params)
                plans.append((query, "\n".join(line for (line,) in beside.fetchall())))
        return execute(cursor, query, params, **options)

    with patch.object(psycopg.Cursor, "execute", explaining):
        yield plans


def fixed_part(statement: str) -> str:
    """The longest part of a statement's text in which nothing is filled in."""
    return max(_FILLED_IN.split(statement), key=len).strip()


def indexes_in(plan: str) -> set[str]:
    """The indexes that are read or held against, as `table(columns)`."""
    names = re.findall(r"Index (?:Only )?Scan(?: Backward)? (?:using|on) (\w+)", plan)
    names += re.findall(r"Conflict Arbiter Indexes: (\w+)", plan)
    return {_described(name) for name in names}


def scanned_in(plan: str, *, rows: int) -> set[str]:
    """The tables of at least so many rows that are read whole."""
    return {
        table
        for table in re.findall(r"Seq Scan on (\w+)", plan)
        if (_answer("SELECT reltuples FROM pg_class WHERE relname = %s", table) or 0) >= rows
    }


def _described(index: str) -> str:
    definition: str = _answer(
        "SELECT pg_get_indexdef(oid) FROM pg_class WHERE relname = %s AND relkind = 'i'", index
    )
    found = re.search(r"ON (?:\w+\.)?(\w+) USING \w+ \((.*?)\)", definition)
    assert found is not None, definition
    return f"{found[1]}({found[2]})"


def _answer(query: str, name: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, [name])
        row = cursor.fetchone()
    return None if row is None else row[0]
