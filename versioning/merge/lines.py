r"""Lines: they end at \n, \r\n and \r, and nowhere else.

`str.splitlines` also cuts at U+2028, \x0b and \x85, which people do paste.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from versioning.merge.values import form

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_END = re.compile(r"\r\n|\n|\r")


def split_lines(text: str) -> list[str]:
    """The lines of a text with their ends; joined, they are the text again."""
    return _LINE.findall(text)


def without_end(line: str) -> str:
    """The line without what ends it."""
    return line.rstrip("\r\n")


def line_key(line: str) -> str:
    """What makes two lines the same line: their characters, not how they are encoded."""
    return form(without_end(line))


def line_keys(lines: Sequence[str]) -> list[str]:
    """The keys of many lines: each different line is looked at once."""
    keys = {line: line_key(line) for line in set(lines)}
    return [keys[line] for line in lines]


def line_end(texts: Iterable[str]) -> str | None:
    r"""The one way in which these texts end their lines; None if they mix ways.

    A text without any line end goes along with the others; `\n` if all are such.
    """
    ends = Counter(end for text in texts for end in _END.findall(text))
    if len(ends) > 1:
        return None
    return next(iter(ends), "\n")


def with_line_ends(text: str, end: str) -> str:
    """The text with all its lines ended in this one way."""
    return _END.sub(end, text)


def joined(lines: Iterable[str], end: str = "\n") -> str:
    """The lines as a text. A line in the middle that lost its end is given one.

    Only the last line of a text may lack it; when the other side wrote on after
    it, joining as they stand would glue two lines together.
    """
    pieces = list(lines)
    for at, line in enumerate(pieces[:-1]):
        if line[-1:] not in ("\n", "\r"):
            pieces[at] = line + end
    return "".join(pieces)
