"""The passage of a text where what was searched for stands, with the words marked."""

import re
import unicodedata
from collections.abc import Sequence

# Of Unicode's private use: the template turns them into <mark>, after escaping.
MARK_START, MARK_END = "\ue000", "\ue001"

BEFORE, LENGTH = 60, 220
"""Characters before the first word that was found, and of the whole passage."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MARKUP = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)|^#+ |[*_`|>]+", re.MULTILINE)


def excerpt(text: str, words: Sequence[str], *, is_whole: bool = True) -> str:
    """Some 200 characters of a Markdown text around the first of the words; or its beginning.

    `words` are folded, and mark whatever begins with them. `is_whole` is false
    for a text that was cut off.
    """
    plain = " ".join(_MARKUP.sub(r"\1", text.replace(MARK_START, "").replace(MARK_END, "")).split())
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


def _is_one_of(word: str, wanted: tuple[str, ...]) -> bool:
    return bool(wanted) and fold_word(word).startswith(wanted)


def fold_word(word: str) -> str:
    """A word without accents, as PostgreSQL's unaccent has it in nearly all cases."""
    if word.isascii():
        return word.lower().replace("'", "")
    apart = unicodedata.normalize("NFKD", word.lower().translate(_LETTERS))
    return "".join(c for c in apart if not unicodedata.combining(c) and c not in "'’")


_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
