"""A page in a sentence, as plain text, for search results and previews of links."""

import re
from collections.abc import Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from wiki.pages.values import Fact

LONGEST = 160
"""Characters that search engines show of a description."""

SHORTEST_SENTENCE = 25
"""What is shorter is mostly an abbreviation with a full stop, and goes on."""

READ = 3_000
"""Characters of a body that are looked at."""

_SENTENCE = re.compile(rf".{{{SHORTEST_SENTENCE},}}?[.!?…](?=\s|$)", re.DOTALL)

_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})


def description_of(name: str, what: str, body: str, facts: Sequence[Fact]) -> str:
    """The first sentence of a body; of a page without words, its facts."""
    sentence = first_sentence(body)
    if sentence:
        return shortened(sentence)
    told = "; ".join(f"{fact.label.lower()} {', '.join(map(str, fact.values))}" for fact in facts)
    return shortened(f"{name}, {what}: {told}." if told else f"{name}, {what}.")


def first_sentence(body: str) -> str:
    """The first sentence of the first paragraph, without marks; nothing where there is none."""
    tokens = _parser.parse(body[:READ])
    for opening, inline in pairwise(tokens):
        if opening.type == "paragraph_open" and opening.level == 0:
            text = " ".join(_plain(inline.children or []).split())
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


def _plain(tokens: Sequence[Token]) -> str:
    parts = []
    for token in tokens:
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)
