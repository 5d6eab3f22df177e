"""A ride's elevation: its track as a line, drawn by a rule from what its page tells.

The rule knows no blueprint. It draws what figures say: how high, how far and how steeply down,
lifted or launched, how often upside down, and as many hills as the length has room for.
What no figure tells is level, and the plate says that it was drawn so.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

Point = tuple[float, float]

WIDTH: Final = 1200
"""Of the drawing, in its own units; all of it scales."""
HEIGHT: Final = 420
GROUND: Final = 356
TOP: Final = 48
"""Where the highest point is."""
LEVEL: Final = 350
"""Where the track is lowest."""
BEGIN: Final = 88
END: Final = 1150

MOST_LOOPS: Final = 4
"""Drawn; what turns over more often says so in words."""
MOST_HILLS: Final = 5
LENGTH_OF_A_HILL: Final = 7
"""Metres of track for each metre of the ride's height that a hill takes, the first included."""

NARROWEST_HILL: Final = 120

LONGEST_DROP: Final = 480
"""However gentle it is: what comes behind it needs room."""

_PULL: Final = 0.5523
"""How far the controls of a quarter of a circle lie from its ends, in radii."""

_STEEPEST: Final = 88.0
_USUAL_STEEPNESS: Final = 55.0


@dataclass(frozen=True)
class Profile:
    """What is told of a ride, in metres and degrees; None where it is not."""

    height: float
    drop: float | None = None
    length: float | None = None
    steepness: float | None = None
    inversions: int = 0
    is_launched: bool = False


@dataclass(frozen=True)
class Drawing:
    """The parts of the picture. Paths are SVG's; points are where words may stand beside them."""

    track: str
    supports: str
    summit: Point
    beside: float
    """From where on words have room to the right of the first drop, in its upper part."""
    launch: tuple[float, float] | None
    """From where to where a train is launched."""


def draw(profile: Profile) -> Drawing:
    """Draw a profile. Its height has to be more than nothing; all else may be unknown."""
    line = _Line((BEGIN, LEVEL))
    launch = None
    if profile.is_launched:
        launch = (BEGIN, BEGIN + 300)
        line.level(300)
        line.rise(TOP, 84, softness=0.62)
    else:
        line.level(40)
        line.rise(TOP, 190, softness=0.3)
    summit = line.end
    lowest = _foot(profile)
    line.fall(lowest, _run(profile, lowest - TOP), softness=_softness(profile))
    beside = summit[0] + (line.end[0] - summit[0]) * 0.5 + 24
    _second_half(line, profile, lowest)
    return Drawing(line.path, _supports(line.points), summit, beside, launch)


def _foot(profile: Profile) -> float:
    """How low the first drop ends: a drop that is longer than the height ends underground."""
    drop = profile.height if profile.drop is None else profile.drop
    return TOP + (LEVEL - TOP) * min(drop / profile.height, 1.15)


def _run(profile: Profile, depth: float) -> float:
    """How far a drop of this depth goes forward."""
    degrees = min(profile.steepness or _USUAL_STEEPNESS, _STEEPEST)
    return min(max(depth / math.tan(math.radians(degrees)) * 1.25, 46), LONGEST_DROP)


def _softness(profile: Profile) -> float:
    """How long a drop stays level at both ends: the steeper, the longer."""
    return 0.62 if (profile.steepness or 0) >= 80 else 0.42


def _second_half(line: "_Line", profile: Profile, lowest: float) -> None:
    """Loops and hills with ever less of the height, and the way back, level."""
    valley = min(lowest, LEVEL)
    if lowest > LEVEL:
        line.rise(LEVEL, 60, softness=0.5)
    room = END - 60 - line.end[0]
    loops = min(profile.inversions, MOST_LOOPS)
    hills = min(_hills(profile) - loops, int(room / NARROWEST_HILL) - loops)
    parts = [*["loop"] * loops, *["hill"] * max(hills, 0)]
    for number, part in enumerate(parts):
        width, left = room / len(parts), (valley - TOP) * 0.84**number
        if part == "loop":
            line.loop(min(left * 0.5, width * 0.8), width, valley)
        else:
            line.rise(valley - left * 0.62, width / 2, softness=0.5)
            line.fall(valley, width / 2, softness=0.5)
    if valley < LEVEL:
        line.fall(LEVEL, 60, softness=0.5)
    line.to_end()


def _hills(profile: Profile) -> int:
    if profile.length is None:
        return 1
    hills = round(profile.length / (profile.height * LENGTH_OF_A_HILL)) - 1
    return min(max(hills, 0 if profile.is_launched else 1), MOST_HILLS)


class _Line:
    """A track that goes on from where it has come to, in Bézier curves, level at each joint."""

    def __init__(self, begin: Point) -> None:
        self.end = begin
        self._parts = [f"M{_spelt(begin)}"]
        self.points: list[Point] = []

    @property
    def path(self) -> str:
        return "".join(self._parts)

    def level(self, run: float) -> None:
        self.end = (self.end[0] + run, self.end[1])
        self._parts.append(f"H{_short(self.end[0])}")

    def to_end(self) -> None:
        if self.end[0] < END:
            self.level(END - self.end[0])

    def rise(self, to: float, run: float, softness: float) -> None:
        """Up or down to a height, `softness` of the way level at either end."""
        (x, y), end = self.end, (self.end[0] + run, to)
        self._curve((x + run * softness, y), (end[0] - run * softness, to), end)

    fall = rise

    def loop(self, diameter: float, width: float, valley: float) -> None:
        """Into the valley, once round, and out of it again."""
        (x, y), radius = self.end, diameter / 2
        middle, centre, pull = x + width / 2, valley - radius, radius * _PULL
        half = width / 4
        self._curve((x + half, y), (middle - half, valley), (middle, valley))
        for end, before, after in (
            ((middle + radius, centre), (middle + pull, valley), (middle + radius, centre + pull)),
            (
                (middle, centre - radius),
                (middle + radius, centre - pull),
                (middle + pull, centre - radius),
            ),
            (
                (middle - radius, centre),
                (middle - pull, centre - radius),
                (middle - radius, centre - pull),
            ),
            ((middle, valley), (middle - radius, centre + pull), (middle - pull, valley)),
        ):
            self._curve(before, after, end)
        self.level(width / 2)

    def _curve(self, first: Point, second: Point, end: Point) -> None:
        self._parts.append(f"C{_spelt(first)} {_spelt(second)} {_spelt(end)}")
        self.points += _along(self.end, first, second, end)
        self.end = end


def _along(*controls: Point) -> Iterator[Point]:
    """Points of a cubic Bézier curve."""
    for step in range(1, 13):
        t = step / 12
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        yield (
            sum(weight * x for weight, (x, _) in zip(weights, controls, strict=True)),
            sum(weight * y for weight, (_, y) in zip(weights, controls, strict=True)),
        )


_BETWEEN_SUPPORTS = 24


def _supports(points: Sequence[Point]) -> str:
    """Columns from the ground to the track, where it is well above it."""
    parts: list[str] = []
    last = -math.inf
    for x, y in sorted(points):
        if y < GROUND - 24 and x - last >= _BETWEEN_SUPPORTS:
            parts.append(f"M{_short(x)} {GROUND}V{_short(y)}")
            last = x
    return "".join(parts)


def _spelt(point: Point) -> str:
    return f"{_short(point[0])} {_short(point[1])}"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
