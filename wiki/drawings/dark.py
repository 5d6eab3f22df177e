"""Dark rides: a plan, as nobody sees them: rooms, the way through them, and what goes there."""

from typing import Any, Final

from wiki.drawings.sketch import Line, Sketch, Word, box, short

LEFT: Final = 120
RIGHT: Final = 1080
CEILING: Final = 60
FLOOR: Final = 350
MOST_ROOMS: Final = 8
MOST_VEHICLES: Final = 6
DOOR: Final = 70


def dark(ride: Any) -> Sketch:
    """A building with a room for each scene; where nobody has counted them, it has one."""
    rooms = min(ride.scenes or 1, MOST_ROOMS)
    words = [Word(LEFT, 392, f"{ride.scenes:,} scenes")] if ride.scenes and ride.scenes > 1 else []
    if ride.vehicles:
        counted = f"{ride.vehicles:,} vehicle{'' if ride.vehicles == 1 else 's'}"
        words.append(Word(RIGHT, 392, counted, anchor="end"))
    lines = [
        Line(box(LEFT, CEILING, RIGHT - LEFT, FLOOR - CEILING), "mass"),
        Line(_walls(rooms)),
        Line(_way(rooms), "motion" if ride.trackless else "track"),
        Line(_vehicles(rooms, min(ride.vehicles or 1, MOST_VEHICLES)), "vehicle"),
    ]
    said = "The way through rooms, from above" if rooms > 1 else "The way through a building"
    return Sketch(said, lines, ("scenes", "vehicles", "trackless"), words, has_ground=False)


def _walls(rooms: int) -> str:
    """Between rooms, each open at the other end than the one before."""
    width = (RIGHT - LEFT) / rooms
    walls = []
    for number in range(1, rooms):
        begin, end = (CEILING, FLOOR - DOOR) if number % 2 else (CEILING + DOOR, FLOOR)
        walls.append(f"M{short(LEFT + number * width)} {begin}V{end}")
    return "".join(walls)


def _way(rooms: int) -> str:
    """In at the left and out at the right: through each room from one door to the next."""
    width, lane = (RIGHT - LEFT) / rooms, DOOR / 2
    bends = "".join(
        _across(LEFT + (number + 0.5) * width, is_down=number % 2 == 0) for number in range(rooms)
    )
    last = FLOOR - lane if rooms % 2 else CEILING + lane
    return f"M{LEFT - 60} {short(CEILING + lane)}{bends}L{RIGHT + 60} {short(last)}"


def _across(x: float, *, is_down: bool) -> str:
    """A bend through the middle of a room, down or up."""
    begin, end = CEILING + DOOR / 2, FLOOR - DOOR / 2
    if not is_down:
        begin, end = end, begin
    bend = (end - begin) * 0.2
    return (
        f"L{short(x - 20)} {short(begin)}"
        f"C{short(x + 40)} {short(begin + bend)} {short(x - 40)} {short(end - bend)} "
        f"{short(x + 20)} {short(end)}"
    )


def _vehicles(rooms: int, count: int) -> str:
    """In the doors, from the entrance on."""
    width, lane = (RIGHT - LEFT) / rooms, DOOR / 2
    places = [
        (LEFT + number * width, CEILING + lane if number % 2 == 0 else FLOOR - lane)
        for number in range(min(count, rooms + 1))
    ]
    return "".join(box(x - 18, y - 9, 36, 18) for x, y in places)
