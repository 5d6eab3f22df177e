"""A page in a sentence, as plain text, for search results and previews of links."""

import re
from collections.abc import Sequence
from html import unescape

from django.utils.html import strip_tags

from wiki.pages.values import Fact

LONGEST = 160
"""Characters that search engines show of a description."""

SHORTEST_SENTENCE = 25
"""What is shorter is mostly an abbreviation with a full stop, and goes on."""

_SENTENCE = re.compile(rf".{{{SHORTEST_SENTENCE},}}?[.!?…](?=\s|$)", re.DOTALL)
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_NOTE = re.compile(r"<sup\b.*?</sup>", re.DOTALL)


def description_of(name: str, what: str, html: str, facts: Sequence[Fact]) -> str:
    """The first sentence of a body; of a page without words, its facts."""
    sentence = first_sentence(html)
    if sentence:
        return shortened(sentence)
    told = "; ".join(f"{fact.label.lower()} {', '.join(map(str, fact.values))}" for fact in facts)
    return shortened(f"{name}, {what}: {told}." if told else f"{name}, {what}.")


def first_sentence(html: str) -> str:
    """The first sentence of the first paragraph; nothing where there is none.

    Of the rendered body: its links have their pages' names, and its facts their values.
    """
    for paragraph in _PARAGRAPH.finditer(html):
        text = " ".join(unescape(strip_tags(_NOTE.sub("", paragraph[1]))).split())
        if text:
            match = _SENTENCE.match(text)
            return match[0] if match else text
    return ""


def shortened(text: str, longest: int = LONGEST) -> str:
    """A text that fits, cut between words."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut[longest // 2 :] else cut}…"
