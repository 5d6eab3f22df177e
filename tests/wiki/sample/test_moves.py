"""Coasters that were moved are one ride each, with their former places."""

import pytest

from wiki.exchange.coasters.table import RideFacts
from wiki.sample import moves
from wiki.sample.make import sample_rides


def test_a_ride_that_moved_is_one_ride_with_its_former_places() -> None:
    (ride,) = [each for each in sample_rides() if each.name.startswith("Flashback (Six Flags M")]
    assert (ride.park, ride.fields["opened"]) == ("Six Flags Magic Mountain", "1992")
    assert [each["name"] for each in ride.fields["names"]] == ["Z-Force"]
    assert ride.former_places == [
        {"id": "1", "park": "Six Flags Great America", "called": "Z-Force", "since": "1985"},
        {"id": "2", "park": "Six Flags Over Georgia", "called": "Z-Force", "since": "1988"},
    ]


def test_a_ride_that_had_two_articles_is_one_and_closed_where_it_was_before() -> None:
    names = [each.name for each in sample_rides()]
    assert "Chang (roller coaster)" not in names
    (ride,) = [each for each in sample_rides() if each.name.startswith("Green Lantern (Six")]
    assert "closed" not in ride.fields
    assert [(each["park"], each["until"]) for each in ride.former_places] == [
        ("Kentucky Kingdom", "2009-09-19")
    ]


def test_a_place_that_is_not_known_by_name_has_no_page() -> None:
    (ride,) = [each for each in sample_rides() if each.name == "Zippin Pippin"]
    assert [each.get("park") for each in ride.former_places] == [None]
    assert ride.former_places[0]["place"] == "a park in Memphis, Tennessee"


def test_rides_that_were_built_twice_stay_apart_and_a_lost_row_is_told() -> None:
    assert [each.name for each in sample_rides()].count("Superman: Ultimate Flight") == 2
    with pytest.raises(LookupError, match="No row is of Alpine Bobsled"):
        moves.brought_home([RideFacts(2, "Kestrel")])
