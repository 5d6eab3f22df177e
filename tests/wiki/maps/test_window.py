"""Windows: what they show, how they move, and how addresses say them."""

import pytest
from django.http import QueryDict
from hypothesis import example, given
from hypothesis import strategies as st

from tests.wiki.maps.strategies import points, windows
from wiki.geography.projection import NORTH_POLE, SOUTH_POLE, WIDTH, Point, project
from wiki.maps.window import DEEPEST, NEARBY, WORLD, Window, around, read_window, window
from wiki.requests.refusals import RequestRefused


def read(query: str) -> Window | None:
    return read_window(QueryDict(query))


@given(windows(), st.floats(-3, 3), st.floats(-3, 3), st.integers(-20, 20))
def test_a_window_stays_on_earth_wherever_it_is_moved(
    seen: Window, east: float, south: float, steps: int
) -> None:
    for there in (seen.moved(east, south), seen.zoomed(steps), seen.zoomed(steps).moved(east, 0)):
        assert there.top >= NORTH_POLE - 1e-6
        assert there.top + there.height <= SOUTH_POLE + 1e-6
        assert 0 <= there.centre.x <= WIDTH
        assert 0 <= there.zoom <= DEEPEST


@given(windows(), points())
def test_around_the_earth_there_is_one_way_to_every_point(seen: Window, point: Point) -> None:
    turned = Point(point.x + WIDTH, point.y)
    assert seen.offset(turned).x == pytest.approx(seen.offset(point).x, abs=1e-6)
    assert abs(seen.offset(point).x) <= WIDTH / 2


@given(windows())
def test_an_address_leads_to_the_same_window(seen: Window) -> None:
    found = read(f"at={seen.at}&zoom={seen.zoom}")
    assert found is not None
    # Ten metres, that is, of at least forty kilometres.
    assert seen.offset(found.centre) == pytest.approx((0, 0), abs=0.01)
    assert found.zoom == seen.zoom


@example([project(89.99999999999999, 0.0)])  # beyond the pole by the last digit of its northing
@given(st.lists(points(), min_size=1, max_size=20))
def test_what_a_window_is_made_around_is_in_it(found: list[Point]) -> None:
    """But for what lies where the world itself is cut off, in the far south."""
    seen = around(found)
    for point in found:
        assert seen.shows(point) or seen == WORLD


def test_a_window_is_made_the_short_way_around_the_earth() -> None:
    fiji = [project(-17, 179), project(-17, -179)]
    assert around(fiji).zoom == 7
    assert all(around(fiji).shows(each) for each in fiji)
    assert around([project(48, 7)], NEARBY).zoom == NEARBY
    assert around([]) == WORLD


def test_what_an_address_leaves_out_is_settled() -> None:
    assert read("") is None
    assert read("zoom=2") == window(WORLD.centre, 2)
    assert read("at=48.2,7.7") == window(project(48.2, 7.7), NEARBY)
    assert read("at=48.2+N,7.7+W&zoom=0") == window(project(48.2, -7.7), 0)


@pytest.mark.parametrize(
    "query",
    [
        "at=x", "at=NaN,1", "at=inf,1", "at=1e400,2", "at=91,0", "at=0,181", "at=1", "at=1,2,3",
        "at=%00", "at=%D9%A1,2", "zoom=99", "zoom=-1", "zoom=x", "zoom=1e400", "zoom=NaN",
        "zoom=1.5", "zoom=%C2%B2", "at=48,7&zoom=11",
    ],
)  # fmt: skip
def test_what_is_no_window_is_refused(query: str) -> None:
    with pytest.raises(RequestRefused):
        read(query)
