"""Water rides: a channel with a boat, and a drop into it where one is told."""

from typing import Any, Final

from wiki.drawings.sketch import GROUND, TOP, Line, Sketch, Word, box, is_told, short

LEVEL: Final = 344
"""Of the water."""
BEGIN: Final = 88
END: Final = 1150
SUMMIT: Final = 560


def water(ride: Any) -> Sketch:
    """A water ride: of one without a height or a drop there is only the water to be drawn."""
    by = ("height", "drop", "length")
    if not (is_told(ride.height) or is_told(ride.drop)):
        return Sketch("A boat on a channel", _calm(), by, _beside(ride))
    foot = _foot(ride)
    slope = f"M{BEGIN} {LEVEL}H240L{SUMMIT - 40} {TOP}H{SUMMIT}"
    drop = f"C{SUMMIT + 90} {TOP} {SUMMIT + 70} {short(foot)} {SUMMIT + 220} {short(foot)}"
    lines = [
        Line("".join(f"M{x} {GROUND}V{short(_lift(x))}" for x in range(280, SUMMIT, 40))),
        Line(f"{slope}{drop}H{END}", "track"),
        Line(_waves(SUMMIT + 200, foot + 14), "water"),
        Line(_splash(SUMMIT + 240, foot), "water"),
        Line(box(SUMMIT - 44, TOP - 18, 44, 16), "vehicle"),
    ]
    return Sketch(
        "A channel with a lift and a drop into water", lines, by, [*_figures(ride), *_beside(ride)]
    )


def _figures(ride: Any) -> list[Word]:
    figures = []
    if is_told(ride.height):
        figures.append(Word(SUMMIT - 64, TOP - 8, ride.height.given, "figure", "end"))
    if is_told(ride.drop):
        figures.append(Word(SUMMIT + 120, TOP + 60, f"{ride.drop.given} down", "figure"))
    return figures


def _beside(ride: Any) -> list[Word]:
    words = [Word(BEGIN, 392, f"{ride.length.given} long")] if is_told(ride.length) else []
    if ride.splash:
        words.append(Word(END, 392, ride.splash[:60], anchor="end"))
    return words


def _foot(ride: Any) -> float:
    """How low the drop ends, by how much of the height it takes."""
    if not (is_told(ride.height) and is_told(ride.drop)):
        return LEVEL
    share = float(ride.drop.in_base_unit / ride.height.in_base_unit)
    return TOP + (LEVEL - TOP) * min(share, 1)


def _lift(x: float) -> float:
    """How high the lift is above a place."""
    share = (x - 240) / (SUMMIT - 40 - 240)
    return LEVEL - (LEVEL - TOP) * min(share, 1)


def _calm() -> list[Line]:
    return [
        Line(f"M{BEGIN} 250V{LEVEL}H{END}V250"),
        Line(_waves(BEGIN, 262), "water"),
        Line(_waves(BEGIN, 300), "water"),
        Line("M540 226H660L640 258H560z", "vehicle"),
    ]


def _waves(begin: float, y: float) -> str:
    """A line of waves to the end of the channel."""
    count = int((END - begin) / 60)
    return f"M{short(begin)} {short(y)}" + "q15 -12 30 0t30 0" * count


def _splash(x: float, y: float) -> str:
    """Drops thrown up where a boat comes down."""
    arcs = ((-70, -60), (-40, -96), (0, -112), (40, -96), (70, -60))
    return "".join(
        f"M{short(x)} {short(y)}q{short(side / 4)} {up} {side} {short(up * 0.8)}"
        for side, up in arcs
    )
