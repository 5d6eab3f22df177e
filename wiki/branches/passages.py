"""Texts that both sides wrote on, asked passage by passage.

What only one side changed is settled; each passage that both changed is a choice of its own, and
the text is put together from the answers. Nobody ever sees a mark of where they stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.core.exceptions import ValidationError

from versioning.merge import Conflict, OpenHunk, SettledText, TextMerge, merge_text
from wiki.branches.origins import Origin
from wiki.pages.values import text_parts

MOST_ASKED: Final = 30
"""Passages of one text; with more of them it is asked as a whole."""

BY_PASSAGE: Final = "passages"
"""The choice to answer a text by its passages."""

OWN: Final = "own"

_BESIDE: Final = 160
"""Characters of the settled text on either side of a passage."""


class Side(NamedTuple):
    """What has a wording: `base`, `ours` or `theirs`, what people call it, and who wrote it."""

    key: str
    label: str
    origin: Origin | None


@dataclass(frozen=True)
class Wording:
    """One way to word a passage, and what it makes of the base."""

    key: str
    side: str
    parts: Sequence[tuple[str, str]]
    origin: Origin | None = None
    """Who wrote the side's text last: of the passage alone it is not told."""


@dataclass(frozen=True)
class Passage:
    """A passage that both sides changed, with what stands before and after it."""

    name: str
    before: str
    after: str
    wordings: Sequence[Wording]
    chosen: str = ""
    own: str = ""


def merged_text(conflict: Conflict) -> TextMerge | None:
    """The merge of a text in conflict; None for what is no text, or has too many passages."""
    sides = conflict.base, conflict.ours, conflict.theirs
    if not all(isinstance(side, str) for side in sides[1:]):
        return None
    base = conflict.base if isinstance(conflict.base, str) else ""
    merged = merge_text(base, str(conflict.ours), str(conflict.theirs))
    return merged if 0 < len(merged.open_hunks) <= MOST_ASKED else None


def passages_of(
    merged: TextMerge, name: str, sides: Sequence[Side], typed: Mapping[str, Any]
) -> list[Passage]:
    """The open passages of a text, with what was chosen and typed of them."""
    passages: list[Passage] = []
    for at, part in enumerate(merged.parts):
        if not isinstance(part, OpenHunk):
            continue
        field = _field(name, len(passages))
        passages.append(
            Passage(
                field,
                _ending(merged.parts[at - 1] if at else None),
                _beginning(merged.parts[at + 1] if at + 1 < len(merged.parts) else None),
                [_wording(part, side) for side in sides],
                str(typed.get(field, "")),
                str(typed.get(f"{field}-{OWN}", part.ours)),
            )
        )
    return passages


def _wording(hunk: OpenHunk, side: Side) -> Wording:
    parts = text_parts(hunk.base, getattr(hunk, side.key))
    return Wording(side.key, side.label, parts, side.origin)


def is_begun(name: str, form: Mapping[str, Any]) -> bool:
    """Whether any passage of a text was chosen."""
    return any(form.get(_field(name, number)) for number in range(MOST_ASKED))


def text_by_passages(merged: TextMerge, name: str, form: Mapping[str, Any]) -> str:
    """The text that a form's answers make. Raises ValidationError where one is missing."""
    hunks = merged.open_hunks
    answers = [_answer(hunk, _field(name, n), form) for n, hunk in enumerate(hunks)]
    given = [answer for answer in answers if answer is not None]
    if len(given) < len(hunks):
        raise ValidationError(
            f"{len(hunks) - len(given)} of its {len(hunks)} passages still need a choice."
        )
    return merged.resolved(given)


def _answer(hunk: OpenHunk, field: str, form: Mapping[str, Any]) -> str | None:
    """The wording that was chosen; an own one ends as a line, where a side's does."""
    match form.get(field):
        case "base" | "ours" | "theirs" as side:
            return str(getattr(hunk, side))
        case "own":
            own = str(form.get(f"{field}-{OWN}", "")).replace("\r\n", "\n")
            ends_line = hunk.ours.endswith("\n") or hunk.theirs.endswith("\n")
            return f"{own}\n" if own and ends_line and not own.endswith("\n") else own
    return None


def _field(name: str, number: int) -> str:
    return f"{name}-passage-{number}"


def _ending(part: Any) -> str:
    """The last words of a settled part."""
    text = part.text.strip() if isinstance(part, SettledText) else ""
    return text if len(text) <= _BESIDE else f"… {text[-_BESIDE:].partition(' ')[2]}"


def _beginning(part: Any) -> str:
    """The first words of a settled part."""
    text = part.text.strip() if isinstance(part, SettledText) else ""
    return text if len(text) <= _BESIDE else f"{text[:_BESIDE].rpartition(' ')[0]} …"
