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
_LINK_ALONE = re.compile(r"\s*<a\b[^>]*>(?:(?!</a>).)*</a>\s*", re.DOTALL)
_NOTE = re.compile(r"<sup\b.*?</sup>", re.DOTALL)


def title_of(name: str, facts: Sequence[Fact]) -> str:
    """A page's name, with that of its park where it has one: rides of one name are many."""
    park = _park_in(facts)
    return f"{name}, {park}" if park else name


def description_of(name: str, what: str, html: str, facts: Sequence[Fact]) -> str:
    """The first sentence of a body, in which its park is named; of a page without words, facts."""
    sentence = first_sentence(html)
    if sentence:
        is_told = _park_in(facts) in sentence
        return shortened(sentence if is_told else f"{title_of(name, facts)}: {sentence}")
    told = "; ".join(f"{fact.label.lower()} {', '.join(map(str, fact.values))}" for fact in facts)
    return shortened(f"{name}, {what}: {told}." if told else f"{name}, {what}.")


def _park_in(facts: Sequence[Fact]) -> str:
    return next((str(fact.values[0]) for fact in facts if fact.name == "park"), "")


def first_sentence(html: str) -> str:
    """The first sentence of the first paragraph; nothing where there is none.

    Of the rendered body: its links have their pages' names, and its facts their values. A paragraph
    that is a link alone, as a picture is one, says nothing.
    """
    for paragraph in _PARAGRAPH.finditer(html):
        if _LINK_ALONE.fullmatch(paragraph[1]):
            continue
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
