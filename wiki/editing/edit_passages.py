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
from versioning.merge import TextMerge, merge_text
from versioning.viewpoints.versions import to_version
from wiki.branches.passages import (
    MOST_ASKED,
    OWN,
    Passage,
    Side,
    is_begun,
    passages_of,
    text_by_passages,
)
from wiki.forms.bases import version_told
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
    return AskedText(passages_of(merged, TEXT, _SIDES, {}), _hidden(begun, mine, merged))


def text_answered(page: Page, sent: Mapping[str, Any]) -> str | None:
    """The text that a form's passages make; None where it answers none. Cost: two queries, if any.

    Raises ValidationError where some of them wait, or are of another text.
    """
    merged = _merge_in(page, sent)
    answers = _with_own_words(sent)
    if merged is None or not is_begun(TEXT, answers):
        return None
    if not _is_of_text(sent):
        raise ValidationError(
            "You chose passages, and went on writing in the text as well. Look at the passages as "
            "they are now, and save again; to save the text itself, choose what you typed."
        )
    return text_by_passages(merged, TEXT, answers)


def asked_again(page: Page, sent: Mapping[str, Any]) -> AskedText | None:
    """The passages once more, with what was chosen, where that could not be taken."""
    merged = _merge_in(page, sent)
    if merged is None:
        return None
    hidden = _hidden(str(sent[_BEGUN]), _typed_in(sent), merged)
    return AskedText(passages_of(merged, TEXT, _SIDES, sent), hidden)


def _merge_in(page: Page, sent: Mapping[str, Any]) -> TextMerge | None:
    """The merge whose passages a form brings along; None where it brings none that are here."""
    if _BEGUN not in sent:
        return None
    begun, now = (_text_of(page, str(sent.get(name, ""))) for name in (_BEGUN, "base"))
    return None if begun is None or now is None else merge_text(begun, _typed_in(sent), now)


def _typed_in(sent: Mapping[str, Any]) -> str:
    return _plain(str(sent.get(TEXT, "")))


def _is_of_text(sent: Mapping[str, Any]) -> bool:
    """Whether the passages are of the text that the form has now."""
    return sent.get(_OF) == _digest(_typed_in(sent))


def _hidden(begun: str, mine: str, merged: TextMerge) -> dict[str, str]:
    """What a form brings along of its passages: each is told by its words as they were typed."""
    passages = passages_of(merged, TEXT, _SIDES, {})
    words = {f"{passage.name}-of": _digest(passage.own.strip()) for passage in passages}
    return {_BEGUN: begun, _OF: _digest(mine), **words}


def _with_own_words(sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was answered; words of one's own answer a passage even where they were not chosen."""
    answers = dict(sent.items())
    for name in [each.removesuffix("-of") for each in answers if each.endswith("-of")]:
        own = _plain(str(answers.get(f"{name}-{OWN}", ""))).strip()
        if not answers.get(name) and own and _digest(own) != answers[f"{name}-of"]:
            answers[name] = OWN
    return answers


def _text_of(page: Page, base: str) -> str | None:
    """The text of the version that a form tells of."""
    row = version_told(page, base)
    return None if row is None else _plain(to_version(kind_of(type(page)), row).document[TEXT])


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _digest(text: str) -> str:
    return hashlib.sha256(_plain(text).encode()).hexdigest()[:20]
