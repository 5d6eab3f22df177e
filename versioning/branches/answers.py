"""Answers to conflicts, as values that a proposal keeps.

An answer is the value that a field, an item or an entity is to have. Two answers are none of
these: that there is to be no such value, and that an entity is to be as one side has it.
"""

from dataclasses import dataclass
from typing import Any, Final, Self

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
