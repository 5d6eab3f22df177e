"""A country that is written down as a fact: only where no other one is near."""

import pytest

from wiki.geography.outlines import certain_country_at


@pytest.mark.parametrize(
    ("latitude", "longitude", "country"),
    [
        (50.701, 4.594, "BE"),  # Walibi Belgium
        (50.799, 6.879, "DE"),  # Phantasialand
        (-23.096, -47.012, "BR"),  # Hopi Hari
        (22.246, 114.174, "HK"),  # Ocean Park
        (40.574, -73.978, "US"),  # Coney Island, at the beach
        (53.79, -3.056, "GB"),  # a pier
        (-29.5, 28.2, "LS"),  # a country within another, far from its border
        (-16.8, 179.99, "FJ"),  # beside the antimeridian
        (-16.8, -179.99, "FJ"),
    ],
)
def test_what_lies_in_one_country_alone_is_certain(
    latitude: float, longitude: float, country: str
) -> None:
    assert certain_country_at(latitude, longitude) == country


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (48.266, 7.722),  # Europa-Park, 2 km from France
        (51.65, 5.049),  # Efteling, 20 km from Belgium
        (43.065, -79.07),  # Niagara
        (1.254, 103.823),  # Singapore
        (1.427, 103.629),  # Johor
        (53.6, -5.0),  # in the Irish Sea, 25 km and more from every coast
        (-40.0, -120.0),
        (90.0, 0.0),
        (-90.0, 0.0),
    ],
)
def test_near_a_border_and_out_at_sea_nothing_is_certain(latitude: float, longitude: float) -> None:
    assert certain_country_at(latitude, longitude) == ""
