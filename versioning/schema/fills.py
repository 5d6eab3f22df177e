"""What rows got that stood already when a migration gave their table a column, or filled one.

Head and versions get one value, and the log is told which. A migration changes their tables one
after the other, and may rename what it has filled; so a column is told by what it was first:

    AlterField  size (default 8)      shop_item.size   gets 8
    RenameField size -> width         shop_item.width  is what was shop_item.size
    AddField    size (default "")     shop_item.size   is another
"""

from collections import Counter
from collections.abc import Callable, Hashable
from typing import Any

from django.db import models

from versioning.entities.kinds import VERSION_SUFFIX


class Fills:
    """One value for all tables of a kind, by the field as it is now."""

    def __init__(self) -> None:
        self._values: dict[Hashable, Any] = {}
        self._cast: set[Hashable] = set()
        self._tables = _Names()
        self._columns = _Names()

    def __contains__(self, field: "models.Field[Any, Any]") -> bool:
        return self._key(field) in self._values

    def __getitem__(self, field: "models.Field[Any, Any]") -> Any:
        return self._values[self._key(field)]

    def value(self, field: "models.Field[Any, Any]", evaluate: Callable[[], Any]) -> Any:
        """The value that rows get: evaluated when it is first asked for."""
        key = self._key(field)
        if key not in self._values:
            self._values[key] = evaluate()
        return self._values[key]

    def is_cast(self, field: "models.Field[Any, Any]") -> bool:
        """Whether the column got another type since: what rows got is not what they have."""
        return self._column(field) in self._cast

    def cast(self, field: "models.Field[Any, Any]") -> None:
        self._cast.add(self._column(field))

    def forget(self) -> None:
        """Forget the values: the log was told of them. What columns were first is still known."""
        self._values.clear()
        self._cast.clear()

    def rename_table(self, before: str, after: str) -> None:
        self._tables.rename(before, after)

    def drop_table(self, table: str) -> None:
        self._tables.free(table)

    def rename_column(self, table: str, before: str, after: str) -> None:
        origin = self._tables.origin(table)
        self._columns.rename((origin, before), (origin, after))

    def drop_column(self, table: str, column: str) -> None:
        self._columns.free((self._tables.origin(table), column))

    def _key(self, field: "models.Field[Any, Any]") -> Hashable:
        return self._column(field), field.null

    def _column(self, field: "models.Field[Any, Any]") -> Hashable:
        meta = field.model._meta
        origin = self._tables.origin(meta.db_table)
        (_, column), use = self._columns.origin((origin, field.column))
        table, use_of_table = origin
        if any(each.name == "branch_number" for each in meta.local_fields):
            table = table.removesuffix(VERSION_SUFFIX)
        return table, use_of_table, column, use


class _Names:
    """Tells what a name stands for now.

    That is the name it had at first, with how many others had that name before it.
    """

    def __init__(self) -> None:
        self._origins: dict[Any, tuple[Any, int]] = {}
        self._former: Counter[Any] = Counter()

    def origin(self, name: Any) -> tuple[Any, int]:
        return self._origins.get(name, (name, self._former[name]))

    def rename(self, before: Any, after: Any) -> None:
        origin = self.origin(before)
        self.free(before)
        self._origins[after] = origin

    def free(self, name: Any) -> None:
        """What was called so is gone, or called otherwise."""
        self._origins.pop(name, None)
        self._former[name] += 1
