"""Dates as exact as they are known."""

import datetime
import io
from contextlib import redirect_stdout

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from versioning.fields.dates import NotADate, parse


@pytest.mark.parametrize(
    ("text", "edtf", "told"),
    [
        ("1999", "1999", "1999"),
        ("1999-05", "1999-05", "May 1999"),
        ("14 May 1999", "1999-05-14", "14 May 1999"),
        ("May 14, 1999", "1999-05-14", "14 May 1999"),
        ("May 1999", "1999-05", "May 1999"),
        ("1999?", "1999?", "1999?"),
        ("about 1999", "1999~", "about 1999"),
        ("1999-05~", "1999-05~", "about May 1999"),
        ("1999%", "1999%", "about 1999?"),
        ("1930s", "193X", "1930s"),
        ("1884–1887", "1884/1887", "1884–1887"),
        ("1884-1887", "1884/1887", "1884–1887"),
        ("14th May 1999", "1999-05-14", "14 May 1999"),
        ("May 1st, 1999", "1999-05-01", "1 May 1999"),
        ("5/1999", "1999-05", "May 1999"),
        ("1884~/1887", "1884~/1887", "about 1884 – 1887"),
        ("1999/..", "1999/..", "since 1999"),
        ("../1999", "../1999", "until 1999"),
        ("summer 1999", "1999-22", "summer 1999"),
        ("[1999,2000]", "[1999,2000]", "1999 or 2000"),
        ("2004-02-29", "2004-02-29", "29 February 2004"),
    ],
)
def test_what_people_type_is_read_and_told(text: str, edtf: str, told: str) -> None:
    assert (parse(text).edtf, str(parse(text))) == (edtf, told)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2004-02-30", "not a day in any calendar"),
        ("31 June 1999", "not a day in any calendar"),
        ("1999-13", "not a day in any calendar"),
        ("5/14/1999", "is not a date"),
        ("13/1999", "not a day in any calendar"),
        ("14 Foo 1999", "is not a date"),
        ("soon", "is not a date"),
        ("", "is not a date"),
        ("0999", "years 1000 to 2999"),
        ("99999", "is not a date"),
        ("Y17000", "is not a date|years"),
        ("1887/1884", "ends before it begins"),
        ("1999-05-14T25:00", "is not a date"),
        ("/" * 50, "is not a date"),
        ("1" * 61, "longer"),
        ("١٩٩٩", "is not a date"),
    ],
)
def test_nonsense_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(NotADate, match=reason):
        parse(text)


def test_dates_sort_by_the_first_day_that_they_can_mean() -> None:
    texts = ["193X", "1936", "1936-05-02", "1936-22", "1936-12~", "1937/1940", "../1950"]
    assert min(parse(text) for text in texts[::-1]).edtf == "193X"
    assert [parse(text).first_day for text in texts] == [
        datetime.date(1930, 1, 1),
        datetime.date(1936, 1, 1),
        datetime.date(1936, 5, 2),
        datetime.date(1936, 6, 1),
        datetime.date(1936, 12, 1),
        datetime.date(1937, 1, 1),
        datetime.date(1950, 1, 1),
    ]


@given(st.dates(datetime.date(1000, 1, 1), datetime.date(2999, 12, 31)), st.sampled_from("?~% "))
def test_a_day_reads_back_as_it_is_told(day: datetime.date, doubt: str) -> None:
    date = parse(f"{day.isoformat()}{doubt}")
    assert parse(date.as_input()) == date
    assert date.first_day == day
    if doubt in "~ ":
        assert parse(str(date)) == date


@given(st.text(max_size=20) | st.from_regex(r"[0-9X/.?~%\-\[\], a-z]{1,14}", fullmatch=True))
def test_whatever_is_read_can_be_told_and_sorted(text: str) -> None:
    try:
        date = parse(text)
    except NotADate:
        return
    assert parse(date.as_input()) == date
    assert str(date)
    assert 1000 <= date.first_day.year <= 3000


@pytest.mark.parametrize(
    ("typed", "edtf", "told"),
    [
        ("before 1999", "../1998", "until 1998"),
        ("After 1887", "1888/..", "since 1888"),
        ("since May 1999", "1999-05/..", "since May 1999"),
        ("until about 1925", "../1925~", "until about 1925"),
        ("1998 or 1999", "[1998,1999]", "1998 or 1999"),
        ("May 1999 or April 1999", "[1999-04,1999-05]", "April 1999 or May 1999"),
        ("1998 and 1999", "{1998,1999}", "1998 and 1999"),
        ("[1998,1999]", "[1998,1999]", "1998 or 1999"),
    ],
)
def test_open_and_either_dates_are_read_and_told(typed: str, edtf: str, told: str) -> None:
    date = parse(typed)
    assert (date.edtf, str(date)) == (edtf, told)
    assert parse(told).edtf == edtf
    assert parse(edtf) == date
    assert date.first_day <= date.last_day


@pytest.mark.parametrize("typed", ["before", "before May 1999", "since 1884–1887", "1998 or x"])
def test_open_dates_that_say_nothing_are_refused(typed: str) -> None:
    with pytest.raises(NotADate):
        parse(typed)


SEEDS = (
    "2024", "2024-05", "2024-05-01", "198X", "19XX", "2024-1X", "../1984", "../198X", "1984/..",
    "1984-05/1986", "1984?", "1984-21", "{1969..1965}", "[1667,1668]", "Y170000002", "Spring 1990",
    "3 May 1984", "1980s", "circa 1980", "before 1990", "2024-02-3X", "-0044", "1984-05-1X/..",
    "5/1999", "%1984", "2004-06-XX", "1XXX", "X", "/", "..", "[..1984]", "{1960,1961-12}",
)  # fmt: skip
EDIT = st.tuples(
    st.integers(0, 12), st.sampled_from(["", *"0123456789X./-~?%[]{}, sY\u200b", *SEEDS])
)


def mutated(seed: str, edits: list[tuple[int, str]]) -> str:
    """A seed with characters taken out, and others put in their place."""
    for place, put in edits:
        seed = seed[:place] + put + seed[place + 1 :]
    return seed


@settings(max_examples=1_500)
@given(st.sampled_from(SEEDS), st.lists(EDIT, max_size=3))
def test_whatever_looks_like_a_date_is_one_or_is_refused(
    seed: str, edits: list[tuple[int, str]]
) -> None:
    told = io.StringIO()
    with redirect_stdout(told):
        try:
            date = parse(mutated(seed, edits))
        except NotADate:
            date = None
    assert told.getvalue() == ""
    if date is not None:
        assert date.first_day <= date.last_day
        assert parse(date.as_input()) == date
        assert str(date)


@pytest.mark.parametrize(
    "text", ["3980s", "0980s", "2024-02-3X", "{1969..1965}", "[1667,1268]", "2023-02-29/.."]
)
def test_dates_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(NotADate):
        parse(text)
