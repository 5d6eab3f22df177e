"""Degrees to the plane and back, and that the outlines are drawn in that plane."""

import re
from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.environment import CHECKOUT
from wiki.geography.outlines import country_at
from wiki.geography.projection import NORTH_POLE, WIDTH, latitude_at, longitude_at, project

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 179.999)


@given(latitudes, longitudes)
def test_a_place_comes_back_from_the_plane(latitude: float, longitude: float) -> None:
    point = project(latitude, longitude)
    assert latitude_at(point.y) == pytest.approx(latitude, abs=1e-5)
    assert longitude_at(point.x) == pytest.approx(longitude, abs=1e-5)


@given(latitudes, latitudes)
def test_what_is_farther_north_is_farther_up(one: float, other: float) -> None:
    south, north = sorted((one, other))
    assert project(north, 0).y <= project(south, 0).y


def test_the_figures_are_those_that_others_have() -> None:
    """On a sphere of radius 1 the pole lies at 1.790857183, say the projection's authors."""
    assert NORTH_POLE * 2 * pi / WIDTH == pytest.approx(-1.790857183, abs=1e-9)
    assert project(0, 0) == (WIDTH / 2, 0)


@pytest.mark.parametrize(
    ("latitude", "longitude", "country"),
    [
        (48.266, 7.722, "DE"),  # Europa-Park, 2 km from France
        (51.65, 5.049, "NL"),
        (35.487, 138.78, "JP"),
        (28.419, -81.581, "US"),
        (-28.0, 153.43, "AU"),
        (59.325, 18.097, "SE"),  # on an island of Stockholm
        (40.574, -73.978, "US"),  # Coney Island, at the beach
        (53.79, -3.056, "GB"),  # a pier
        (1.254, 103.823, "SG"),
        (-29.5, 28.2, "LS"),  # a country within another
        (66.0, -175.0, "RU"),  # on either side of the antimeridian
        (66.0, 175.0, "RU"),
        (-16.8, 179.99, "FJ"),
        (-16.8, -179.99, "FJ"),
        (-40.0, -120.0, ""),
        (90.0, 0.0, ""),
        (-90.0, 0.0, ""),
    ],
)  # fmt: skip
def test_a_place_lies_in_its_countrys_outline(
    latitude: float, longitude: float, country: str
) -> None:
    assert country_at(latitude, longitude) == country


@pytest.mark.parametrize("scale", ["110m", "50m"])
def test_no_outline_leads_back_across_the_map(scale: str) -> None:
    drawing = (CHECKOUT / "static" / "vendor" / f"world-{scale}.svg").read_text()
    steps = [
        abs(int(figure))
        for path in re.findall(r'd="([^"]*)"', drawing)
        for ring in re.findall(r"l([^z]*)z", path)
        for figure in re.findall(r"-?\d+", ring)[::2]
    ]
    assert len(steps) > 5_000
    assert max(steps) < WIDTH / 10
    assert 'id="n643"' in drawing  # Russia
    assert 'id="n010"' not in drawing  # Antarctica
    assert "style" not in drawing
