"""What is walked through, watched or climbed on: no figure tells of these but their kind."""

from typing import Any, Final

from wiki.drawings.sketch import GROUND, Line, Sketch, box, circle

NO_FIGURES: Final = ()


def walkthrough(_: Any) -> Sketch:
    """Walls, and the way between them, from above."""
    lines = [
        Line(box(160, 70, 880, 270), "mass"),
        Line("M340 70V260M520 340V150M700 70V260M880 340V150"),
        Line("M90 110H250V300H430V110H610V300H790V110H960V300H1110", "motion"),
    ]
    return Sketch("A way between walls, from above", lines, NO_FIGURES, has_ground=False)


def show(_: Any) -> Sketch:
    """A stage with its curtain, and rows of seats before it."""
    rows = "M280 270H920M240 300H960M200 330H1000"
    lines = [
        Line(box(360, 60, 480, 170), "mass"),
        Line("M360 60C420 110 420 190 372 230M840 60C780 110 780 190 828 230", "track"),
        Line(rows),
        Line("".join(circle(x, 200, 10) for x in (560, 600, 640)), "vehicle"),
    ]
    return Sketch("A stage and rows of seats", lines, NO_FIGURES, has_ground=False)


def playground(_: Any) -> Sketch:
    """A tower with a ladder, a roof and a slide."""
    lines = [
        Line(f"M500 {GROUND}V120M640 {GROUND}V120M470 {GROUND}V200M500 210H470"),
        Line("".join(f"M470 {y}H500" for y in range(230, GROUND, 26))),
        Line("M480 120L570 60L660 120z", "mass"),
        Line(f"M500 200H640C720 200 700 {GROUND - 10} 830 {GROUND - 10}", "track"),
    ]
    return Sketch("A tower with a slide", lines, NO_FIGURES)
