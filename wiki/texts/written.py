"""A text as it is read, passage by passage, each with whoever wrote it.

A passage is one outermost block of the text, or several of the same writers. Where a block has
several, the words of all but the first are marked with the writer's number.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from typing import Any, Final

from markdown_it.token import Token

from versioning.authorship import Authorship
from versioning.merge import split_lines
from wiki.texts.bounds import TooHeavy
from wiki.texts.markdown import Text
from wiki.texts.syntax import CITE, FACT, PAGE

LOOKED_AHEAD: Final = 2_000
"""Characters of Markdown in which the next words of a block are looked for: an address of a link
stands between them at most."""

_WORDS: Final = ("text", "code_inline", PAGE, FACT, CITE)
"""Tokens whose content stands in the text as it was typed."""


_BETWEEN_BLANKS: Final = re.compile(r"^\s+|\S.*\S|\S|\s+$", re.DOTALL)
"""What stands between the blanks around some words, and these."""


@dataclass(frozen=True)
class Written:
    """A passage: HTML, or lines as they were typed where no HTML shows them.

    The first of the writers wrote most of it; words of the next are marked with 1, and so on.
    """

    html: str
    typed: str
    writers: Sequence[Any]


@dataclass(frozen=True)
class _Block:
    """An outermost block: its tokens, and the parts of the text that it stands in."""

    tokens: Sequence[Token]
    spans: Sequence[tuple[int, int]]


def written(text: Text, by: Authorship, notes: Mapping[str, int], notes_on: str) -> list[Written]:
    """The passages of a text; `by` says who brought what. Cost: that of `Text.render`.

    The notes that it cites stand on the page at `notes_on`.
    """
    lines = split_lines(text.source)
    try:
        passages = list(_laid_out(text, lines, by, notes, notes_on))
    except TooHeavy:
        passages = list(_typed(_spans_of_lines(lines), text.source, by))
    return list(_joined(passages))


def _laid_out(
    text: Text, lines: Sequence[str], by: Authorship, notes: Mapping[str, int], notes_on: str
) -> Iterator[Written]:
    spans = _spans_of_lines(lines)
    blocks = list(_blocks(text, spans))
    shown = {span for block in blocks for span in block.spans}
    hidden = [span for span in spans if span not in shown and text.source[slice(*span)].strip()]
    if blocks and not blocks[-1].spans:  # the notes at its foot, gathered from all over it
        blocks[-1] = _Block(blocks[-1].tokens, hidden)
        hidden = []
    writers = [_writers(block.spans, by) for block in blocks]
    for block, theirs in zip(blocks, writers, strict=True):
        _mark(block, text.source, by, theirs)
    htmls = text.render_parts([block.tokens for block in blocks], notes, notes_on)
    for html, theirs in zip(htmls, writers, strict=True):
        yield Written(html, "", theirs)
    yield from _typed(hidden, text.source, by)


def _spans_of_lines(lines: Sequence[str]) -> list[tuple[int, int]]:
    ends = list(accumulate(map(len, lines), initial=0))
    return list(pairwise(ends))


def _blocks(text: Text, lines: Sequence[tuple[int, int]]) -> Iterator[_Block]:
    """The outermost blocks of a text, in order. Raises TooHeavy where it is not laid out."""
    if text.tokens is None:
        raise TooHeavy
    depth = begin = 0
    for at, token in enumerate(text.tokens):
        depth += token.nesting
        if depth == 0:
            first, stop = text.tokens[begin].map or (0, 0)
            yield _Block(text.tokens[begin : at + 1], lines[first:stop])
            begin = at + 1


def _typed(spans: Iterable[tuple[int, int]], source: str, by: Authorship) -> Iterator[Written]:
    for span in spans:
        yield Written("", source[slice(*span)], _writers([span], by))


def _writers(spans: Iterable[tuple[int, int]], by: Authorship) -> tuple[Any, ...]:
    """Who wrote a block: whoever wrote most of its letters, then others in their order."""
    letters: Counter[Hashable] = Counter()
    for span in spans:
        for stretch in by.part(*span):
            letters[stretch.by] += _letters(stretch.value)
    if not letters:
        return ()
    ((most, _),) = letters.most_common(1)
    return (most, *(each for each, count in letters.items() if count and each != most))


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _mark(block: _Block, source: str, by: Authorship, writers: Sequence[Any]) -> None:
    """Mark the words of all writers of a block but the first."""
    numbers = {writer: str(number) for number, writer in enumerate(writers) if number}
    if not numbers:
        return
    at, stop = block.spans[0][0], block.spans[-1][1]
    for token in block.tokens:
        marked: list[Token] = []
        for child in token.children or ():
            found = _place_of(child, source, at, stop)
            if found is None:
                marked.append(child)
            else:
                marked += _parts(child, found, by, numbers)
                at = found + len(child.content)
        token.children = marked or token.children


def _place_of(words: Token, source: str, at: int, stop: int) -> int | None:
    """Where some words stand in the text, from a place on; nowhere, if they are typed otherwise."""
    if words.type not in _WORDS or not words.content:
        return None
    found = source.find(words.content, at, min(stop, at + len(words.content) + LOOKED_AHEAD))
    return None if found < 0 else found


def _parts(words: Token, at: int, by: Authorship, numbers: Mapping[Any, str]) -> Iterator[Token]:
    """Some words in parts, by who wrote each; what is no plain text is whoever's began it."""
    stretches = list(by.part(at, at + len(words.content)))
    if words.type != "text":
        yield from _numbered(words, numbers.get(stretches[0].by))
        return
    for stretch in stretches:
        number = numbers.get(stretch.by)
        for part in _BETWEEN_BLANKS.findall(stretch.value) if number else [stretch.value]:
            token = copy(words)
            token.content = part
            yield from _numbered(token, number if _letters(part) else None)


def _numbered(words: Token, number: str | None) -> Iterator[Token]:
    if number is None:
        yield words
        return
    yield Token("words_open", "span", 1, attrs={"class": "words", "data-by": number})
    yield words
    yield Token("words_close", "span", -1)


def _joined(passages: Iterable[Written]) -> Iterator[Written]:
    """Neighbours of the same writers as one passage."""
    for writers, neighbours in groupby(passages, key=lambda passage: passage.writers):
        for is_typed, each in groupby(neighbours, key=lambda passage: bool(passage.typed)):
            same = list(each)
            html = "".join(passage.html for passage in same)
            yield Written(html, "".join(p.typed for p in same) if is_typed else "", writers)
