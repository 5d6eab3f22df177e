"""Answers to conflicts, as values that a proposal keeps.

An answer is the value that a field, an item or an entity is to have. Two answers are none of
these: that there is to be no such value, and that an entity is to be as one side has it.
"""

from dataclasses import dataclass
from typing import Any, Final, Self

from django.core.exceptions import ValidationError

from eventstore.errors import Refusal
from versioning.branches.documents import Entity
from versioning.branches.rules import entity_of, name_of
from versioning.entities.kinds import Document, Kind
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
        """What an answer says of a whole entity; None where it is a value."""
        if isinstance(answer, dict) and answer.keys() == {_SIDE, _ENTITY}:
            return cls(entity_of(answer[_ENTITY]), answer[_SIDE])
        return None


def answer_of(side: Any) -> Any:
    """The answer that what one side of a conflict has is right."""
    return NOTHING if side is MISSING else side


class BadAnswer(Refusal):
    """An answer to a conflict that its field does not take."""

    code = "bad-answer"
    status = 400
    hint = "Give another answer."


def check_answer(kind: Kind, path: str, answer: Any) -> None:
    """Refuse a value that a field would not hold: too long, too large, of another type.

    None is none: an entity that is deleted, a field left empty, which is asked about if it may not
    be. Of a part of a value, or of a whole document, the form is all that counts. Raises BadAnswer.
    """
    names = split_path(path)
    if answer is None:
        return
    if not names:
        if not isinstance(answer, dict) or not answer.keys() >= kind.fields.keys():
            raise BadAnswer(f"{answer!r} is no {kind.model._meta.verbose_name}.")
        return
    f = kind.fields[names[0]]
    if len(names) > 1 or f.is_references:
        return
    try:
        f.model_field.run_validators(f.model_field.to_python(f.to_python(answer)))
    except ValidationError as refused:
        raise BadAnswer(f"{f.label}: {' '.join(refused.messages)}") from None
    except (TypeError, ValueError, ArithmeticError) as refused:
        raise BadAnswer(f"{f.label}: {answer!r} is no such value.") from refused


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
    if f.is_list and len(names) == 2 and value is None:
        value = MISSING
    return put(kind.merge_kinds, document, names, value)
