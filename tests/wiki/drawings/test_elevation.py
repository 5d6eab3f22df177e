"""The drawing of a ride follows its figures, and stays on its plate whatever they are."""

import re

from hypothesis import given
from hypothesis import strategies as st

from wiki.drawings.elevation import END, GROUND, HEIGHT, TOP, WIDTH, Profile, draw

METRES = st.floats(0.1, 10_000)
PROFILES = st.builds(
    Profile,
    height=METRES,
    drop=st.none() | METRES,
    length=st.none() | METRES,
    steepness=st.none() | st.floats(0.1, 180),
    inversions=st.integers(0, 50),
    is_launched=st.booleans(),
)


def numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?[0-9.]+", path)]


@given(PROFILES)
def test_any_profile_is_drawn_on_its_plate(profile: Profile) -> None:
    drawing = draw(profile)
    assert all(0 <= number <= WIDTH for number in numbers(drawing.track + drawing.supports))
    heights = numbers(drawing.supports.replace("V", " "))[2::3]
    assert all(TOP - 1 <= y <= GROUND for y in heights)
    assert drawing.summit[1] == TOP
    assert drawing.track.endswith(f"H{END}") or drawing.track.endswith(f"{END} 350")
    assert 0 < drawing.beside < WIDTH
    assert HEIGHT > GROUND


@given(PROFILES)
def test_it_is_drawn_alike_each_time(profile: Profile) -> None:
    assert draw(profile) == draw(profile)


def curves(**figures: object) -> int:
    return draw(Profile(height=60, length=1_200, **figures)).track.count("C")  # type: ignore[arg-type]  # figures are fields


def test_a_longer_track_has_more_hills() -> None:
    tracks = [draw(Profile(60, length=length)).track for length in (400, 1_200, 2_400)]
    assert [track.count("C") for track in tracks] == sorted({track.count("C") for track in tracks})


def test_each_inversion_is_a_loop_up_to_four() -> None:
    loops = [curves(inversions=inversions) for inversions in (1, 2, 3, 4, 5, 14)]
    assert loops[:4] == sorted(set(loops[:4]))
    assert loops[3] == loops[4] == loops[5]


def test_a_steeper_drop_takes_less_room() -> None:
    places = [draw(Profile(60, steepness=degrees)).beside for degrees in (90, 60, 40)]
    assert places == sorted(set(places))


def test_a_launched_train_begins_level() -> None:
    assert draw(Profile(60)).launch is None
    assert draw(Profile(60, is_launched=True)).launch is not None
