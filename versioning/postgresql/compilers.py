"""Django's compilers, but that DELETE and UPDATE of a versioned model become events.

Querysets of versioned models write events by themselves. What Django writes without asking them
(a row without versions is deleted, and its cascade comes to entities) ends here.
"""

from typing import Any

from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLCompiler,
    SQLInsertCompiler,
)
from django.db.models.sql import compiler

from versioning.saving import context, unversioned
from versioning.saving.deleting import delete_alone
from versioning.saving.model import VersionedModel
from versioning.saving.queryset import VersionedQuery

__all__ = [
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]


class SQLDeleteCompiler(compiler.SQLDeleteCompiler):
    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        """Delete what matches; whoever asks has looked at what hangs on it, and sends signals."""
        query: Any = self.query
        if not issubclass(query.model, VersionedModel):
            unversioned.require_main(query.model, context.writing_to())
            return super().execute_sql(*args, **kwargs)
        return delete_alone(_matches(query))


class SQLUpdateCompiler(compiler.SQLUpdateCompiler):
    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        query: Any = self.query
        if not issubclass(query.model, VersionedModel):
            return super().execute_sql(*args, **kwargs)
        return _matches(query).update(**{field.name: value for field, _, value in query.values})


def _matches(query: Any) -> Any:
    """The queryset of the rows that a statement is about."""
    matches = query.model._base_manager.all()
    matches.query = VersionedQuery.of(query)
    return matches
