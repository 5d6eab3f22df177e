"""A branch beside its parent, drawn: where it left, what was written on both, where it would end.

The same steps are drawn twice, lying for wide windows and standing for narrow ones, and told a
third time as a table.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

type Lane = Literal["main", "branch", "meets", "would"]
"""Whose a step is; `meets` is the parent's and in question, `would` is not there yet."""

Point = tuple[float, float]

LONGEST_STEP: Final = 160
"""Between two steps, in the drawing's units."""

WIDTH: Final = 760
_FIRST: Final = 50
_LAST: Final = 130
"""Room behind the last step, for its words."""

_LETTER: Final = 8.2
"""The width of a letter, roughly: words that have no room are cut."""


@dataclass(frozen=True)
class Step:
    """Something that happened on either side; what is not yet has no changeset."""

    lane: Lane
    label: str
    recorded_at: datetime | None = None
    changeset: int | None = None
    by: str = ""


@dataclass(frozen=True)
class Words:
    """Words in the drawing, and where they stand."""

    at: Point
    anchor: str
    text: str
    is_name: bool = False


@dataclass(frozen=True)
class Drawing:
    """The parts of the picture; all of it scales."""

    width: float
    height: float
    paths: Sequence[tuple[Lane, str]]
    dots: Sequence[tuple[Lane, Point]]
    words: Sequence[Words]


def lying(steps: Sequence[Step], names: tuple[str, str], *, is_merged: bool) -> Drawing:
    """From left to right, the parent above; words above and below, as far as there is room."""
    step = min(LONGEST_STEP, (WIDTH - _FIRST - _LAST) / max(1, len(steps) - 1))
    places = [(_FIRST + step * at, _row(each.lane, 60, 140)) for at, each in enumerate(steps)]
    words = [Words((10, 22), "start", names[0], is_name=True)]
    first = next((place for place, each in zip(places, steps, strict=True) if _is_off(each)), None)
    if first is not None:
        words.append(Words((first[0], 168), "start", _cut(names[1], 40), is_name=True))
    words += _beside(steps, places)
    end = places[-1][0] + 40
    lines = _lines(steps, places, lambda place: place, (10, end), is_merged=is_merged)
    return Drawing(WIDTH, 200, list(lines), _dots(steps, places), words)


def standing(steps: Sequence[Step], names: tuple[str, str], *, is_merged: bool) -> Drawing:
    """From above down, the parent at the left; words at the right of each step."""
    places = [(40 + 40.0 * at, _row(each.lane, 20, 56)) for at, each in enumerate(steps)]
    words = [Words((40, 16), "start", _cut(f"{names[0]}, and {names[1]}", 34), is_name=True)]
    words += [
        Words((80, along + 5), "start", _cut(each.label, 30))
        for (along, _), each in zip(places, steps, strict=True)
    ]
    end = places[-1][0] + 20
    lines = _lines(steps, places, _turned, (10, end), is_merged=is_merged)
    return Drawing(
        330, end + 10, list(lines), _dots(steps, [_turned(place) for place in places]), words
    )


def _row(lane: Lane, parent: float, branch: float) -> float:
    return branch if lane == "branch" else parent


def _is_off(step: Step) -> bool:
    return step.lane == "branch"


def _turned(place: Point) -> Point:
    return place[1], place[0]


def _dots(steps: Sequence[Step], places: Sequence[Point]) -> list[tuple[Lane, Point]]:
    return [(each.lane, place) for each, place in zip(steps, places, strict=True)]


def _lines(
    steps: Sequence[Step],
    places: Sequence[Point],
    turned: Callable[[Point], Point],
    parent: tuple[float, float],
    *,
    is_merged: bool,
) -> Iterator[tuple[Lane, str]]:
    """The parent's line, the branch's from where it left, and from its end to where it would be."""
    level = places[0][1]

    def said(*points: Point) -> str:
        return " ".join(f"{x:.0f} {y:.0f}" for x, y in map(turned, points))

    yield "main", f"M{said((parent[0], level))} L{said((parent[1], level))}"
    own = [place for each, place in zip(steps, places, strict=True) if _is_off(each)]
    if not own:
        return
    yield "branch", f"{_curve(said, places[0], own[0])} L{said(own[-1])}"
    if steps[-1].lane == "would" or is_merged:
        lane: Lane = "would" if steps[-1].lane == "would" else "branch"
        yield lane, _curve(said, own[-1], places[-1])


def _curve(said: Callable[..., str], start: Point, end: Point) -> str:
    middle = (start[0] + end[0]) / 2
    return f"M{said(start)} C{said((middle, start[1]), (middle, end[1]), end)}"


def _beside(steps: Sequence[Step], places: Sequence[Point]) -> Iterator[Words]:
    """Words above the parent's steps and below the branch's, each as long as to the next one."""
    for is_off, level in ((False, 38), (True, 188)):
        row = [
            (place[0], each.label)
            for each, place in zip(steps, places, strict=True)
            if _is_off(each) == is_off
        ]
        ends = [*(at for at, _ in row[1:]), float(WIDTH)]
        for (at, label), end in zip(row, ends, strict=False):
            if text := _cut(label, int((end - at) / _LETTER) - 1):
                yield Words((at, level), "start", text)


def _cut(text: str, letters: int) -> str:
    """As many letters of a text as there is room for; nothing where that would say nothing."""
    if len(text) <= letters:
        return text
    return f"{text[: letters - 1].rstrip()}…" if letters > 5 else ""
