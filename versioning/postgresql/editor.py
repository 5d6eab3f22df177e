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

from eventstore.errors import Refusal
from versioning.schema.carrying import under_settings
from versioning.schema.under_way import current_step

_REFERENCE_CASTS = {
    ("uuid", "uuid[]"): (
        " USING CASE WHEN %(column)s IS NULL THEN '{}' ELSE ARRAY[%(column)s] END"
    ),
    ("uuid[]", "uuid"): " USING (%(column)s)[1]",
}
"""By the types before and after, where PostgreSQL has no cast of its own."""

_BESIDE_A_TABLE = """
SELECT c.relname
  FROM pg_class AS c
  LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
  LEFT JOIN pg_depend AS d ON d.objid = c.oid AND d.deptype IN ('a', 'i') AND c.relkind = 'S'
 WHERE to_regclass(%s) IN (i.indrelid, d.refobjid)
"""
"""The indexes of a table, and the sequences of its columns."""

_LONGEST_NAME = 63


def _is_reference(field: Any) -> bool:
    return isinstance(field, models.ForeignKey)


def _is_of_versions(model: type[models.Model]) -> bool:
    return any(field.name == "branch_number" for field in model._meta.local_fields)


class ComputedField(Refusal):
    """A generated column is to be computed otherwise, which none can be."""

    code = "computed-field"
    status = 409
    hint = (
        "Take the generated field out of the model, with its indexes, and migrate; then put it "
        "back as it shall be. (A QuantityField or a PartialDateField brings none with "
        "sort_column=False.)"
    )


@contextmanager
def _saying_what_is_computed(field: Any) -> Iterator[None]:
    """What Django refuses to do to a generated field, as a refusal."""
    try:
        yield
    except ValueError as error:
        if not field.generated:
            raise
        label = field.model._meta.label
        raise ComputedField(
            f"{label}.{field.name} is computed by the database, and would be computed differently."
        ) from error


class SchemaEditor(DatabaseSchemaEditor):
    connection: Any
    _is_emptying = False

    def effective_default(self, field: "models.Field[Any, Any]") -> Any:
        """The value that rows get which stand already: one for all tables of a kind."""
        step = current_step()
        if step is None:
            return super().effective_default(field)
        value = step.fills.value(
            field,
            lambda: self._effective_default(field),  # type: ignore[attr-defined]  # Django's own, unlisted
        )
        return field.get_db_prep_save(value, self.connection)

    def alter_field(
        self, model: type[models.Model], old_field: Any, new_field: Any, strict: bool = False
    ) -> None:
        """As Django's, which fills what was empty by an UPDATE: the guards let that one pass.

        A default of the database's own is evaluated once for it.
        """
        if (step := current_step()) is None:
            super().alter_field(model, old_field, new_field, strict)
            return
        if _is_of_versions(model) and not self._is_emptying:
            step.require_carried(old_field, new_field)
        with self._writing(), under_settings(step.settings), _saying_what_is_computed(new_field):
            self._alter_and_fill(model, old_field, new_field, strict)
        if old_field.column != new_field.column:
            step.fills.rename_column(model._meta.db_table, old_field.column, new_field.column)
        if old_field.db_type(self.connection) != new_field.db_type(self.connection):
            step.fills.cast(new_field)

    def _alter_and_fill(
        self, model: type[models.Model], old_field: Any, new_field: Any, strict: bool
    ) -> None:
        fills = old_field.null and not new_field.null and new_field.has_db_default()
        if not fills:
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
        text that would be cut is refused, where Django's cast cuts it without a word. And zero
        has no sign.
        """
        if self._is_emptying:
            return " USING NULL"
        before, after = (str(f.db_type(self.connection)) for f in (old_field, new_field))
        is_listed = _is_reference(old_field) != _is_reference(new_field)
        if is_listed and (before, after) in _REFERENCE_CASTS:
            return _REFERENCE_CASTS[before, after]
        using: str | None = super()._using_sql(new_field, old_field)  # type: ignore[misc]  # as above
        if using and after.startswith("varchar("):
            return f" USING %(column)s::text{'[]' * after.count('[')}"
        if using and after == "double precision":
            return f"{using} + 0.0"
        return using

    def add_field(self, model: type[models.Model], field: Any) -> None:
        """As Django's; a default of the database's own is evaluated once as well."""
        if current_step() is None or not field.has_db_default():
            super().add_field(model, field)
            return
        settled = self._settled(field)
        super().add_field(model, settled)
        self._put_default_back(model, settled, field)

    def remove_field(self, model: type[models.Model], field: Any) -> None:
        super().remove_field(model, field)
        if (step := current_step()) is not None:
            step.fills.drop_column(model._meta.db_table, field.column)

    def alter_db_table(
        self, model: type[models.Model], old_db_table: str, new_db_table: str
    ) -> None:
        super().alter_db_table(model, old_db_table, new_db_table)
        if (step := current_step()) is not None and old_db_table != new_db_table:
            step.fills.rename_table(old_db_table, new_db_table)
            self._rename_what_is_beside(model, old_db_table, new_db_table)

    def _rename_what_is_beside(self, model: type[models.Model], before: str, after: str) -> None:
        """Call after the table what was called after it, but for what the state calls by name.

        Another table of the former name calls its own so, and comes to stand beside this one.
        """
        kept = {each.name for each in (*model._meta.indexes, *model._meta.constraints)}
        with self.connection.cursor() as cursor:
            cursor.execute(_BESIDE_A_TABLE, [self.quote_name(after)])
            names = {name for (name,) in cursor.fetchall()} - kept
        for name in sorted(names):
            if name.startswith(f"{before}_"):
                ending = name.removeprefix(before)
                renamed = f"{after[: _LONGEST_NAME - len(ending)]}{ending}"
                old, new = map(self.quote_name, (name, renamed))
                self.execute(f"ALTER TABLE {old} RENAME TO {new}")

    def delete_model(self, model: type[models.Model]) -> None:
        super().delete_model(model)
        if (step := current_step()) is not None:
            step.fills.drop_table(model._meta.db_table)

    def _settled(self, field: Any) -> Any:
        """The field with the value that its default has now, for all tables of a kind."""
        step = current_step()
        assert step is not None
        value = step.fills.value(field, lambda: self._evaluated(field))
        settled = copy.copy(field)
        settled.__dict__.pop("_db_default_expression", None)
        settled.db_default = models.Value(value, output_field=field)
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
        self.execute("SELECT set_config('projections.writing', '1', true)")
        yield
        self.execute("SELECT set_config('projections.writing', '', true)")
