"""Flat rides, by how they move: a wheel, a tower, a pendulum, a carousel, or arms that turn."""

from collections.abc import Callable, Mapping, Sequence
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


def flat(ride: Any) -> Sketch:
    """A flat ride; one whose motion nobody has told has arms that might turn."""
    draw, said, by = _BY_MOTION.get(ride.motion, (_arms, "Arms around a mast", _OF_GONDOLAS))
    measure, words = height_of(ride)
    if "gondolas" in by and ride.gondolas:
        words.append(Word(MIDDLE, 392, _counted(ride.gondolas), anchor="middle"))
    if "swing_angle" in by and is_told(ride.swing_angle):
        words.append(Word(MIDDLE, 392, f"swings to {ride.swing_angle.given}", anchor="middle"))
    if "drop" in by and is_told(ride.drop):
        words.append(Word(MIDDLE + 84, TOP + 14, f"{ride.drop.given} down", "figure"))
    return Sketch(said, [*draw(ride), *measure], ("motion", *by), words)


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
    pivot, arm = 200, 132
    told = float(ride.swing_angle.in_base_unit) if is_told(ride.swing_angle) else USUAL_SWING
    degrees = min(told, 180)
    (x, y), (left, _) = (around(MIDDLE, pivot, arm, side) for side in (degrees, -degrees))
    is_large = int(degrees > 90)
    swing = f"M{short(left)} {short(y)}A{arm} {arm} 0 {is_large} 0 {short(x)} {short(y)}"
    return [
        Line(f"M{MIDDLE - 96} {GROUND}L{MIDDLE} {pivot}L{MIDDLE + 96} {GROUND}"),
        Line(circle(MIDDLE, pivot, arm) if degrees == 180 else swing, "motion"),
        Line(f"M{MIDDLE} {pivot}L{short(x)} {short(y)}", "track"),
        Line(circle(x, y, 16), "vehicle"),
    ]


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


def _arms(ride: Any) -> Sequence[Line]:
    """A mast, and arms that it turns."""
    arms = _gondolas(ride, 12)
    ends = [around(MIDDLE, 220, 164, 90 + 180 * (number + 0.5) / arms) for number in range(arms)]
    return [
        Line(f"M{MIDDLE} {GROUND}V220" + box(MIDDLE - 110, GROUND - 14, 220, 14)),
        Line("".join(f"M{MIDDLE} 220L{short(x)} {short(y)}" for x, y in ends), "track"),
        Line("".join(circle(x, y, 11) for x, y in ends), "vehicle"),
    ]


_Draw = Callable[[Any], Sequence[Line]]
_OF_GONDOLAS: Final = ("height", "gondolas")

_BY_MOTION: Final[Mapping[str, tuple[_Draw, str, tuple[str, ...]]]] = {
    Motion.OBSERVATION: (_wheel, "A wheel with gondolas", _OF_GONDOLAS),
    Motion.DROPPING: (_tower, "A tower with a gondola that drops", ("height", "drop")),
    Motion.FREE_FALL: (_tower, "A tower with a gondola that falls", ("height", "drop")),
    Motion.SWINGING: (_pendulum, "An arm that swings", ("height", "swing_angle")),
    Motion.PENDULUM: (_pendulum, "A pendulum", ("height", "swing_angle")),
    Motion.ROTATING: (_carousel, "A carousel", _OF_GONDOLAS),
}
