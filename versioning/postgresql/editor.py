"""The schema editor: Django's own, but that heads and versions get the same values.

A default that is computed (`uuid4`, `timezone.now`) is evaluated once for the head table and
the version table of a field, so that the log can say what it was.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

from versioning.entities.kinds import VERSION_SUFFIX
from versioning.migrating.under_way import Filled, current_step

_REFERENCE_CASTS = {
    ("uuid", "uuid[]"): (
        " USING CASE WHEN %(column)s IS NULL THEN '{}' ELSE ARRAY[%(column)s] END"
    ),
    ("uuid[]", "uuid"): " USING (%(column)s)[1]",
}
"""By the types before and after, where PostgreSQL has no cast of its own."""


class SchemaEditor(DatabaseSchemaEditor):
    connection: Any
    _is_emptying = False

    def effective_default(self, field: "models.Field[Any, Any]") -> Any:
        """The value that rows get which stand already: one for all tables of a kind."""
        step = current_step()
        if step is None:
            return super().effective_default(field)
        key = fill_key(field)
        if key not in step.fills:
            step.fills[key] = self._effective_default(field)  # type: ignore[attr-defined]  # Django's own, unlisted
        return field.get_db_prep_save(step.fills[key], self.connection)

    def alter_field(
        self, model: type[models.Model], old_field: Any, new_field: Any, strict: bool = False
    ) -> None:
        """As Django's, which fills what was empty by an UPDATE: the guards let that one pass.

        A default of the database's own is evaluated once for it.
        """
        fills = old_field.null and not new_field.null and new_field.has_db_default()
        with self._writing():
            if current_step() is None or not fills:
                super().alter_field(model, old_field, new_field, strict)
                return
            settled = self._settled(new_field)
            super().alter_field(model, old_field, settled, strict)
            self._put_default_back(model, settled, new_field)

    def empty_field(self, model: type[models.Model], old_field: Any, new_field: Any) -> None:
        """Alter a column whose values are made anew: it is empty until then."""
        self._is_emptying = True
        self.alter_field(model, old_field, new_field)
        self._is_emptying = False

    def _using_sql(self, new_field: Any, old_field: Any) -> str | None:
        """How a column's values are cast.

        A reference that becomes a list of references is cast too, and the other way round. A
        text that would be cut is refused, where Django's cast cuts it without a word.
        """
        if self._is_emptying:
            return " USING NULL"
        before, after = (str(f.db_type(self.connection)) for f in (old_field, new_field))
        if (before, after) in _REFERENCE_CASTS:
            return _REFERENCE_CASTS[before, after]
        using: str | None = super()._using_sql(new_field, old_field)  # type: ignore[misc]  # as above
        if using and after.startswith("varchar("):
            return " USING %(column)s::text"
        return using

    def add_field(self, model: type[models.Model], field: Any) -> None:
        """As Django's; a default of the database's own is evaluated once as well."""
        if current_step() is None or not field.has_db_default():
            super().add_field(model, field)
            return
        settled = self._settled(field)
        super().add_field(model, settled)
        self._put_default_back(model, settled, field)

    def _settled(self, field: Any) -> Any:
        """The field with the value that its default has now, for all tables of a kind."""
        step = current_step()
        assert step is not None
        key = fill_key(field)
        if key not in step.fills:
            step.fills[key] = self._evaluated(field)
        settled = copy.copy(field)
        settled.__dict__.pop("_db_default_expression", None)
        settled.db_default = models.Value(step.fills[key], output_field=field)
        return settled

    def _put_default_back(self, model: type[models.Model], settled: Any, field: Any) -> None:
        change, parameters = self._alter_column_database_default_sql(  # type: ignore[attr-defined]  # as above
            model, settled, field
        )
        table = self.quote_name(model._meta.db_table)
        self.execute(self.sql_alter_column % {"table": table, "changes": change}, parameters)

    def _evaluated(self, field: "models.Field[Any, Any]") -> Any:
        """What the database's own default of a field gives now."""
        sql, parameters = self.db_default_sql(field)
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT ({sql})::{field.db_type(self.connection)}", parameters)
            return cursor.fetchone()[0]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if current_step() is None or self.collect_sql:
            yield
            return
        self.execute("SELECT set_config('projections.writing', '1', true)")
        yield
        self.execute("SELECT set_config('projections.writing', '', true)")


def fill_key(field: "models.Field[Any, Any]") -> Filled:
    """Under which a value is kept that a field's existing rows get."""
    meta = field.model._meta
    table = meta.db_table
    if any(each.name == "branch_number" for each in meta.local_fields):
        table = table.removesuffix(VERSION_SUFFIX)
    return table, str(field.column), field.null
