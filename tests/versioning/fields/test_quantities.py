"""A figure with its unit, as people type it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioning.fields.quantities import NotAQuantity, Quantity, from_document, parse
from versioning.fields.units import (
    ACCELERATION,
    ANGLE,
    DIMENSION_OF,
    DURATION,
    LENGTH,
    MASS,
    SPEED,
    Dimension,
    register,
)
from versioning.merge import quantities as merging

DIMENSIONS = sorted(set(DIMENSION_OF.values()), key=lambda each: each.name)


def quantities() -> st.SearchStrategy[tuple[Quantity, Dimension]]:
    """Sensible figures in any unit, without words."""

    def of(dimension: Dimension, unit: str) -> st.SearchStrategy[tuple[Quantity, Dimension]]:
        most = min(dimension.most / dimension.units[unit], Decimal(99_999_999))
        figures = st.decimals(max(dimension.least, Decimal(0)), most, places=3)
        return figures.map(lambda figure: (from_document(
            {"value": float(figure), "unit": unit}, dimension), dimension))  # fmt: skip

    return st.sampled_from([(d, u) for d in DIMENSIONS for u in d.units]).flatmap(
        lambda each: of(*each)
    )


@pytest.mark.parametrize(
    ("text", "dimension", "default", "expected"),
    [
        ("62 m", LENGTH, "m", "62 m (203 ft)"),
        ("203 ft", LENGTH, "m", "203 ft (62 m)"),
        ("1,234.5 ft", LENGTH, "m", "1,234.5 ft (376 m)"),
        ("62", LENGTH, "m", "62 m (203 ft)"),
        ("62m", LENGTH, "m", "62 m (203 ft)"),
        ("62 Metres", LENGTH, "m", "62 m (203 ft)"),
        ("600\xa0ft (180\xa0m)", LENGTH, None, "600 ft (183 m)"),
        ("62 ft\n19 m", LENGTH, None, "62 ft (18.9 m)"),
        ("4 ft 7 in", LENGTH, "cm", "55 in (140 cm)"),
        ("140\xa0cm (4\xa0ft 7\xa0in)", LENGTH, "cm", "140 cm (55 in)"),
        ("52[1]\xa0in (132\xa0cm)", LENGTH, "cm", "52 in (132 cm)"),
        ("50 mph (80 km/h)", SPEED, "km/h", "50 mph (80 km/h)"),
        ("1:30", DURATION, "s", "1 min 30 s"),
        ("1 minute and 25 seconds", DURATION, "s", "1 min 25 s"),
        ("1:35 minutes", DURATION, "s", "1 min 35 s"),
        ("79 seconds", DURATION, "s", "1 min 19 s"),
        ("90°", ANGLE, "°", "90°"),
        ("-1.2", ACCELERATION, "g", "-1.2 g"),
        ("2 tonnes (4,409 lb)", MASS, "kg", "2 t"),
    ],
)
def test_what_people_type_is_read(
    text: str, dimension: Dimension, default: str | None, expected: str
) -> None:
    found = parse(text, dimension, default)
    assert str(found) == expected
    assert found.text == ""


@pytest.mark.parametrize(
    ("text", "dimension", "figure", "unit"),
    [
        ("ca. 203 ft (62 m)", LENGTH, "203", "ft"),
        ("62–65 m", LENGTH, "62", "m"),
        ("100 ft (10 m)", LENGTH, "100", "ft"),
        ("54–76 in (137–193 cm)", LENGTH, "54", "in"),
        ("2,693 or 2,700 ft (821 or 823 m)", LENGTH, "2693", "ft"),
        ("1:48 (2:30 including start/stop)", DURATION, "108", "s"),
    ],
)
def test_where_reading_loses_something_the_words_are_kept(
    text: str, dimension: Dimension, figure: str, unit: str
) -> None:
    found = parse(text, dimension)
    assert found == Quantity(Decimal(figure), unit, text)
    assert str(found) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tall", "holds no figure"),
        ("NaN m", "holds no figure"),
        ("inf m", "holds no figure"),
        ("-62 m", "is negative"),
        ("62 km/h", "in m or ft"),
        ("62 m/s", "in m or ft"),
        ("62 parsecs", "in m or ft"),
        ("1e400 m", "in m or ft"),
        ("0x20 m", "in m or ft"),
        ("٦٢ m", "holds no figure"),
        ("1.234,5 m", "1,234.5"),
        ("999,999,999 m", "is more than any length"),
        ("1" * 100 + " m", "digits"),
        ("62 m " + "x" * 300, "longer"),
        ("62 m \x07", "cannot be shown"),
        ("approx. 62 or so", "in m or ft"),
        ("", "holds no figure"),
    ],
)
def test_nonsense_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(NotAQuantity, match=reason):
        parse(text, LENGTH, "m")


@given(quantities())
def test_what_a_form_shows_reads_back_the_same(given: tuple[Quantity, Dimension]) -> None:
    quantity, dimension = given
    assert parse(quantity.as_input(), dimension) == quantity
    assert from_document(quantity.document(), dimension) == quantity


@given(st.text(max_size=30) | st.from_regex(r"[-0-9., mft'\"(–):~orcain]{1,25}", fullmatch=True))
def test_whatever_is_read_stays_what_it_is(text: str) -> None:
    for dimension in DIMENSIONS:
        try:
            found = parse(text, dimension, next(iter(dimension.units)))
        except NotAQuantity:
            continue
        assert parse(found.as_input(), dimension) == found
        assert from_document(found.document(), dimension) == found


@given(quantities(), quantities())
def test_quantities_compare_by_what_they_measure(
    one: tuple[Quantity, Dimension], other: tuple[Quantity, Dimension]
) -> None:
    if one[1] is not other[1]:
        with pytest.raises(TypeError, match="different things"):
            assert one[0] < other[0]
    else:
        assert (one[0] < other[0]) == (one[0].in_base_unit < other[0].in_base_unit)
        assert (one[0] <= other[0]) is not (one[0] > other[0])


@pytest.mark.parametrize("unit", merging._IN_BASE_UNITS)
def test_merging_knows_the_same_units(unit: str) -> None:
    base, factor = merging._IN_BASE_UNITS[unit]
    ours = DIMENSION_OF[unit].units
    assert float(ours[unit] / ours[base]) == pytest.approx(factor)


def test_a_project_registers_dimensions_of_its_own() -> None:
    pressure = Dimension(
        "pressure",
        {"Pa": Decimal(1), "bar": Decimal(100_000)},
        {"bars": "bar"},
        most=Decimal(10**9),
        words={"bar": "bars"},
    )
    try:
        register(pressure)
        register(pressure)  # as where a module is imported again
        assert str(parse("2 bars", pressure)) == "2 bars"
        assert parse("1 bar", pressure) > parse("99999 Pa", pressure)
        with pytest.raises(ValueError, match="Pa is a unit of pressure already"):
            register(Dimension("paper", {"Pa": Decimal(1)}, {}, most=Decimal(1)))
    finally:
        for unit in pressure.units:
            del DIMENSION_OF[unit]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("4'7\"", "55 in (140 cm)"),
        ("100' 6\"", "100 ft 6 in (31 m)"),
        ("54 in", "54 in (137 cm)"),
        ("12 ft 0 in", "12 ft (3.7 m)"),
    ],
)
def test_feet_and_inches_read_as_people_write_them(typed: str, shown: str) -> None:
    quantity = parse(typed, LENGTH)
    assert str(quantity) == shown
    assert parse(quantity.as_input(), LENGTH) == quantity


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("100 ft", "30.48 m", True),
        ("100 ft", "30 m", True),
        ("203 ft", "62 m", True),
        ("100 ft", "30.6 m", True),
        ("100 ft", "30.7 m", False),
        ("100 ft", "31 m", False),
        ("100 ft", "101 ft", False),
        ("100 ft", "100 ft", True),
        ("100 ft", "100.0 ft", True),
        ("30.5 m", "30.48 m", False),
        ("0 ft", "0 m", True),
        ("about 100 ft", "30.48 m", False),
        ("about 100 ft", "about 100 ft", True),
    ],
)
def test_one_measure_is_told_in_two_units(one: str, other: str, same: bool) -> None:
    a, b = parse(one, LENGTH), parse(other, LENGTH)
    assert a.is_measured_as(b) is same
    assert b.is_measured_as(a) is same
