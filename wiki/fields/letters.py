"""Letters that nobody sees, or that turn the letters around them: the one rule about them.

They make two names look alike, hide words from moderators, and let a line read otherwise than it
is. What joins letters (in Persian, in emoji) or marks a direction of writing is none of them.
"""

import unicodedata

_INVISIBLE = frozenset(
    "\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\ufff9\ufffa\ufffb"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    "\u206a\u206b\u206c\u206d\u206e\u206f"
)
_OF_LINES = frozenset("\t\n\r")
_SHOWN_AS = "\N{REPLACEMENT CHARACTER}"


def unseen_letters(text: str, *, is_line: bool) -> list[str]:
    """The letters of a text that nobody sees, each once; a line has no ends of lines either."""
    return [each for each in dict.fromkeys(text) if _is_unseen(each, is_line=is_line)]


def refusal_of(text: str, before: str = "", *, is_line: bool) -> str:
    """Why a text cannot be taken, in a sentence; empty where it can.

    What was in it `before` may stay: a correction is no reason to ask for another.
    """
    unseen = [each for each in unseen_letters(text, is_line=is_line) if each not in before]
    if not unseen:
        return ""
    named = ", ".join(_name(each) for each in unseen[:3])
    return (
        f"It contains something invisible ({named}). It may have come along when you "
        "copied it: type it anew."
    )


def with_shown_letters(text: str, *, is_line: bool = True) -> str:
    """A text in which what nobody sees is seen, as a replacement character."""
    return "".join(_SHOWN_AS if _is_unseen(each, is_line=is_line) else each for each in text)


def _is_unseen(letter: str, *, is_line: bool) -> bool:
    if letter in _INVISIBLE:
        return True
    if letter in _OF_LINES or letter in "\u2028\u2029\u00ad":
        return is_line
    return unicodedata.category(letter) == "Cc"


def _name(letter: str) -> str:
    return f"U+{ord(letter):04X} {unicodedata.name(letter, 'a control character').lower()}"
