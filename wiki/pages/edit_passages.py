"""The text of an edit that others wrote on meanwhile: put together passage by passage, in the form.

The form brings along from which version it began, and which text its passages are of: whoever goes
on writing in the text itself has answered otherwise.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError

from versioning.entities.kinds import kind_of
from versioning.entities.versions import to_version
from versioning.merge import TextMerge, merge_text
from wiki.branches.passages import (
    MOST_ASKED,
    OWN,
    Passage,
    Side,
    is_begun,
    passages_of,
    text_by_passages,
)
from wiki.pages.bases import version_told
from wiki.pages.models import Page

TEXT: Final = "body"

_BEGUN, _OF = f"{TEXT}-begun", f"{TEXT}-of"

_SIDES: Final = (
    Side("base", "When you began", None),
    Side("ours", "What you typed", None),
    Side("theirs", "What stands now", None),
)


@dataclass(frozen=True)
class AskedText:
    """The passages of a text that two wrote on, and what the form brings along of them."""

    passages: list[Passage]
    hidden: Mapping[str, str]


def asked_text(begun: str, base: str, mine: str, theirs: str) -> AskedText | None:
    """What is asked of a text; None where it is better looked at as a whole."""
    merged = merge_text(*map(_plain, (base, mine, theirs)))
    if not 0 < len(merged.open_hunks) <= MOST_ASKED:
        return None
    hidden = {_BEGUN: begun, _OF: _digest(mine)}
    return AskedText(passages_of(merged, TEXT, _SIDES, {}), hidden)


def text_answered(page: Page, sent: Mapping[str, Any]) -> str | None:
    """The text that a form's passages make; None where it answers none. Cost: two queries, if any.

    Raises ValidationError where some of them wait, or are of another text.
    """
    if _BEGUN not in sent:
        return None
    begun, now = (_text_of(page, str(sent.get(name, ""))) for name in (_BEGUN, "base"))
    mine = _plain(str(sent.get(TEXT, "")))
    if begun is None or now is None:
        return None
    merged = merge_text(begun, mine, now)
    answers = _with_own_words(merged, sent)
    if not is_begun(TEXT, answers):
        return None
    if sent.get(_OF) != _digest(mine):
        raise ValidationError(
            "You chose passages, and went on writing in the text as well. Nothing of either is "
            "lost: choose from the passages as they are now, or leave them and save the text."
        )
    return text_by_passages(merged, TEXT, answers)


def asked_again(page: Page, sent: Mapping[str, Any]) -> AskedText | None:
    """The passages once more, with what was chosen, where that could not be taken."""
    begun, now = (_text_of(page, str(sent.get(name, ""))) for name in (_BEGUN, "base"))
    if begun is None or now is None:
        return None
    mine = _plain(str(sent.get(TEXT, "")))
    merged = merge_text(begun, mine, now)
    chosen = sent if sent.get(_OF) == _digest(mine) else {}
    hidden = {_BEGUN: str(sent[_BEGUN]), _OF: _digest(mine)}
    return AskedText(passages_of(merged, TEXT, _SIDES, chosen), hidden)


def _with_own_words(merged: TextMerge, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered; words of one's own answer a passage even where they were not chosen."""
    answers = dict(sent.items())
    for passage, hunk in zip(
        passages_of(merged, TEXT, _SIDES, answers), merged.open_hunks, strict=True
    ):
        if not passage.chosen and _plain(passage.own).strip() != hunk.ours.strip():
            answers[passage.name] = OWN
    return answers


def _text_of(page: Page, base: str) -> str | None:
    """The text of the version that a form tells of."""
    row = version_told(page, base)
    return None if row is None else _plain(to_version(kind_of(type(page)), row).document[TEXT])


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _digest(text: str) -> str:
    return hashlib.sha256(_plain(text).encode()).hexdigest()[:20]
