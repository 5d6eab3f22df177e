"""What the database holds, beside twins that are made from our own statements.

PostgreSQL keeps functions and views in a form of its own, which no text of
ours equals. So each is made once more, in the session's temporary schema, and
the catalogue's rows of both are compared. Nobody else sees the twins, and the
live ones are only read.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from django.db import connection, transaction

from eventstore import sqlfiles
from eventstore.integrity import Finding

_NAME = r"(?:\w+\.)?(?:\w+|\"[^\"]+\")"
_PLACE = re.compile(r"(?:(\w+)\.)?(?:(\w+)|\"([^\"]+)\")")
_FUNCTION = re.compile(rf"\s*CREATE FUNCTION ({_NAME})\(")
_VIEW = re.compile(rf"\s*CREATE VIEW ({_NAME}) AS")
_TRIGGER = re.compile(rf"\s*CREATE TRIGGER (\w+) (.*) ON ({_NAME})\s+FOR EACH (.*)", re.DOTALL)

_TEMPORARY = "pg_temp"
_TABLE = f"{_TEMPORARY}.twin_of_table"  # and a number: a name of triggers is once on each

Place = tuple[str, str]
"""Where something is: its schema, or a trigger's table, and its name."""

Definitions = Sequence[tuple[object, ...]]
"""The catalogue's rows of a thing: none where it is missing, several of an overloaded function."""


@dataclass(frozen=True)
class _Twin:
    """A function or view, the statement that makes its twin, and where both are."""

    query: ClassVar[str]

    kind: str
    name: str
    statement: str
    ours: Place
    live: Place

    def compare(self, ours: Definitions, live: Definitions) -> Iterator[Finding]:
        what = f"{self.kind} {_without_quotes(self.name)}"
        if not live:
            yield Finding(what, "is missing: what it guards or shows is unguarded or not shown.")
        elif ours != live:
            yield Finding(what, "is not the one that the migrations made: it was replaced.")


class _Function(_Twin):
    query = sqlfiles.statement(__file__, "function_definitions")

    @classmethod
    def of(cls, name: str, statement: str) -> "_Function":
        place = _place(name)
        twin = f'{_TEMPORARY}."{place[1]}"'
        made = statement.replace(f"CREATE FUNCTION {name}(", f"CREATE FUNCTION {twin}(", 1)
        return cls("function", name, made, (_TEMPORARY, place[1]), place)


class _View(_Twin):
    query = sqlfiles.statement(__file__, "view_definitions")

    @classmethod
    def of(cls, name: str, statement: str, twin: str) -> "_View":
        made = statement.replace(f"CREATE VIEW {name} AS", f"CREATE TEMPORARY VIEW {twin} AS", 1)
        return cls("view", name, made, (_TEMPORARY, twin), _place(name))


class _Trigger(_Twin):
    """Ours fire always; what a twin is compared in is told by its statement alone."""

    query = sqlfiles.statement(__file__, "trigger_definitions")

    @classmethod
    def of(cls, name: str, table: str, statement: str, twin_table: str) -> "_Trigger":
        made = re.sub(rf" ON {_NAME}(\s+FOR EACH)", rf" ON {twin_table}\1", statement, count=1)
        made += f"; ALTER TABLE {twin_table} ENABLE ALWAYS TRIGGER {name}"
        of_table = f"{name} on {table.split('.')[-1]}"
        return cls("trigger", of_table, made, (twin_table, name), (table, name))

    def compare(self, ours: Definitions, live: Definitions) -> Iterator[Finding]:
        if live and ours != live and ours[0][:-1] == live[0][:-1]:
            what = f"trigger {_without_quotes(self.name)}"
            yield Finding(what, "is switched off or does not fire always.")
        else:
            yield from super().compare(ours, live)


def verify_definitions(statements: Iterable[str]) -> Iterator[Finding]:
    """Every function, view and trigger that the statements make is as they make it.

    Cost: eight statements, however many definitions there are.
    """
    twins = list(_twins(statements))
    with _made(twins):
        ours = _definitions([(twin.query, twin.ours) for twin in twins])
        live = _definitions([(twin.query, twin.live) for twin in twins])
    for twin, mine, its in zip(twins, ours, live, strict=True):
        yield from twin.compare(mine, its)


def _twins(statements: Iterable[str]) -> Iterator[_Twin]:
    triggers = Counter[str]()
    for number, statement in enumerate(statements):
        if found := _FUNCTION.match(statement):
            yield _Function.of(found[1], statement)
        elif found := _VIEW.match(statement):
            yield _View.of(found[1], statement, f"twin_of_view_{number}")
        elif found := _TRIGGER.match(statement):
            triggers[found[1]] += 1
            yield _Trigger.of(found[1], found[3], statement, f"{_TABLE}_{triggers[found[1]]}")


@contextmanager
def _made(twins: Sequence[_Twin]) -> Iterator[None]:
    """The twins exist inside, and nowhere afterwards."""
    tables = sorted({twin.ours[0] for twin in twins if isinstance(twin, _Trigger)})
    # The bodies are compared, not run: to have them checked takes most of the time.
    statements = ["SET LOCAL check_function_bodies = off"]
    statements += [f"CREATE TABLE {table} ()" for table in tables]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("; ".join([*statements, *(twin.statement for twin in twins)]))
        yield
        transaction.set_rollback(True)


def _definitions(wanted: Sequence[tuple[str, Place]]) -> Sequence[Definitions]:
    """For each query and place what the catalogue holds there. Cost: a statement for each query."""
    definitions: list[list[tuple[object, ...]]] = [[] for _ in wanted]
    of_query = defaultdict[str, list[int]](list)
    for index, (query, _) in enumerate(wanted):
        of_query[query].append(index)
    for query, indexes in of_query.items():
        places = [wanted[index][1] for index in indexes]
        with connection.cursor() as cursor:
            cursor.execute(query, [[place[0] for place in places], [place[1] for place in places]])
            for number, *definition in cursor.fetchall():
                definitions[indexes[number - 1]].append(tuple(definition))
    return definitions


def _place(name: str) -> Place:
    """Where a name leads that a statement has, with or without a schema and quotes."""
    place = _PLACE.fullmatch(name)
    assert place is not None, name
    schema, bare, quoted = place.groups()
    return schema or "public", quoted or bare.lower()


def _without_quotes(name: str) -> str:
    return name.replace('"', "")


def temporary_schema() -> str:
    """The schema in which the session's temporary tables lie, if it has any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_my_temp_schema()::regnamespace::text")
        return str(cursor.fetchall()[0][0])
