"""The passage of a text where what was searched for stands, with the words marked."""

import re
from collections.abc import Sequence

from wiki.fields.folding import APOSTROPHES, fold
from wiki.texts.syntax import read_target

# Of Unicode's private use: the template turns them into <mark>, after escaping.
MARK_START, MARK_END = "\ue000", "\ue001"

BEFORE, LENGTH = 60, 220
"""Characters before the first word that was found, and of the whole passage."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_PAGE = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]|\n]+))?\]\]")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_FACT = re.compile(r"\{\{[^{}\n]+\}\}")
_NOT_WORDS = re.compile(
    r"\[[@^][^\]\n]*\]:?"  # citations and footnotes
    r"|^[ \t]*(?:#+|[-+]|[0-9]+\.|:)[ \t]+(?:\[[ xX]\][ \t]+)?"  # headings, lists, tasks, terms
    r"|(?<!\S)(?:-{3,}|:-+:?|-+:)(?!\S)"  # rules, and those of tables
    r"|[*_`>~]+|\\(?=[^\w\s])",
    re.MULTILINE,
)


def excerpt(text: str, words: Sequence[str], *, is_whole: bool = True) -> str:
    """Some 200 characters of a Markdown text around the first of the words; or its beginning.

    `words` are folded, and mark whatever begins with them. `is_whole` is false
    for a text that was cut off.
    """
    plain = plain_words(text.replace(MARK_START, "").replace(MARK_END, ""))
    wanted = tuple(words)
    first = next((m for m in _WORD.finditer(plain) if _is_one_of(m[0], wanted)), None)
    start = max(0, first.start() - BEFORE) if first else 0
    if start:
        start = plain.find(" ", start) + 1
    end = start + LENGTH
    if end < len(plain):
        end = max(plain.rfind(" ", start, end), first.end() if first else start + 1)
    passage, at = "", start
    for match in _WORD.finditer(plain, first.start(), end) if first else ():
        if _is_one_of(match[0], wanted):
            passage += plain[at : match.start()] + MARK_START + match[0] + MARK_END
            at = match.end()
    passage += plain[at:end]
    is_end = is_whole and end >= len(plain)
    return ("… " if start else "") + passage + ("" if is_end or not passage else " …")


def plain_words(text: str) -> str:
    """A Markdown text without its markup. Links say their words, facts of other pages `…`."""
    said = _FACT.sub("…", _LINK.sub(r"\1", _PAGE.sub(_name_of, text)))
    return " ".join(_NOT_WORDS.sub("", said.replace("|", " ")).split())


def _name_of(link: re.Match[str]) -> str:
    """What a link to a page says: its label, or the name that it means."""
    target = read_target(link[1])
    name = target.name.replace("-", " ") if target.is_address else target.name
    return (link[2] or name).strip()


def _is_one_of(word: str, wanted: tuple[str, ...]) -> bool:
    return bool(wanted) and fold_word(word).startswith(wanted)


def fold_word(word: str) -> str:
    """A word without accents, as PostgreSQL's unaccent has it in nearly all cases."""
    return fold(word.lower()).translate(APOSTROPHES)
