"""Flat rides, by how they move: a wheel, a tower, a pendulum, a carousel, or arms that turn."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from wiki.drawings.sketch import (
    GROUND,
    MIDDLE,
    TOP,
    Line,
    Sketch,
    Word,
    around,
    box,
    circle,
    height_of,
    is_told,
    short,
)
from wiki.kinds.rides.choices import Motion

MOST_GONDOLAS: Final = 24
"""Drawn; how many there are, words say."""
USUAL_GONDOLAS: Final = 8

USUAL_SWING: Final = 60.0
"""Degrees to each side."""
BOB: Final = 16
"""The radius of what swings at the end of an arm."""

HIGHEST_CAROUSEL_M: Final = 12
"""What turns and is higher has no roof over it."""


@dataclass(frozen=True)
class Kind:
    """How rides of a motion are drawn; `by` are the figures that it is drawn by."""

    draw: Callable[[Any], Sequence[Line]]
    said: str
    by: Sequence[str]
    reach: int = 60
    """How far it goes to the left at most: a measure stands beyond that."""


def flat(ride: Any) -> Sketch:
    """A flat ride; one whose motion nobody has told has arms that might turn."""
    kind = _kind_of(ride)
    measure, words = height_of(ride, MIDDLE - kind.reach - 60)
    if "gondolas" in kind.by and ride.gondolas:
        words.append(Word(MIDDLE, 392, _counted(ride.gondolas), anchor="middle"))
    if "swing_angle" in kind.by and is_told(ride.swing_angle):
        words.append(Word(MIDDLE, 392, f"swings to {ride.swing_angle.given}", anchor="middle"))
    if "drop" in kind.by and is_told(ride.drop):
        words.append(Word(MIDDLE + 84, TOP + 14, f"{ride.drop.given} down", "figure"))
    return Sketch(kind.said, [*kind.draw(ride), *measure], ("motion", *kind.by), words)


def _kind_of(ride: Any) -> Kind:
    is_high = is_told(ride.height) and ride.height.in_base_unit > HIGHEST_CAROUSEL_M
    if ride.motion == Motion.ROTATING and is_high:
        return _FLYER
    return _BY_MOTION.get(ride.motion, _ARMS)


def _counted(gondolas: int) -> str:
    return f"{gondolas:,} gondola{'' if gondolas == 1 else 's'}"


def _gondolas(ride: Any, most: int = MOST_GONDOLAS) -> int:
    return min(ride.gondolas or USUAL_GONDOLAS, most)


def _wheel(ride: Any) -> Sequence[Line]:
    """A rim on two legs, spokes, and gondolas that hang from the rim."""
    hub, radius = (TOP + GROUND - 14) / 2, (GROUND - 14 - TOP) / 2
    ends = [
        around(MIDDLE, hub, radius - 6, 360 * number / _gondolas(ride))
        for number in range(_gondolas(ride))
    ]
    spokes = "".join(f"M{MIDDLE} {short(hub)}L{short(x)} {short(y)}" for x, y in ends)
    legs = f"M{MIDDLE - 76} {GROUND}L{MIDDLE} {short(hub)}L{MIDDLE + 76} {GROUND}"
    cabins = "".join(circle(x, y, 9) for x, y in ends)
    return [
        Line(legs + spokes),
        Line(circle(MIDDLE, hub, radius - 6), "track"),
        Line(cabins, "vehicle"),
    ]


def _tower(ride: Any) -> Sequence[Line]:
    """A mast with braces, and the gondola up there, with as far to fall as is told."""
    braces = "".join(
        f"M{MIDDLE - 18} {y}L{MIDDLE + 18} {y - 30}" for y in range(GROUND, TOP + 29, -30)
    )
    mast = f"M{MIDDLE - 18} {GROUND}V{TOP}H{MIDDLE + 18}V{GROUND}"
    share = ride.drop.in_base_unit / ride.height.in_base_unit if _tells_both(ride) else 1
    foot = TOP + 44 + (GROUND - 20 - TOP - 44) * min(float(share), 1)
    return [
        Line(mast + braces),
        Line(f"M{MIDDLE + 60} {TOP + 44}V{short(foot)}", "motion"),
        Line(box(MIDDLE - 44, TOP + 12, 88, 26), "vehicle"),
    ]


def _tells_both(ride: Any) -> bool:
    return is_told(ride.drop) and is_told(ride.height)


def _pendulum(ride: Any) -> Sequence[Line]:
    """Two legs, and an arm at the end of its swing; where it swings through is dashed."""
    told = float(ride.swing_angle.in_base_unit) if is_told(ride.swing_angle) else USUAL_SWING
    degrees = min(told, 180)
    pivot, arm = _hung(degrees)
    (x, y), (left, _) = (around(MIDDLE, pivot, arm, side) for side in (degrees, -degrees))
    is_large = int(degrees > 90)
    swing = (
        f"M{short(left)} {short(y)}A{short(arm)} {short(arm)} 0 {is_large} 0 {short(x)} {short(y)}"
    )
    return [
        Line(f"M{MIDDLE - 96} {GROUND}L{MIDDLE} {short(pivot)}L{MIDDLE + 96} {GROUND}"),
        Line(circle(MIDDLE, pivot, arm) if degrees == 180 else swing, "motion"),
        Line(f"M{MIDDLE} {short(pivot)}L{short(x)} {short(y)}", "track"),
        Line(circle(x, y, BOB), "vehicle"),
    ]


def _hung(degrees: float) -> tuple[float, float]:
    """How low a pivot is and how long its arm, so that what goes highest reaches the top.

    Up to a right angle that is the pivot, from there on what swings.
    """
    lowest = GROUND - BOB - 8
    above = max(-math.cos(math.radians(degrees)), 0)
    arm = (lowest - TOP) / (1 + above)
    return lowest - arm, arm


def _carousel(ride: Any) -> Sequence[Line]:
    """A platform under a roof, and what turns between them."""
    seats = _gondolas(ride, 12)
    places = [MIDDLE - 150 + 300 * (number + 0.5) / seats for number in range(seats)]
    rods = "".join(f"M{short(x)} 146V330" for x in places)
    return [
        Line(f"M{MIDDLE - 170} 146L{MIDDLE} {TOP}L{MIDDLE + 170} 146z", "mass"),
        Line(box(MIDDLE - 180, 330, 360, GROUND - 330), "mass"),
        Line(f"M{MIDDLE} 146V330{rods}"),
        Line(
            "".join(box(x - 7, 236 + 28 * (at % 2), 14, 20) for at, x in enumerate(places)),
            "vehicle",
        ),
    ]


def _flyer(ride: Any) -> Sequence[Line]:
    """A mast that turns, and gondolas that fly out on cables from its top."""
    places = _gondolas(ride, 12)
    sides = [-1 + 2 * (number + 0.5) / places for number in range(places)]
    ends = [(MIDDLE + 220 * side, GROUND - 70 - 40 * abs(side)) for side in sides]
    cables = "".join(
        f"M{short(MIDDLE + 110 * side)} {TOP + 24}L{short(x)} {short(y)}"
        for side, (x, y) in zip(sides, ends, strict=True)
    )
    arms = f"M{MIDDLE - 110} {TOP + 24}L{MIDDLE} {TOP}L{MIDDLE + 110} {TOP + 24}z"
    return [
        Line(f"M{MIDDLE} {GROUND}V{TOP}" + box(MIDDLE - 80, GROUND - 14, 160, 14)),
        Line(arms, "mass"),
        Line(cables),
        Line("".join(box(x - 12, y, 24, 12) for x, y in ends), "vehicle"),
    ]


def _arms(ride: Any) -> Sequence[Line]:
    """A mast, and arms that it turns."""
    arms = _gondolas(ride, 12)
    ends = [around(MIDDLE, 220, 164, 90 + 180 * (number + 0.5) / arms) for number in range(arms)]
    return [
        Line(f"M{MIDDLE} {GROUND}V220" + box(MIDDLE - 110, GROUND - 14, 220, 14)),
        Line("".join(f"M{MIDDLE} 220L{short(x)} {short(y)}" for x, y in ends), "track"),
        Line("".join(circle(x, y, 11) for x, y in ends), "vehicle"),
    ]


_OF_GONDOLAS: Final = ("height", "gondolas")
_ARMS: Final = Kind(_arms, "Arms around a mast", _OF_GONDOLAS, reach=176)
_FLYER: Final = Kind(_flyer, "Gondolas on cables around a mast", _OF_GONDOLAS, reach=236)

_BY_MOTION: Final[Mapping[str, Kind]] = {
    Motion.OBSERVATION: Kind(_wheel, "A wheel with gondolas", _OF_GONDOLAS, reach=150),
    Motion.DROPPING: Kind(_tower, "A tower with a gondola that drops", ("height", "drop")),
    Motion.FREE_FALL: Kind(_tower, "A tower with a gondola that falls", ("height", "drop")),
    Motion.SWINGING: Kind(_pendulum, "An arm that swings", ("height", "swing_angle"), reach=292),
    Motion.PENDULUM: Kind(_pendulum, "A pendulum", ("height", "swing_angle"), reach=292),
    Motion.ROTATING: Kind(_carousel, "A carousel", _OF_GONDOLAS, reach=180),
}
