"""What the database holds, beside twins that are made from our own statements.

PostgreSQL keeps functions and views in a form of its own, which no text of
ours equals. So each is made once more, in the session's temporary schema, and
the catalogue's rows of both are compared. Nobody else sees the twins, and the
live ones are only read.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from eventstore import sqlfiles
from eventstore.integrity import Finding

_NAME = r"(?:\w+\.)?(?:\w+|\"[^\"]+\")"
_FUNCTION = re.compile(rf"\s*CREATE FUNCTION ({_NAME})\(")
_VIEW = re.compile(rf"\s*CREATE VIEW ({_NAME}) AS")
_TRIGGER = re.compile(rf"\s*CREATE TRIGGER (\w+) (.*) ON ({_NAME})\s+FOR EACH (.*)", re.DOTALL)

_FUNCTION_IS = sqlfiles.statement(__file__, "function_definition")
_VIEW_IS = "SELECT pg_get_viewdef(to_regclass(%s))"
_TRIGGER_IS = sqlfiles.statement(__file__, "trigger_definition")

# The twins' place: a temporary table without columns, and the schema that it lies in.
_TABLE = "pg_temp.twin_of_a_table"

Definition = list[tuple[object, ...]]


def verify_definitions(statements: Iterable[str]) -> Iterator[Finding]:
    """Every function, view and trigger that the statements make is as they make it."""
    with _discarded():
        for statement in statements:
            if found := _FUNCTION.match(statement):
                yield from _compare_function(found[1], statement)
            elif found := _VIEW.match(statement):
                yield from _compare_view(found[1], statement)
            elif found := _TRIGGER.match(statement):
                yield from _compare_trigger(found[1], found[3], statement)


@contextmanager
def _discarded() -> Iterator[None]:
    with transaction.atomic():
        _run(f"CREATE TEMPORARY TABLE {_TABLE.split('.')[1]} ()")
        yield
        transaction.set_rollback(True)


def _compare_function(name: str, statement: str) -> Iterator[Finding]:
    schema, _, bare = name.rpartition(".")
    _run(statement.replace(f"CREATE FUNCTION {name}(", f"CREATE FUNCTION pg_temp.{bare}(", 1))
    bare = bare.strip('"')
    ours = _definition(_FUNCTION_IS, temporary_schema(), bare)
    live = _definition(_FUNCTION_IS, schema or "public", bare)
    yield from _differ(f"function {_spoken(name)}", ours, live)


def _compare_view(name: str, statement: str) -> Iterator[Finding]:
    twin = "twin_of_" + re.sub(r"\W+", "_", name)
    _run(statement.replace(f"CREATE VIEW {name} AS", f"CREATE TEMPORARY VIEW {twin} AS", 1))
    ours = _definition(_VIEW_IS, f"pg_temp.{twin}")
    yield from _differ(f"view {_spoken(name)}", ours, _definition(_VIEW_IS, name))


def _compare_trigger(name: str, table: str, statement: str) -> Iterator[Finding]:
    """Ours fire always; what a twin is compared in is told by its statement alone."""
    _run(re.sub(rf" ON {_NAME}(\s+FOR EACH)", rf" ON {_TABLE}\1", statement, count=1))
    _run(f"ALTER TABLE {_TABLE} ENABLE ALWAYS TRIGGER {name}")
    ours = _definition(_TRIGGER_IS, _TABLE, name)
    live = _definition(_TRIGGER_IS, table, name)
    _run(f"DROP TRIGGER {name} ON {_TABLE}")
    what = f"trigger {name} on {_spoken(table).split('.')[-1]}"
    if live and ours != live and ours[0][:-1] == live[0][:-1]:
        yield Finding(what, "is switched off or does not fire always.")
    else:
        yield from _differ(what, ours, live)


def _differ(what: str, ours: Definition, live: Definition) -> Iterator[Finding]:
    if not live or live == [(None,)]:
        yield Finding(what, "is missing: what it guards or shows is unguarded or not shown.")
    elif ours != live:
        yield Finding(what, "is not the one that the migrations made: it was replaced.")


def _spoken(name: str) -> str:
    """A name without the quotes that SQL wants."""
    return name.replace('"', "")


def _definition(query: str, *names: str) -> Definition:
    with connection.cursor() as cursor:
        cursor.execute(query, names)
        return list(cursor.fetchall())


def temporary_schema() -> str:
    """The schema in which the session's temporary tables lie, if it has any."""
    return str(_definition("SELECT pg_my_temp_schema()::regnamespace::text")[0][0])


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
