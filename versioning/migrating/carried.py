"""Old values before their column gets another type: each has to be one that a save could write.

Looked at is what every version holds, each value once, before anything is changed. Carried over
as a replay will carry it, it has to come out as the column will have it.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import functions

from versioning.entities.kinds import VERSION_SUFFIX
from versioning.entities.values import has_own_form, hstore_text, to_json
from versioning.fields.items import ItemsField
from versioning.schema.carrying import Cast, UncarriedValue, is_same, settled, shown, under_settings

_CHUNK = 2_000

_COLUMNS = """
SELECT told.place, (held.value::{before})::{after} IS DISTINCT FROM told.value,
       ((held.value::{before})::{after})::text
  FROM ROWS FROM (jsonb_to_recordset(%s::jsonb) AS (value {after})) WITH ORDINALITY
    AS told(value, place)
  JOIN unnest(%s::text[]) WITH ORDINALITY AS held(value, place) USING (place)
 ORDER BY 1
"""


class _Held(NamedTuple):
    """A value of a column: as events have it, and as PostgreSQL writes it."""

    document: Any
    text: str


def require_carried(before: Any, after: Any, settings: Mapping[str, str]) -> None:
    """Refuse values of versions that a field would hold otherwise than a save of it writes them.

    `before` and `after` are the version's field. Raises UncarriedValue. Cost: one scan of the
    table of versions, and a cast of each value that is in it.
    """
    if not _may_be_read_otherwise(before, after):
        return
    types = _type(before), _type(after)
    carry: Callable[[Any], Any] = _as_it_is
    if not is_same(*types):
        carry = Cast(*types, settings)
    for chunk in batched(_held(before), _CHUNK, strict=False):
        if isinstance(carry, Cast):
            carry.learn(each.document for each in chunk)
        documents = [_carried(before, after, carry, each.document) for each in chunk]
        _require_columns(before, types, settings, chunk, documents)


def _may_be_read_otherwise(before: Any, after: Any) -> bool:
    if before.generated or after.generated or _becomes_list_or_one(before, after):
        return False
    if isinstance(before, ItemsField) and isinstance(after, ItemsField):
        return False  # their parts are carried over by themselves
    if not is_same(_type(before), _type(after)):
        return True
    return (has_own_form(before) or has_own_form(after)) and _form(before) != _form(after)


def _form(field: Any) -> Any:
    """What a field is made of, without what only people read."""
    _, path, arguments, options = field.deconstruct()
    told = {name: each for name, each in options.items() if name not in models.Field.non_db_attrs}
    return path, arguments, told


def _becomes_list_or_one(before: Any, after: Any) -> bool:
    """Whether one reference becomes a list of them, or the other way round: no cast is asked."""
    classes = (models.ForeignKey, ArrayField), (ArrayField, models.ForeignKey)
    return any(isinstance(before, one) and isinstance(after, other) for one, other in classes)


def _type(field: Any) -> str:
    return str(field.db_type(connection))


def _as_it_is(value: Any) -> Any:
    return value


def _held(field: Any) -> Iterator[_Held]:
    """Every value that a version has, once for each text that PostgreSQL has for it."""
    rows = (
        field.model._base_manager.filter(**{f"{field.attname}__isnull": False})
        .annotate(text_of_the_column=functions.Cast(field.attname, models.TextField()))
        .order_by("text_of_the_column")
        .distinct("text_of_the_column")
        .values_list(field.attname, "text_of_the_column")
    )
    for value, text in rows.iterator(_CHUNK):
        yield _Held(to_json(field, value), text)


def _carried(before: Any, after: Any, carry: Callable[[Any], Any], value: Any) -> Any:
    """A value as a replay will have it, which is not nothing. Raises UncarriedValue."""
    try:
        answer = carry(value)
    except ValueError as error:
        raise _uncarried(before, value, str(error)) from error
    if answer is None:
        raise _uncarried(before, value, "would become nothing")
    try:
        return settled(after, answer)
    except ValueError as error:
        raise _uncarried(before, value, f"would become {shown(answer)}, {error}") from error


def _require_columns(
    before: Any,
    types: tuple[str, str],
    settings: Mapping[str, str],
    chunk: Sequence[_Held],
    documents: list[Any],
) -> None:
    """Refuse what a save would write otherwise than PostgreSQL casts it. Raises UncarriedValue."""
    is_hstore = types[1].startswith("hstore")
    told = [{"value": hstore_text(each) if is_hstore else each} for each in documents]
    query = _COLUMNS.format(before=types[0], after=types[1])
    with under_settings(settings), connection.cursor() as cursor:
        cursor.execute(query, [json.dumps(told), [each.text for each in chunk]])
        rows = cursor.fetchall()
    for place, differs, column in rows:
        if differs:
            problem = f"would become {column}, where a save writes {shown(documents[place - 1])}"
            raise _uncarried(before, chunk[place - 1].document, problem)


def _uncarried(field: Any, value: Any, problem: str) -> UncarriedValue:
    label = field.model._meta.label_lower.removesuffix(VERSION_SUFFIX)
    return UncarriedValue(label, field.name, value, problem)
