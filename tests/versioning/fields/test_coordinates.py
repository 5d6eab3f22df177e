"""Places on the map."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioning.fields.coordinates import NotCoordinates, coordinates, from_document, parse


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("40.574, -73.978", "40.57400° N, 73.97800° W"),
        ("40.574° N, 73.978° W", "40.57400° N, 73.97800° W"),
        ("27.9 S 153.4 E", "27.90000° S, 153.40000° E"),
    ],
)
def test_what_people_type_is_read(text: str, told: str) -> None:
    assert str(parse(text)) == told


@pytest.mark.parametrize("text", ["", "40.5", "91, 0", "0, 181", "nan, 0", "1e9, 0", "here, there"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(NotCoordinates):
        parse(text)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_place_reads_back_the_same(latitude: float, longitude: float) -> None:
    place = coordinates(f"{latitude:f}", f"{longitude:f}")
    assert parse(place.as_input()) == place
    assert from_document(place.document()) == place
