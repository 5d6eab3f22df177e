"""Expressions computed by the database, before what they come to is recorded."""

from typing import Any

from django.core.exceptions import FieldError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import ExpressionWrapper, F
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql import Query
from django.db.models.sql.constants import SINGLE

from versioning.entities.expressions import ExpressionRefused
from versioning.saving.tracked import TrackedModel


def compute_for_new(instance: TrackedModel, expressions: dict[str, Any]) -> None:
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


def compute_for_edit(instance: TrackedModel, expressions: dict[str, Any]) -> None:
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
        ._base_manager.filter(pk=instance.pk)
        .annotate(**new)
        .values(*expressions, *new)
        .get()
    )
    for attribute in expressions:
        instance.edit_from(attribute, row[attribute])
        setattr(instance, attribute, row[f"_new_{attribute}"])


def _typed(instance: TrackedModel, attribute: str, expression: Any) -> Any:
    """The expression with the type of its field, where it does not say its own."""
    if isinstance(expression, F):
        return expression
    field: Any = instance._meta.get_field(attribute)
    return ExpressionWrapper(expression, output_field=field)
