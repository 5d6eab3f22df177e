"""The words that somebody asked for, as PostgreSQL's text search reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

SHORTEST_PREFIX = 3
"""Letters from which on a word also means all that begin with it; fewer begin half the wiki."""


@dataclass(frozen=True)
class Term:
    """A word or a phrase; one that is excluded must not be there."""

    text: str
    is_phrase: bool = False
    is_excluded: bool = False


@dataclass(frozen=True)
class Wording:
    """What was asked for, folded: `plain` is all of it, as a name would be kept.

    `prefixes` finds what begins with the words, `exact` the words themselves.
    Both are empty where nothing was asked that has a letter or a digit.
    """

    plain: str
    prefixes: str
    exact: str


NOTHING = Wording("", "", "")


def wording(terms: Sequence[Term], folded: Sequence[str], *, is_typing: bool = False) -> Wording:
    """The queries of some terms, each given with its folded text.

    While somebody is typing the last word may be as short as it likes. What is
    excluded alone finds nothing.
    """
    pairs = [(term, words) for term, words in zip(terms, folded, strict=True) if words]
    wanted = [(term, words) for term, words in pairs if not term.is_excluded]
    if not wanted:
        return NOTHING
    last = wanted[-1][0]
    excluded = [f"!({_adjacent(words)})" for term, words in pairs if term.is_excluded]
    prefixes = [
        _adjacent(words)
        + (":*" if not term.is_phrase and (_is_long(words) or (is_typing and term is last)) else "")
        for term, words in wanted
    ]
    exact = [_adjacent(words) for _, words in wanted]
    return Wording(
        " ".join(words for _, words in wanted),
        " & ".join(prefixes + excluded),
        " & ".join(exact + excluded),
    )


def _adjacent(words: str) -> str:
    """Words that follow each other: what was one word to the reader may be several."""
    return " <-> ".join(words.split(" "))


def _is_long(words: str) -> bool:
    last = words.split(" ")[-1]
    # Where words are not parted by blanks, as in Japanese, one letter says as much as three.
    return len(last) >= SHORTEST_PREFIX or not last.isascii()
