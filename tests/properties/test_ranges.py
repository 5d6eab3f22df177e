"""The text of a range is PostgreSQL's own, and what is read from it is the same range."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres import fields
from django.db import connection
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from psycopg.types.range import Range

from versioning.entities.ranges import range_text, read_range

BOUNDS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "int4range": (fields.IntegerRangeField(), st.integers(-5, 5)),
    "int8range": (fields.BigIntegerRangeField(), st.integers(-(2**40), 2**40)),
    "numrange": (fields.DecimalRangeField(), st.decimals(-3, 3, places=1)),
    "daterange": (fields.DateRangeField(), st.dates(date(2024, 2, 27), date(2024, 3, 3))),
    "tstzrange": (
        fields.DateTimeRangeField(),
        st.integers(0, 10**6).map(lambda second: datetime.fromtimestamp(second, UTC)),
    ),
}
WRITTEN_ALIKE = {"int4range", "int8range", "daterange"}
"""Those that PostgreSQL gives one form; of others equal bounds may be written in several ways."""


@st.composite
def ranges(draw: st.DrawFn) -> tuple[str, Any]:
    column = draw(st.sampled_from(sorted(BOUNDS)))
    field, bounds = BOUNDS[column]
    lower, upper = draw(st.none() | bounds), draw(st.none() | bounds)
    if lower is not None and upper is not None:
        assume(lower <= upper)
    closed = draw(st.sampled_from(["[]", "[)", "(]", "()"]))
    range_class: type[Range[Any]] = field.range_type
    return column, draw(
        st.just(range_class(lower, upper, closed)) | st.just(range_class(empty=True))
    )


class RangeTests(TestCase):
    @given(ranges())
    def test_the_text_is_postgresql_s_and_is_read_again(self, drawn: tuple[str, Any]) -> None:
        column, value = drawn
        text = range_text(value)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT %s::{column} = %s::{column}, (%s::{column})::text, %s::{column}",
                [text, value, value, text],
            )
            is_same, written, held = cursor.fetchone()
        assert is_same
        assert column not in WRITTEN_ALIKE or written == text
        assert range_text(held) == text
        field, _ = BOUNDS[column]
        assert range_text(read_range(field, text)) == text

    def test_what_is_no_range_is_not_read(self) -> None:
        for text in ("", "[1", "1,2", "[1,2]]", "[1;2)"):
            with self.assertRaises(ValueError):  # noqa: PT027
                read_range(fields.IntegerRangeField(), text)

    def test_numbers_with_exponents_are_written_out(self) -> None:
        assert range_text(Range(Decimal("1E+2"), None)) == "[100,)"
