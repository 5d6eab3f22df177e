"""The column that a value is sorted by, which the database derives from it.

It stands in head and version tables alike, and the views show it, so that ordering and
filtering work by an index at every viewpoint.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.checks import CheckMessage
from django.db import models
from django.db.models import Func

from versioning.fields.units import Dimension

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = object


class WithSortColumn(_Field):
    """Mixed into a model field: brings a generated column named after it along.

    `db_index` puts an index on that column. `sort_column=False` says that the column is
    declared by itself, as in migrations and version tables, which list every column.
    """

    sort_suffix: ClassVar[str]

    def __init__(self, *args: Any, sort_column: bool = True, **kwargs: Any) -> None:
        self._brings_column = sort_column
        self._index_column = bool(kwargs.pop("db_index", False)) and sort_column
        super().__init__(*args, **kwargs)

    def sort_expression(self) -> "OfColumn":
        """What the column holds."""
        raise NotImplementedError

    def sort_output(self) -> "models.Field[Any, Any]":
        """The column's type."""
        raise NotImplementedError

    def sort_value(self, value: Any) -> Any:
        """What the database makes of a value, for the instance that was just saved."""
        raise NotImplementedError

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        settled = None if value is None else self.sort_value(value)
        setattr(model_instance, f"{self.name}{self.sort_suffix}", settled)
        return value

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        super().contribute_to_class(cls, name, private_only)
        if self._brings_column and not cls._meta.abstract:
            column = SortColumn(
                expression=self.sort_expression().declared_with_its_column(),
                output_field=self.sort_output(),
                db_persist=True,
                null=True,
                db_index=self._index_column,
            )
            cls.add_to_class(f"{name}{self.sort_suffix}", column)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "sort_column": False}


class SortColumn(models.GeneratedField):
    """A stored generated column, which every PostgreSQL has that the engine runs on.

    Django would ask the server for its version to check that, and `check` must work where
    there is no server.
    """

    def _check_supported(self, databases: Any) -> list[CheckMessage]:
        return []

    def deconstruct(self) -> Any:
        """As Django's own field: in a migration there is no difference."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.GeneratedField", args, kwargs


class OfColumn(Func):
    """An expression of one column.

    makemigrations puts an index on a new generated column before the column itself, once it
    sees that the column needs another one; so an expression that a model declares does not
    say which. One that a migration made does, so that the two are removed in the right order.
    """

    _tells = True

    def declared_with_its_column(self) -> Self:
        self._tells = False
        return self

    def get_source_expressions(self) -> Any:
        return super().get_source_expressions() if self._tells else []

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        telling = self.copy()
        telling._tells = True  # noqa: SLF001  # a copy of its own kind
        return Func.resolve_expression(telling, *args, **kwargs)


class InBaseUnit(OfColumn):
    """A quantity's figure in the base unit of its dimension; NULL for a unit that is not listed."""

    def __init__(self, name: str, factors: dict[str, str]) -> None:
        super().__init__(name)
        self._factors = factors

    @classmethod
    def of(cls, name: str, dimension: Dimension) -> "InBaseUnit":
        return cls(name, {unit: str(factor) for unit, factor in dimension.units.items()})

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> Any:
        column, parameters = compiler.compile(self.source_expressions[0])
        units = " ".join(f"WHEN '{unit}' THEN {factor}" for unit, factor in self._factors.items())
        sql = f"(({column} ->> 'value')::numeric * CASE {column} ->> 'unit' {units} END)"
        return sql, (*parameters, *parameters)


class FirstDay(OfColumn):
    """The first day that a date in EDTF can mean. Never an error, whatever the text is."""

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> Any:
        column, parameters = compiler.compile(self.source_expressions[0])
        date = f"substring({column} from '[0-9][0-9X]{{3}}(?:-[0-9X]{{2}}){{0,2}}')"
        year = f"replace(left({date}, 4), 'X', '0')::int"
        month = f"coalesce(nullif(replace(substr({date}, 6, 2), 'X', '0'), '')::int, 1)"
        day = f"coalesce(nullif(replace(substr({date}, 9, 2), 'X', '0'), '')::int, 1)"
        # EDTF numbers the seasons from 21 to 24.
        first = f"CASE WHEN {month} BETWEEN 21 AND 24 THEN ({month} - 20) * 3 ELSE {month} END"
        # A day beyond its month's end is counted on from the first: nothing here can fail.
        sql = (
            f"CASE WHEN {date} IS NOT NULL THEN"
            f" make_date(greatest({year}, 1), least(greatest({first}, 1), 12), 1)"
            f" + greatest({day}, 1) - 1 END"
        )
        return sql, parameters * sql.count(column)
