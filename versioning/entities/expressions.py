"""Values that the database computes: `F("pages") + 1`, `Now()`, assigned to be saved.

An event holds values, so an expression is computed before it is recorded: of what stands now,
under the log's lock, where nobody can change it any more. Each is counted once.
"""

from types import NoneType
from typing import Any
from uuid import UUID

from eventstore.errors import Refusal
from versioning.entities.historical import HistoricalModel
from versioning.entities.kinds import Kind


class ExpressionRefused(Refusal, TypeError):
    """An expression stands where only a value can be recorded."""

    code = "expression-refused"
    status = 500
    hint = "Give it a value."


_PLAIN = frozenset({NoneType, bool, int, float, str, UUID})
"""What most values are: to find the type costs less than to miss an attribute."""


def is_expression(value: Any) -> bool:
    return type(value) not in _PLAIN and hasattr(value, "resolve_expression")


def expressions_of(instance: HistoricalModel, kind: Kind) -> dict[str, Any]:
    """The attributes of an instance that hold expressions."""
    held = instance.__dict__
    return {
        f.attribute: held[f.attribute]
        for f in kind.column_fields
        if is_expression(held.get(f.attribute))
    }


def refuse_expressions(instance: HistoricalModel, kind: Kind) -> None:
    """Refuse what only the database can compute. Raises ExpressionRefused."""
    for attribute in expressions_of(instance, kind):
        raise ExpressionRefused(
            f"{attribute} holds an expression, and a batch records values.",
            "Give it a value, or save() the instance, or call QuerySet.update() or bulk_update().",
        )
