"""One entity by its key: the read with which an edit begins.

Django writes a query's SQL anew each time, names every column in it, and has PostgreSQL plan it;
together they take longer than finding the row. This one differs from entity to entity by the key
alone, so Django writes it once for a model, and the head of main is read by a prepared statement.
"""

from functools import cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

from eventstore.connection import server_cursor
from versioning.viewpoints import entering
from versioning.viewpoints.threads import require_here


class _Statement:
    """What Django asks for an entity of a model, and how it reads the answer."""

    def __init__(self, model: type[Model]) -> None:
        asked: Any = QuerySet(model).filter(pk=UUID(int=0)).query
        compiler = asked.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, _ = compiler.as_sql()
        columns = [column for column, _, _ in compiler.select]
        self.names = [column.target.attname for column in columns]
        self._converters = compiler.get_converters(columns)

    def values(self, row: tuple[Any, ...]) -> list[Any]:
        values = list(row)
        for place, (converters, column) in self._converters.items():
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        return values


_statement = cache(_Statement)


def entity_by_key[M: Model](model: type[M], key: UUID) -> M | None:
    """The entity as queries read it now; None if there is none. One round trip."""
    require_here()
    statement = _statement(model)
    # A viewpoint's views are others, and what it sets would have PostgreSQL plan anew.
    is_kept = entering.current().is_head_of_main
    with server_cursor() as cursor:
        row = cursor.execute(statement.sql, [key], prepare=is_kept).fetchone()
    if row is None:
        return None
    return model.from_db(DEFAULT_DB_ALIAS, statement.names, statement.values(row))
