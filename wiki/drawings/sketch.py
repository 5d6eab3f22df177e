"""What drawings are made of: lines, words, and a sentence for whoever does not see them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from versioning.fields.quantities import Quantity

WIDTH: Final = 1200
HEIGHT: Final = 420
GROUND: Final = 356
TOP: Final = 56
"""Where the highest point of a ride is whose height is told."""
MIDDLE: Final = WIDTH / 2

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A path of SVG; `look` is what it stands for: the way (`track`), what holds it (`frame`)."""

    path: str
    look: str = "frame"


@dataclass(frozen=True)
class Word:
    """Words beside a line: a `figure` or a note, from a place on, around it or up to it."""

    x: float
    y: float
    text: str
    look: str = "word"
    anchor: str = ""


@dataclass(frozen=True)
class Sketch:
    """A drawing. `by` are the fields that it is drawn by, told or not."""

    said: str
    lines: Sequence[Line]
    by: Sequence[str]
    words: Sequence[Word] = ()
    has_ground: bool = True


def height_of(ride: Any, x: float) -> tuple[list[Line], list[Word]]:
    """A measure of how high a ride is, where that is told."""
    if not is_told(ride.height):
        return [], []
    ends = "".join(f"M{short(x - 8)} {y}h16" for y in (TOP, GROUND))
    line = f"{ends}M{short(x)} {TOP}V{GROUND}"
    return [Line(line, "measure")], [Word(x - 16, TOP + 14, ride.height.given, "figure", "end")]


def is_told(quantity: Quantity | None) -> bool:
    """Whether a figure is one to draw by."""
    return quantity is not None and quantity.value > 0


def circle(x: float, y: float, radius: float) -> str:
    """The path of a circle around a point."""
    half, across = f"a{short(radius)} {short(radius)} 0 1 0", 2 * radius
    return f"M{short(x - radius)} {short(y)}{half} {short(across)} 0{half} {short(-across)} 0"


def box(x: float, y: float, width: float, height: float) -> str:
    """The path of a box from its upper left corner."""
    return f"M{short(x)} {short(y)}h{short(width)}v{short(height)}h{short(-width)}z"


def around(x: float, y: float, radius: float, degrees: float) -> Point:
    """A point on a circle, by the angle from straight down, to the right."""
    angle = math.radians(degrees)
    return x + radius * math.sin(angle), y + radius * math.cos(angle)


def short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
