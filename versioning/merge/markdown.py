"""Faults of a text's structure, counted, so that a merge can be seen to have made one.

Not a parser, and no judge of style: it counts what two good texts do not have and a
bad weaving of them does (a mark left open, a table gone ragged, a number twice). A
merge is suspect when it has more of a fault than either side.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from versioning.merge.lines import split_lines, without_end

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"([ \t]*)(\d{1,9})[.)][ \t]")
_EMPHASIS = re.compile(r"\*\*|__|~~|\*")
_TICKS = re.compile(r"`+")
_ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
_TARGET = re.compile(r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)")
_DEFINITION = re.compile(r" {0,3}\[([^\]]+)\]:\s")
_FRONT_KEY = re.compile(r"([A-Za-z_][\w-]*)\s*:")
_LIST_START = re.compile(r"\A[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+")

_MARKERS = re.compile(r"^(?:<<<<<<<|>>>>>>>) ", re.MULTILINE)


def new_faults(merged: str, sides: Sequence[str]) -> Counter[str]:
    """The faults that the merged text has beyond what each of the sides has."""
    found = faults(merged)
    if not found:
        return found
    worst: Counter[str] = Counter()
    for side in sides:
        worst |= faults(side)
    return found - worst


def has_conflict_markers(text: str) -> bool:
    """Whether someone saved a conflict unanswered: such a passage asks to be read first."""
    return _MARKERS.search(text) is not None


def faults(text: str) -> Counter[str]:
    """How often each kind of fault occurs in the text."""
    lines = [without_end(line) for line in split_lines(text)]
    found: Counter[str] = Counter()
    prose = list(_outside_fences(lines, found))
    found["front matter key given twice"] += _doubled(_front_matter_keys(lines))
    found["link defined twice"] += _doubled(
        [match[1].casefold() for line in prose if (match := _DEFINITION.match(line))]
    )
    for paragraph in _paragraphs(prose):
        found["row of another width"] += _ragged_rows(paragraph)
        found["number given twice"] += _repeated_numbers(paragraph)
        for block in _blocks(paragraph):
            _count_open_marks(block, found)
    return +found


def _outside_fences(lines: Sequence[str], found: Counter[str]) -> Iterator[str]:
    """The lines of prose; a code block counts as a blank line between them."""
    fence = ""
    for line in lines:
        match = _FENCE.match(line)
        if not fence and not match:
            yield line
        elif not fence and match:
            fence = match[1]
            yield ""
        elif match and match[1].startswith(fence) and not line.strip(" `~\t"):
            fence = ""
    if fence:
        found["code block left open"] += 1


def _front_matter_keys(lines: Sequence[str]) -> list[str]:
    if not lines or lines[0].rstrip() != "---":
        return []
    keys = list[str]()
    for line in lines[1:]:
        if line.rstrip() == "---":
            return keys
        if match := _FRONT_KEY.match(line):
            keys.append(match[1])
    return []


def _doubled(names: Sequence[str]) -> int:
    return len(names) - len(set(names))


def _paragraphs(lines: Sequence[str]) -> Iterator[list[str]]:
    """Runs of lines that no blank line parts."""
    paragraph: list[str] = []
    for line in lines:
        if line.strip():
            paragraph.append(line)
        elif paragraph:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _blocks(paragraph: Sequence[str]) -> Iterator[str]:
    """The paragraph's list items, headings and rows, in which a mark must open and close."""
    block: list[str] = []
    for line in paragraph:
        if block and (_LIST_START.match(line) or line.startswith(("#", "|", ">"))):
            yield "\n".join(block)
            block = []
        block.append(_LIST_START.sub("", line))
    yield "\n".join(block)


def _ragged_rows(paragraph: Sequence[str]) -> int:
    """Rows whose number of cells is not that of the row above."""
    widths = [_cells(line) for line in paragraph if line.lstrip().startswith("|")]
    return sum(above != below for above, below in pairwise(widths))


def _cells(row: str) -> int:
    return _ESCAPED.sub("", _without_code(row)).strip().strip("|").count("|") + 1


def _repeated_numbers(paragraph: Sequence[str]) -> int:
    """Items that carry the number of the item before, in a list that counts."""
    numbers: dict[str, list[int]] = {}
    for line in paragraph:
        if match := _ITEM.match(line):
            numbers.setdefault(match[1], []).append(int(match[2]))
    return sum(
        above == below
        for run in numbers.values()
        if len(set(run)) > 1
        for above, below in pairwise(run)
    )


def _without_code(text: str) -> str:
    """The text with its code spans blotted out: each from a run of ticks to the next as long."""
    places: dict[int, list[re.Match[str]]] = {}
    ticks = list(_TICKS.finditer(text))
    for run in reversed(ticks):
        places.setdefault(len(run[0]), []).append(run)
    kept, at = list[str](), 0
    for run in ticks:
        if run.start() < at:
            continue
        same_length = places[len(run[0])]
        while same_length and same_length[-1].start() <= run.start():
            same_length.pop()
        if same_length:
            kept += (text[at : run.start()], "x")
            at = same_length[-1].end()
    return "".join((*kept, text[at:]))


def _count_open_marks(block: str, found: Counter[str]) -> None:
    text = _without_code(_ESCAPED.sub("x", block))
    found["code left open"] += text.count("`") % 2
    found["link broken"] += len(re.findall(r"\]\(", text)) - len(_TARGET.findall(text))
    text = _TARGET.sub("]", text)
    found["bracket left open"] += abs(text.count("[") - text.count("]"))
    found["parenthesis left open"] += abs(text.count("(") - text.count(")"))
    found["emphasis left open"] += _open_emphasis(text)


def _open_emphasis(text: str) -> int:
    """Marks of emphasis that open twice, close nothing, or never close."""
    open_marks: set[str] = set()
    wrong = 0
    for match in _EMPHASIS.finditer(text):
        start, end = match.span()
        mark, before, after = match[0], text[max(start - 1, 0) : start], text[end : end + 1]
        can_open = bool(after.strip())
        can_close = bool(before.strip())
        if mark == "__" and before.isalnum() and after.isalnum():
            continue
        if mark in open_marks and can_close:
            open_marks.discard(mark)
        elif mark not in open_marks and can_open:
            open_marks.add(mark)
        elif can_open or can_close:
            wrong += 1
    return wrong + len(open_marks)
