"""What a merge of prose says: settled text and open hunks, in reading order.

A page asks hunk by hunk and puts the answers back with `resolved`; a terminal shows
them between git's markers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from versioning.merge.lines import joined


@dataclass(frozen=True, slots=True)
class SettledText:
    """A stretch on which the merge has an answer."""

    text: str

    def swapped(self) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class OpenHunk:
    """A stretch that both sides changed, each in its own way."""

    base: str
    ours: str
    theirs: str

    def swapped(self) -> Self:
        return replace(self, ours=self.theirs, theirs=self.ours)


type Part = SettledText | OpenHunk


@dataclass(frozen=True, slots=True)
class Labels:
    """The names that the markers carry."""

    ours: str = "ours"
    base: str = "base"
    theirs: str = "theirs"


@dataclass(frozen=True, slots=True)
class TextMerge:
    """The answer for one text: its parts in order; no two settled parts touch.

    `by_lines` says that parts begin and end with lines, as markers need.
    """

    parts: tuple[Part, ...]
    by_lines: bool = True

    @property
    def is_clean(self) -> bool:
        return not self.open_hunks

    @property
    def open_hunks(self) -> tuple[OpenHunk, ...]:
        return tuple(part for part in self.parts if isinstance(part, OpenHunk))

    @property
    def text(self) -> str | None:
        """The merged text; None as long as a hunk is open."""
        return self.resolved(()) if self.is_clean else None

    def swapped(self) -> Self:
        """The same merge as it looks from the other side."""
        return replace(self, parts=tuple(part.swapped() for part in self.parts))

    def resolved(self, answers: Sequence[str]) -> str:
        """The text with these answers in place of the open hunks, one each, in order."""
        if len(answers) != len(self.open_hunks):
            raise ValueError(
                f"There are {len(self.open_hunks)} open hunks, and {len(answers)} answers."
            )
        waiting = iter(answers)
        pieces = [
            part.text if isinstance(part, SettledText) else next(waiting) for part in self.parts
        ]
        return joined(filter(None, pieces)) if self.by_lines else "".join(pieces)

    def marked(self, labels: Labels | None = None) -> str:
        """The text with the open hunks between git's markers (style diff3)."""
        names = labels or Labels()
        return joined(
            part.text if isinstance(part, SettledText) else _between_markers(part, names)
            for part in self.parts
        )


def _between_markers(hunk: OpenHunk, labels: Labels) -> str:
    pieces = (
        f"<<<<<<< {labels.ours}\n",
        hunk.ours,
        f"||||||| {labels.base}\n",
        hunk.base,
        "=======\n",
        hunk.theirs,
        f">>>>>>> {labels.theirs}\n",
    )
    return joined(filter(None, pieces))


def parts_joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts, with settled ones that touch made one and empty ones left out."""
    together: list[Part] = []
    for part in parts:
        last = together[-1] if together else None
        if isinstance(part, SettledText) and isinstance(last, SettledText):
            together[-1] = SettledText(last.text + part.text)
        elif not isinstance(part, SettledText) or part.text:
            together.append(part)
    return tuple(together)
