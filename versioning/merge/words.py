"""Words: the smallest pieces in which prose is compared.

A piece is a line end, a run of blanks, a word, a figure, a run of one mark, a link's
target or an HTML tag. Scripts without blanks between words go by the character;
a letter keeps its combining marks. Joined, the pieces are the text again.
"""

import re
from collections.abc import Sequence
from typing import Final

from versioning.merge.values import form

# Han, kana and their extensions: no blanks between words, so each character stands
# alone. Thai, Lao and Khmer stay whole runs: two edits in one run are a conflict.
_IDEOGRAPH: Final = (
    "\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_ATTACHED: Final = (
    "\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
)
_MARK: Final = (
    "!-/:-@\\[-`{-~\u00a1-\u00a7\u00ab\u00b6\u00b7\u00bb\u00bf\u060c\u061b\u061f\u06d4\u0964\u0965"
    "\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20"
    "\uff3b-\uff3d\uff5b-\uff65"
)
_LETTER: Final = f"[^\\s{_MARK}{_IDEOGRAPH}]"

_WORD = re.compile(
    rf"""
      \r\n | \n | \r
    | [^\S\r\n]+
    | https?://[^\s<>()\[\]"']+                              # a bare address
    | (?<=\]\()[^\s()]+(?:\([^\s()]*\)[^\s()]*)*             # a link's target
    | </?[A-Za-z][^<>\r\n]*>                                 # an HTML tag
    | &\#?\w+;                                               # an entity
    | \d+(?:[.,:/]\d+)*{_LETTER}*                            # a figure, a time
    | {_LETTER}+(?:[-_'\u2019]{_LETTER}+)*                   # a word
    | [{_IDEOGRAPH}][{_ATTACHED}]*
    | ([!-/:-@\[-`{{-~])\1*[{_ATTACHED}]*                    # a run of one mark
    | .[{_ATTACHED}]*
    """,
    re.VERBOSE | re.DOTALL,
)
_ONE_IDEOGRAPH = re.compile(f"[{_IDEOGRAPH}]")


def split_words(text: str) -> list[str]:
    """The pieces of a text; joined, they are the text again."""
    return [match.group() for match in _WORD.finditer(text)]


def word_key(piece: str) -> str:
    """What makes two pieces the same: blanks of any width are one blank."""
    if is_line_end(piece):
        return "\n"
    return " " if piece.isspace() else form(piece)


def word_keys(pieces: Sequence[str]) -> list[str]:
    """The keys of many pieces: each different piece is looked at once."""
    keys = {piece: word_key(piece) for piece in set(pieces)}
    return [keys[piece] for piece in pieces]


def is_line_end(piece: str) -> bool:
    return piece in ("\n", "\r\n", "\r")


def is_ideograph(piece: str) -> bool:
    """Whether the piece is one character of a script that puts no blanks between words."""
    return _ONE_IDEOGRAPH.match(piece) is not None


def has_letters(piece: str) -> bool:
    """Whether the piece says something, rather than part or mark what does."""
    return any(character.isalnum() for character in piece)
