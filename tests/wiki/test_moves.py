"""Coasters that were moved are one ride each, with their former places."""

import pytest

from wiki.imports.coasters.table import RideFacts
from wiki.sample import moves
from wiki.sample.make import sample_rides


def test_a_ride_that_moved_is_one_ride_with_its_former_places() -> None:
    (ride,) = [each for each in sample_rides() if each.name.startswith("Flashback (Six Flags M")]
    assert (ride.park, ride.fields["opened"]) == ("Six Flags Magic Mountain", "1992")
    assert [each["name"] for each in ride.fields["names"]] == ["Z-Force"]
    assert [(each["date"], each["what"]) for each in ride.fields["milestones"]] == [
        ("1985", "Opened at Six Flags Great America, as Z-Force."),
        ("1988", "Opened at Six Flags Over Georgia, as Z-Force."),
        ("1992", "Opened at Six Flags Magic Mountain."),
    ]


def test_a_ride_that_had_two_articles_is_one_and_closed_where_it_was_before() -> None:
    names = [each.name for each in sample_rides()]
    assert "Chang (roller coaster)" not in names
    (ride,) = [each for each in sample_rides() if each.name.startswith("Green Lantern (Six")]
    assert "closed" not in ride.fields
    assert ("2009-09-19", "Closed at Kentucky Kingdom, and was moved.") in [
        (each["date"], each["what"]) for each in ride.fields["milestones"]
    ]


def test_rides_that_were_built_twice_stay_apart_and_a_lost_row_is_told() -> None:
    assert [each.name for each in sample_rides()].count("Superman: Ultimate Flight") == 2
    with pytest.raises(LookupError, match="No row is of Alpine Bobsled"):
        moves.brought_home([RideFacts(2, "Kestrel")])
