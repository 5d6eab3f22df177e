"""Answers to conflicts, as values that a proposal keeps.

An answer is the value that a field, an item or an entity is to have. Two answers are none of
these: that there is to be no such value, and that an entity is to be as one side has it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Self
from uuid import UUID

from django.contrib.postgres.fields import HStoreField
from django.core.exceptions import ValidationError
from django.db import models

from eventstore.errors import Refusal
from eventstore.unfit import fault_of
from versioning.branches.documents import Entity
from versioning.branches.rules import entity_of, name_of
from versioning.entities.kinds import Document, DocumentField, Kind
from versioning.entities.values import ValueField, is_coded
from versioning.fields.validation import sentences_of
from versioning.merge import MISSING, Side, put, split_path

NOTHING: Final = {"$nothing": True}
"""There is to be no such value: an item taken out, a key of a map without a value."""

_SIDE, _ENTITY = "$side", "entity"


@dataclass(frozen=True)
class Whole:
    """An entity is to be as one side has it, whatever else was merged of it."""

    entity: Entity
    side: Side

    def as_answer(self) -> dict[str, str]:
        """The form that a proposal keeps."""
        return {_SIDE: self.side, _ENTITY: name_of(self.entity)}

    @classmethod
    def of(cls, answer: Any) -> Self | None:
        """What an answer says of a whole entity; None where it is a value. Raises BadAnswer."""
        if not isinstance(answer, dict) or answer.keys() != {_SIDE, _ENTITY}:
            return None
        side = answer[_SIDE]
        try:
            entity = entity_of(answer[_ENTITY])
        except (ValueError, AttributeError, TypeError):
            entity = None
        if entity is None or side not in ("ours", "theirs"):
            raise BadAnswer(f"{answer!r} names no side of an entity.")
        return cls(entity, side)


def answer_of(side: Any) -> Any:
    """The answer that what one side of a conflict has is right."""
    return NOTHING if side is MISSING else side


class BadAnswer(Refusal):
    """An answer to a conflict that its field does not take."""

    code = "bad-answer"
    status = 400
    hint = "Give another answer."


def settled_answer(kind: Kind, path: str, answer: Any) -> Any:
    """An answer in a conflict's place, as the field would keep it. Raises BadAnswer.

    In JSON form, or the field's own Python value. None is none: an entity that is deleted, a
    field left empty, which is asked about if it may not be; a part of an item that says nothing.
    """
    names = split_path(path)
    if not names:
        return _settled_document(kind, answer)
    f = kind.fields[names[0]]
    if len(names) == 1:
        return _settled_value(f, answer)
    if not f.item_fields:
        return _settled_json(f, answer)
    return NOTHING if answer is None else _settled_part(f, names[1:], answer)


def _settled_document(kind: Kind, answer: Any) -> Any:
    if answer is None:
        return None
    if not isinstance(answer, Mapping) or not answer.keys() >= kind.fields.keys():
        raise BadAnswer(f"There is no {kind.model._meta.verbose_name} {answer!r}.")
    return {name: _settled_value(f, answer[name]) for name, f in kind.fields.items()}


def _settled_part(f: DocumentField, names: Sequence[str], answer: Any) -> Any:
    """An item of a list, or a part of one."""
    identity, *parts = names
    if parts:
        part = f.item_fields.get(parts[0])
        return _settled_json(f, answer) if part is None else _settled_value(part, answer)
    if not isinstance(answer, Mapping):
        raise BadAnswer(f"{f.label}: {answer!r} is not a possible value.")
    (item,) = _settled_value(f, [{**answer, "id": identity}])
    return item


def _settled_value(f: DocumentField, answer: Any) -> Any:
    if answer is None:
        return f.absent if f.is_references or f.is_list else None
    try:
        if not _is_of_the_sort(f, answer):
            raise TypeError
        if f.is_references:
            return list(dict.fromkeys(str(UUID(str(each))) for each in answer))
        value = f.to_python(answer)
        f.model_field.run_validators(value)
        settled = f.to_json(value)
    except ValidationError as refused:
        raise BadAnswer(f"{f.label}: {' '.join(sentences_of(refused))}") from None
    except (TypeError, ValueError, ArithmeticError, AttributeError) as refused:
        raise BadAnswer(f"{f.label}: {answer!r} is not a possible value.") from refused
    return _settled_json(f, settled)


def _settled_json(f: DocumentField, value: Any) -> Any:
    try:
        json.dumps(value)
    except (TypeError, ValueError) as refused:
        raise BadAnswer(f"{f.label}: {value!r} is not a possible value.") from refused
    if fault := fault_of(value):
        raise BadAnswer(f"{f.label}: it holds {fault}.")
    return value


_TAKING_NUMBERS = (
    models.CharField, models.TextField,
    models.IntegerField, models.FloatField, models.DecimalField,
)  # fmt: skip


def _is_of_the_sort(f: DocumentField, answer: Any) -> bool:
    """Whether a field would not read something else than was said: "{}" of an object, 1 of True."""
    field = f.target or f.model_field
    if isinstance(field, models.JSONField | HStoreField | ValueField) or is_coded(field):
        return True
    is_array = f.is_references or f.merge_kind == "array"
    if is_array or isinstance(answer, list | tuple | set | Mapping):
        return is_array and isinstance(answer, list | tuple | set)
    if isinstance(answer, bool):
        return isinstance(field, models.BooleanField)
    if isinstance(answer, int | float | Decimal):
        is_whole = answer % 1 == 0
        is_taken = is_whole or not isinstance(field, models.IntegerField)
        return isinstance(field, _TAKING_NUMBERS) and is_taken
    return True


def put_answer(kind: Kind, document: Document, path: str, answer: Any) -> Document | None:
    """A document with an answer in a conflict's place: `name`, `extra.k`, `names.ID.since`.

    The empty path is the whole document; None in an item's place takes it out, as NOTHING does.
    """
    value = MISSING if answer == NOTHING else answer
    names = split_path(path)
    if not names:
        return None if value is MISSING else value
    f = kind.fields[names[0]]
    if len(names) == 1:
        return {**document, f.name: f.absent if value is MISSING else value}
    if f.is_list and value is None:
        value = MISSING
    return put(kind.merge_kinds, document, names, value)
