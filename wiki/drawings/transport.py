"""Transport: the line as on a plan of the network, with its stations and a train."""

from typing import Any, Final

from wiki.drawings.sketch import Line, Sketch, Word, box, circle, is_told

BEGIN: Final = 120
END: Final = 1080
LINE: Final = 200
MOST_STATIONS: Final = 12


def transport(ride: Any) -> Sketch:
    """A line from end to end; stations where somebody has counted them."""
    stations = min(ride.stations or 0, MOST_STATIONS)
    words = []
    if is_told(ride.line_length):
        words.append(Word(600, 110, ride.line_length.given, "figure", "middle"))
    if ride.stations:
        counted = f"{ride.stations:,} station{'' if ride.stations == 1 else 's'}"
        words.append(Word(BEGIN, 300, counted))
    if is_told(ride.gauge):
        words.append(Word(END, 300, f"gauge {ride.gauge.given}", anchor="end"))
    lines = [
        Line("".join(f"M{x} {LINE - 14}V{LINE + 14}" for x in range(BEGIN, END + 1, 20))),
        Line(f"M{BEGIN} {LINE}H{END}", "track"),
        Line("".join(circle(x, LINE, 15) for x in _places(stations)), "stop"),
        Line("".join(box(x, LINE - 42, 44, 22) for x in (300, 350, 400)), "vehicle"),
    ]
    by = ("stations", "line_length", "gauge")
    return Sketch(
        "A line with its stations" if stations else "A line", lines, by, words, has_ground=False
    )


def _places(stations: int) -> list[float]:
    """Evenly from end to end; one alone at the beginning."""
    if stations < 2:
        return [BEGIN] * stations
    return [BEGIN + (END - BEGIN) * number / (stations - 1) for number in range(stations)]
