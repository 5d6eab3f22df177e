"""Values that the database computes: `F("pages") + 1`, `Now()`, assigned to be saved.

An event holds values, so an expression is computed before it is recorded: of what stands now,
under the log's lock, where nobody can change it any more. Each is counted once.
"""

from types import NoneType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import FieldError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import ExpressionWrapper, F
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql import Query
from django.db.models.sql.constants import SINGLE

from eventstore.errors import Refusal
from versioning.entities.kinds import Kind

if TYPE_CHECKING:
    from versioning.entities.model import VersionedModel


class ExpressionRefused(Refusal, TypeError):
    """An expression stands where only a value can be recorded."""

    code = "expression-refused"
    status = 500
    hint = "Give it a value."


_PLAIN = frozenset({NoneType, bool, int, float, str, UUID})
"""What most values are: to find the type costs less than to miss an attribute."""


def is_expression(value: Any) -> bool:
    return type(value) not in _PLAIN and hasattr(value, "resolve_expression")


def expressions_of(instance: "VersionedModel", kind: Kind) -> dict[str, Any]:
    """The attributes of an instance that hold expressions."""
    held = instance.__dict__
    return {
        f.attribute: held[f.attribute]
        for f in kind.column_fields
        if is_expression(held.get(f.attribute))
    }


def refuse_expressions(instance: "VersionedModel", kind: Kind) -> None:
    """Refuse what only the database can compute. Raises ExpressionRefused."""
    for attribute in expressions_of(instance, kind):
        raise ExpressionRefused(
            f"{attribute} holds an expression, and a batch records values.",
            "Give it a value, or save() the instance, or call QuerySet.update() or bulk_update().",
        )


def compute_for_new(instance: "VersionedModel", expressions: dict[str, Any]) -> None:
    """Give a new instance the values of its expressions, which name no row yet.

    Raises ExpressionRefused.
    """
    query = Query(None)
    try:
        for attribute, expression in expressions.items():
            if isinstance(expression, DatabaseDefault):
                expression = vars(expression)["expression"]  # what the database would do
            query.add_annotation(_typed(instance, attribute, expression), f"_new_{attribute}")
        values = query.get_compiler(using=DEFAULT_DB_ALIAS).execute_sql(SINGLE)
    except (FieldError, AttributeError):
        raise ExpressionRefused(
            f"{', '.join(expressions)}: a new {instance._meta.verbose_name} has no row whose "
            "fields an expression could name."
        ) from None
    for attribute, value in zip(expressions, values, strict=True):
        setattr(instance, attribute, value)


def compute_for_edit(instance: "VersionedModel", expressions: dict[str, Any]) -> None:
    """Give an instance the values of its expressions, of its row as it stands now.

    The caller holds the log's lock. What stands there is what the edit begins from, for nobody
    else's edit of these fields can be overlooked. Raises DoesNotExist.
    """
    new = {
        f"_new_{attribute}": _typed(instance, attribute, expression)
        for attribute, expression in expressions.items()
    }
    row = (
        type(instance)
        .objects.filter(pk=instance.pk)
        .annotate(**new)
        .values(*expressions, *new)
        .get()
    )
    for attribute in expressions:
        instance.edit_from(attribute, row[attribute])
        setattr(instance, attribute, row[f"_new_{attribute}"])


def _typed(instance: "VersionedModel", attribute: str, expression: Any) -> Any:
    """The expression with the type of its field, where it does not say its own."""
    if isinstance(expression, F):
        return expression
    field: Any = instance._meta.get_field(attribute)
    return ExpressionWrapper(expression, output_field=field)
