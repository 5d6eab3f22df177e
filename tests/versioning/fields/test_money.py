"""Money: read as people write it, kept in its own currency."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioning.fields.money import CURRENCIES, Money, NotMoney, from_document, parse


@pytest.mark.parametrize(
    ("text", "amount", "currency", "year", "says_more"),
    [
        ("$10 million", 10_000_000, "USD", None, False),
        ("US$ 2,000,000", 2_000_000, "USD", None, False),
        ("$4,000,000 USD", 4_000_000, "USD", None, False),
        ("A$16,000,000", 16_000_000, "AUD", None, False),
        ("£12m (1999)", 12_000_000, "GBP", 1999, False),
        ("EUR 2,500,000", 2_500_000, "EUR", None, False),
        ("12.5 million euros", 12_500_000, "EUR", None, False),
        ("€1.2 billion", 1_200_000_000, "EUR", None, False),
        ("$5, 000,000", 5_000_000, "USD", None, False),
        ("$4,000,000[2]", 4_000_000, "USD", None, False),
        ("GB£300,000 (equivalent to £850,047 in 2019)", 300_000, "GBP", None, True),
        ("about $3 million", 3_000_000, "USD", None, True),
    ],
)
def test_a_sum_is_read(
    text: str, amount: int, currency: str, year: int | None, *, says_more: bool
) -> None:
    money = parse(text)
    assert (money.amount, money.currency, money.year) == (Decimal(amount), currency, year)
    assert bool(money.text) == says_more


@pytest.mark.parametrize("text", ["", "much", "10 million", "-$5", "$" + "9" * 30, "XQZ 5", "$"])
def test_what_is_no_sum_is_refused(text: str) -> None:
    if text == "-$5":
        assert parse(text).text == "-$5"  # its words are kept: it may be a range
        return
    with pytest.raises(NotMoney):
        parse(text)


@pytest.mark.parametrize(
    "document",
    [
        None, "USD 5", {"amount": "5", "currency": "USD"}, {"amount": 5},
        {"amount": 5, "currency": "XXX"},
        {"amount": -5, "currency": "USD"}, {"amount": 5, "currency": "USD", "year": "1999"},
        {"amount": 5, "currency": "USD", "more": 1}, {"amount": True, "currency": 5},
    ],
)  # fmt: skip
def test_what_is_no_sum_in_json_is_refused(document: object) -> None:
    with pytest.raises(NotMoney):
        from_document(document)


@given(
    st.builds(
        Money,
        st.decimals(0, 10**11, places=2).map(
            lambda d: d.quantize(Decimal(1)) if d == d.to_integral_value() else d.normalize()
        ),
        st.sampled_from(sorted(CURRENCIES)),
        st.none() | st.integers(1850, 2026),
    )
)
def test_what_a_form_shows_reads_back_the_same(money: Money) -> None:
    assert parse(money.as_input()) == money
    assert from_document(money.document()) == money


def test_a_sum_is_told_as_people_say_it() -> None:
    assert str(parse("$25,000,000")) == "$25 million"
    assert str(parse("CHF 1,500")) == "1,500 CHF"
    assert str(parse("£12.5m (1999)")) == "£12.5 million (1999)"
