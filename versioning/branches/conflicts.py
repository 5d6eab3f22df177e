"""Conflicts of entities: where each is, what it asks, and what counts as an answer to it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from eventstore.errors import Refusal
from versioning.branches.answers import NOTHING, BadAnswer, Whole, answer_of, settled_answer
from versioning.branches.documents import Entity
from versioning.branches.rules import name_of
from versioning.entities.kinds import kind_of
from versioning.merge import Conflict, Unsettled

Resolutions = Mapping[str, Mapping[str, Any]]
"""By conflict key: the value that was chosen, and the sides it was chosen between."""


class UnresolvedConflicts(Refusal):
    """Some conflicts of a plan wait for a decision; nothing was written."""

    code = "unresolved-conflicts"
    status = 409
    hint = "Answer them, or open a proposal where they wait."

    def __init__(self, conflicts: Sequence["EntityConflict"]) -> None:
        self.conflicts = tuple(conflicts)
        count = len(self.conflicts)
        questions = "One question" if count == 1 else f"{count} questions"
        super().__init__(f"{questions} must be answered first.")


@dataclass(frozen=True)
class EntityConflict:
    """A conflict, and where it is. `key` names it in forms and resolutions.

    `ways_out` are answers of another sort, about whole entities: to keep one that would be
    missing, or to have this one as the side has it beside which the result stands. Whoever goes
    on answering by the last of them comes to an end, for that side is sound as it is.
    """

    entity: Entity
    title: str
    conflict: Conflict
    ways_out: tuple[Whole, ...] = ()

    @property
    def key(self) -> str:
        return f"{name_of(self.entity)}:{self.conflict.path}"

    @property
    def signature(self) -> str:
        """The sides, in short: an answer to other sides is no answer to these."""
        sides = [self.conflict.base, self.conflict.ours, self.conflict.theirs]
        return hashlib.sha256(_as_text(sides).encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        label, entity_id = self.entity
        return {
            "key": self.key,
            "kind": label,
            "entity_id": str(entity_id),
            "title": self.title,
            "signature": self.signature,
            **self.conflict.as_dict(),
        }

    def settled(self, value: Any) -> Any:
        """An answer as it is kept: one that a side gave, or what the field makes of it.

        Raises BadAnswer.
        """
        given = (self.conflict.base, self.conflict.ours, self.conflict.theirs)
        for offered in map(answer_of, (*given, self.conflict.suggestion)):
            if _as_text(value) == _as_text(offered):
                return offered
        whole = Whole.of(value)
        if whole is None:
            return settled_answer(kind_of(self.entity[0]), self.conflict.path, value)
        if whole.entity != self.entity and whole not in self.ways_out:
            raise BadAnswer("This conflict is not about that entity.")
        return value

    def resolution(self, value: Any, account_id: int | None = None) -> dict[str, Any]:
        """An answer, in the form that `Resolutions` holds: what `answer_of` made, or a value.

        Raises BadAnswer.
        """
        return {"value": self.settled(value), "signature": self.signature, "by": account_id}


def _as_text(value: Any) -> str:
    """Tells 1 from True, which are equal; what is equal is told alike, in whatever order."""
    return json.dumps(value, default=_as_json, sort_keys=True)


def _as_json(value: Any) -> Any:
    if isinstance(value, Unsettled):
        return {"$unsettled": value.candidates, "inner": repr(value.inner)}
    return repr(value)


def place_of(key: str) -> tuple[Entity, str]:
    """The entity that the key of a conflict names, and the path there. Raises ValueError."""
    label, entity_id, path = key.split(":", 2)
    return (label, UUID(entity_id)), path


def is_answered(resolutions: Resolutions, asked: EntityConflict) -> bool:
    """Whether there is an answer to these very sides, and the field would keep it still."""
    answer = resolutions.get(asked.key)
    if answer is None or answer["signature"] != asked.signature:
        return False
    value = answer["value"]
    try:
        return _as_text(asked.settled(value)) in (_as_text(value), _as_text(NOTHING))
    except BadAnswer:
        return False
