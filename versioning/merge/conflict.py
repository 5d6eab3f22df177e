"""What a merge says: the document as far as it is settled, and the open questions.

Both are data. A conflict is stored, shown, answered and offered again elsewhere;
nothing here knows how.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, Self

from versioning.merge.values import MISSING, Unsettled, Value

type ConflictType = Literal[
    "both_changed",
    "changed_deleted",
    "add_add",
    "moved_both",
    "unique",
    "dangling_reference",
    "held",
    "cycle",
    "invalid",
    "schema",
]

type Path = tuple[str, ...]


def join_path(path: Iterable[str]) -> str:
    r"""The path as one string: `extra.k`. A dot within a part is written `\.`."""
    return ".".join(part.replace("\\", "\\\\").replace(".", "\\.") for part in path)


def split_path(path: str) -> Path:
    """The parts of what `join_path` wrote; the whole entity is the empty path."""
    if not path:
        return ()
    parts, escaped = [""], False
    for character in path:
        if escaped or character not in "\\.":
            parts[-1] += character
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            parts.append("")
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One open question: where, of what type, and what each side says.

    `MISSING` and `None` differ: the first has no value, the second has null.
    `suggestion` is an answer that loses nothing of what either side meant, where
    there is one, and `confidence` how far to trust it; neither is ever applied
    by itself.
    """

    path: str
    type: ConflictType
    base: Value = MISSING
    ours: Value = MISSING
    theirs: Value = MISSING
    suggestion: Value = MISSING
    confidence: float = 0.0
    detail: str = ""

    def swapped(self) -> Self:
        """The same question as it looks from the other side."""
        return replace(self, ours=self.theirs, theirs=self.ours)

    def within(self, *parents: str) -> Self:
        """The same question, asked in something that holds this document."""
        return replace(self, path=join_path((*parents, *split_path(self.path))))

    def as_dict(self) -> dict[str, Value]:
        """JSON: what is missing is left out, and an unsettled base lists its candidates."""
        answer: dict[str, Value] = {"path": self.path, "type": self.type}
        for name in ("base", "ours", "theirs", "suggestion"):
            value = getattr(self, name)
            if value is not MISSING:
                answer[name] = plain(value)
        answer["confidence"] = self.confidence
        if self.detail:
            answer["detail"] = self.detail
        return answer


def plain(value: Value) -> Value:
    """The value as JSON, with an unsettled part written as its candidates."""
    if isinstance(value, Unsettled):
        return {"$unsettled": [plain(item) for item in value.candidates if item is not MISSING]}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one value: the merged value, and what is still open in it.

    Where the value as a whole is in conflict it is `MISSING`: conflicting fields
    are left out of what is merged already.
    """

    value: Value
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """The answer for one document.

    `document` holds what is settled; it is None where the entity is gone, and
    where a conflict concerns the whole entity (path ""), which leaves nothing to
    show. An `invalid` document is shown: each of its fields is settled.
    """

    document: dict[str, Value] | None
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_clean(self) -> bool:
        return not self.conflicts

    def swapped(self) -> Self:
        """The same merge as it looks from the other side."""
        return replace(self, conflicts=tuple(each.swapped() for each in self.conflicts))
