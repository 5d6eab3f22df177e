"""Three-way merge of prose: by lines, by words where lines clash, then a look at the result.

A merge that is clean word by word can still be wrong as a text, so what was woven
is checked: structure (`markdown.py`), and lines that came twice or came back.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

from versioning.merge.agreed import with_agreed_additions
from versioning.merge.lines import joined, line_end, line_keys, split_lines, with_line_ends
from versioning.merge.markdown import has_conflict_markers, new_faults
from versioning.merge.prose import OpenHunk, Part, SettledText, TextMerge, parts_joined
from versioning.merge.regions import By, Region, regions
from versioning.merge.values import Settled, identical, plainest, settle
from versioning.merge.word_merge import merge_words

_TELLING: Final = 12
"""Letters and figures that make a line one of a kind: `</div>` may well be added by both."""

_ALIKE: Final = 0.8
_ALIKE_WORDS: Final = 5
_MOST_PAIRS: Final = 20_000
"""Pairs of sentences that are compared: two sides that added more of them are not."""

_SENTENCE: Final = re.compile(r"\w")
"""Items of lists and rows of tables are made alike."""

_TELLING_OF_PROSE: Final = 4
_PROSE: Final = re.compile(r"(?:[-*+] |\d+[.)] )?\w")
"""How a sentence begins, or an item of a list; indented lines and markup are more often alike."""


def merge_text(base: str | TextMerge, ours: str, theirs: str) -> TextMerge:
    """The merge of two texts that grew from one.

    `base` may be a merge with open hunks (a virtual base): such a hunk equals
    nothing, so that sides which agree there are clean and sides that differ ask.

    Nothing that one side wrote is left out of a clean result, except how it wrote
    it: blanks, line ends and Unicode forms give way to the other side's words.
    """
    plain_base = base if isinstance(base, str) else base.text
    if plain_base is not None:
        answer = settle(plain_base, ours, theirs, alike=identical)
        if answer:
            return TextMerge(parts_joined([SettledText(str(answer.value))]))
    elif ours == theirs:
        return TextMerge(parts_joined([SettledText(ours)]))
    if isinstance(base, str):
        base = with_agreed_additions(base, ours, theirs, _is_telling)
    lines = _Lines.split(base, ours, theirs)
    stretches = [_stretch(region, lines) for region in regions(*lines.keys)]
    _reopen_suspects(stretches, lines)
    end = _line_end(plain_base, ours, theirs)
    return TextMerge(parts_joined(_parts(stretches, end)))


class _Unsettled:
    """The key of an open hunk of a virtual base: equal to nothing but itself."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of three versions as written, and the keys they are compared by."""

    base: list[str]
    ours: list[str]
    theirs: list[str]
    keys: tuple[list[object], list[object], list[object]]

    @classmethod
    def split(cls, base: str | TextMerge, ours: str, theirs: str) -> Self:
        base_lines, base_keys = _base_lines(base)
        ours_lines, theirs_lines = split_lines(ours), split_lines(theirs)
        ours_keys: list[object] = [*line_keys(ours_lines)]
        theirs_keys: list[object] = [*line_keys(theirs_lines)]
        return cls(base_lines, ours_lines, theirs_lines, (base_keys, ours_keys, theirs_keys))

    def of(self, region: Region) -> tuple[list[str], list[str], list[str]]:
        return self.base[region.base], self.ours[region.ours], self.theirs[region.theirs]


def _base_lines(base: str | TextMerge) -> tuple[list[str], list[object]]:
    if isinstance(base, str):
        lines = split_lines(base)
        return lines, [*line_keys(lines)]
    lines, keys = [], list[object]()
    for part in base.parts:
        if isinstance(part, OpenHunk):
            lines.append(TextMerge((part,)).marked())
            keys.append(_Unsettled())
        else:
            settled = split_lines(part.text)
            lines += settled
            keys += line_keys(settled)
    return lines, keys


@dataclass(slots=True)
class _Stretch:
    """A run of lines on all sides, and the answer for it; None while it is open."""

    by: By
    base: str
    ours: str
    theirs: str
    answer: str | None
    woven: bool = False

    def reopen(self) -> None:
        self.answer = None


def _stretch(region: Region, lines: _Lines) -> _Stretch:
    sides = lines.of(region)
    base, ours, theirs = (joined(side) for side in sides)
    stretch = _Stretch(region.by, base, ours, theirs, None)
    match region.by:
        case By.OURS:
            stretch.answer = ours
        case By.THEIRS:
            stretch.answer = theirs
        case By.NOBODY:
            stretch.answer = _as_written(sides)
        case By.BOTH:
            is_known = not any(isinstance(key, _Unsettled) for key in lines.keys[0][region.base])
            stretch.answer = _clash_settled(*sides, is_known=is_known)
            stretch.woven = stretch.answer not in (None, ours, theirs)
    return stretch


def _as_written(sides: tuple[list[str], list[str], list[str]]) -> str:
    """The writing of lines that say the same, by the side that changed the writing."""
    text = []
    for base, ours, theirs in zip(*sides, strict=True):
        answer = settle(base, ours, theirs, alike=identical)
        text.append(str((answer or Settled(plainest((ours, theirs)))).value))
    return joined(text)


def _clash_settled(
    base: list[str], ours: list[str], theirs: list[str], *, is_known: bool
) -> str | None:
    """The answer for lines that both sides changed, if they settle; else None.

    Lines which both sides added alike, at either end, are agreed; so the rest may
    be one side's work only. What remains is merged by words.
    """
    before, after = _agreed_at_both_ends(base, ours, theirs)
    head = _plainest_lines(ours[: before[1]], theirs[: before[2]])
    tail = _plainest_lines(ours[len(ours) - after[1] :], theirs[len(theirs) - after[2] :])
    ends = zip((base, ours, theirs), before, after, strict=True)
    rest = [joined(side[first : len(side) - last]) for side, first, last in ends]
    if not rest[0] and not any(line.strip() for line in (*head, *tail)):
        return None  # two additions, of which a blank line is all that they share
    middle = _middle_settled(*rest, is_known=is_known)
    return None if middle is None else joined([*head, *split_lines(middle), *tail])


def _plainest_lines(ours: list[str], theirs: list[str]) -> list[str]:
    """Lines that say the same, in a writing that does not depend on who wrote them."""
    return [str(plainest(both)) for both in zip(ours, theirs, strict=True)]


def _agreed_at_both_ends(
    base: list[str], ours: list[str], theirs: list[str]
) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """How many lines at each end are agreed: counted for base, ours and theirs."""
    keys = [line_keys(side) for side in (base, ours, theirs)]
    before = _agreed(*keys)
    rest = [side[count:] for side, count in zip(keys, before, strict=True)]
    return before, _agreed(*(side[::-1] for side in rest))


def _agreed(base: list[str], ours: list[str], theirs: list[str]) -> tuple[int, int, int]:
    count = in_base = 0
    for one, other in zip(ours, theirs, strict=False):
        if one != other:
            break
        count += 1
        in_base += in_base < len(base) and base[in_base] == one
    return in_base, count, count


def _middle_settled(base: str, ours: str, theirs: str, *, is_known: bool) -> str | None:
    if not is_known:
        return ours if ours == theirs else None
    answer = settle(base, ours, theirs)
    if answer:
        return str(answer.value)
    if not base or any(map(has_conflict_markers, (base, ours, theirs))):
        return None
    woven = merge_words(base, ours, theirs).text
    if woven is None or new_faults(woven, (ours, theirs)):
        return None
    return woven


def _reopen_suspects(stretches: list[_Stretch], lines: _Lines) -> None:
    """Opens again what came out clean piece by piece and wrong as a whole."""
    if all(stretch.answer is not None for stretch in stretches):
        merged = joined(str(stretch.answer) for stretch in stretches if stretch.answer)
        sides = (joined(lines.ours), joined(lines.theirs))
        if new_faults(merged, sides):
            woven = [stretch for stretch in stretches if stretch.woven]
            for stretch in woven or _disputed(stretches):
                stretch.reopen()
    wrong = _wrongly_counted(stretches, lines) | _twice_in_other_words(stretches, lines)
    if wrong:
        for stretch in _disputed(stretches):
            texts = (stretch.base, stretch.ours, stretch.theirs)
            if any(wrong & set(line_keys(split_lines(text))) for text in texts):
                stretch.reopen()


def _disputed(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """The stretches on which the sides differ, whoever changed them."""
    return [stretch for stretch in stretches if stretch.ours != stretch.theirs]


def _wrongly_counted(stretches: Sequence[_Stretch], lines: _Lines) -> set[str]:
    """Telling lines that stand more often in the merge than the sides' edits account for.

    Both moved a line, to two places; both added it, in two places; one moved
    what the other took out: line by line nothing clashes, and it stands twice, or again.
    """
    merged = _telling(split_lines(joined(s.answer or "" for s in stretches)))
    base, ours, theirs = map(_telling, (lines.base, lines.ours, lines.theirs))
    return {
        line
        for line, count in merged.items()
        if count > max(ours[line], theirs[line]) > 0
        or (ours[line] == base[line] > theirs[line] and count > theirs[line])
        or (theirs[line] == base[line] > ours[line] and count > ours[line])
    }


def _twice_in_other_words(stretches: Sequence[_Stretch], lines: _Lines) -> set[str]:
    """Sentences that both sides added in two places, and one of them changed a little."""
    merged = {key for s in stretches for key in line_keys(split_lines(s.answer or ""))}
    known = set(line_keys(lines.base))
    ours, theirs = (
        {key: Counter(key.split()) for key in {*line_keys(side)} - known if key in merged}
        for side in (lines.ours, lines.theirs)
    )
    mine, others = ours.keys() - theirs.keys(), theirs.keys() - ours.keys()
    if len(mine) * len(others) > _MOST_PAIRS:
        return set()
    return {
        key
        for one in mine
        for other in others
        if _SENTENCE.match(one) and _are_alike(ours[one], theirs[other])
        for key in (one, other)
    }


def _are_alike(one: Counter[str], other: Counter[str]) -> bool:
    """Whether two sentences share most of their words; short ones are alike by chance."""
    longest = max(one.total(), other.total())
    return longest >= _ALIKE_WORDS and (one & other).total() >= _ALIKE * longest


def _telling(lines: Sequence[str]) -> Counter[str]:
    count = Counter(line_keys(lines))
    return Counter({key: number for key, number in count.items() if _is_telling(key)})


def _is_telling(key: str) -> bool:
    long_enough = _TELLING_OF_PROSE if _PROSE.match(key) else _TELLING
    return sum(map(str.isalnum, key)) >= long_enough or key.startswith("#")


def _line_end(base: str | None, ours: str, theirs: str) -> str | None:
    """How the merged text ends its lines; None to leave each line as it is.

    A side that converted its line ends did so everywhere, and so does the merge.
    """
    ends = [line_end([text]) for text in (base or "", ours, theirs)]
    if ends[1] is None or ends[2] is None:
        return None
    answer = settle(ends[0], ends[1], ends[2])
    return str(answer.value) if answer else "\n"


def _parts(stretches: Sequence[_Stretch], end: str | None) -> Iterator[Part]:
    last = len(stretches) - 1

    def written(text: str, at: int) -> str:
        if text and at < last and text[-1] not in "\r\n":
            text += end or "\n"
        return with_line_ends(text, end) if end else text

    for at, stretch in enumerate(stretches):
        if stretch.answer is not None:
            yield SettledText(written(stretch.answer, at))
        else:
            texts = (stretch.base, stretch.ours, stretch.theirs)
            yield OpenHunk(*(written(text, at) for text in texts))
