"""A sum of money, with its currency and the year whose money it was: `$10 million (1999)`."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from versioning.fields.quantities import tidy

LONGEST: Final = 200
MOST: Final = Decimal(1_000_000_000_000)

# ISO 4217, and the codes of European currencies that the euro replaced.
CURRENCIES: Final = frozenset(
    [
        "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "ATS", "AUD", "AWG", "AZN", "BAM", "BBD",
        "BDT", "BEF", "BGN", "BHD", "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN",
        "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DEM", "DJF",
        "DKK", "DOP", "DZD", "EEK", "EGP", "ERN", "ESP", "ETB", "EUR", "FIM", "FJD", "FKP", "FRF",
        "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GRD", "GTQ", "GYD", "HKD", "HNL", "HRK", "HTG",
        "HUF", "IDR", "IEP", "ILS", "INR", "IQD", "IRR", "ISK", "ITL", "JMD", "JOD", "JPY", "KES",
        "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL",
        "LTL", "LUF", "LVL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
        "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NLG", "NOK", "NPR", "NZD", "OMR",
        "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PTE", "PYG", "QAR", "RON", "RSD", "RUB", "RWF",
        "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SIT", "SKK", "SLE", "SOS", "SRD", "SSP",
        "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS",
        "UAH", "UGX", "USD", "UYU", "UZS", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XOF", "XPF",
        "YER", "ZAR", "ZMW", "ZWL",
    ]
)  # fmt: skip

_SYMBOLS: Final = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "CAN$": "CAD",
    "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "MX$": "MXN", "R$": "BRL", "GB£": "GBP",
    "CN¥": "CNY", "JP¥": "JPY", "RMB": "CNY", "DM": "DEM", "$": "USD", "£": "GBP", "€": "EUR",
    "¥": "JPY", "₩": "KRW", "₹": "INR", "kr": "SEK", "zł": "PLN",
}  # fmt: skip
_SIGN: Final = {
    "USD": "$", "GBP": "£", "EUR": "€", "AUD": "A$", "CAD": "C$", "JPY": "¥", "CNY": "CN¥",
    "KRW": "₩", "INR": "₹",
}  # fmt: skip
_SCALES: Final = {
    "million": 6, "millions": 6, "m": 6, "mio": 6, "billion": 9, "bn": 9, "thousand": 3, "k": 3,
}  # fmt: skip

_SYMBOL = "|".join(re.escape(each) for each in sorted(_SYMBOLS, key=len, reverse=True))
_CODE = "[A-Z]{3}"
_SUM: Final = re.compile(
    rf"(?P<before>{_SYMBOL}|{_CODE})?\s*(?P<sign>{_SYMBOL})?\s*"
    r"(?P<number>[0-9]{1,3}(?:, ?[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    rf"(?:\s*(?P<scale>{'|'.join(_SCALES)})\b)?"
    rf"\s*(?P<after>euros?\b|pounds?\b|dollars?\b|{_SYMBOL}|{_CODE}\b)?",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"\s*\(?(?:in )?((?:18|19|20)[0-9]{2})(?: (?:dollars|money|prices))?\)?")
_WORDS: Final = {
    "euro": "EUR",
    "euros": "EUR",
    "pound": "GBP",
    "pounds": "GBP",
    "dollars": "USD",
    "dollar": "USD",
}


class NotMoney(ValueError):
    """What is no sum of money; the message is a sentence's end."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency; `year` says whose money, `text` is the original where it says more.

    Sums of different currencies or years are not compared: there is no rate to do it by.
    """

    amount: Decimal
    currency: str
    year: int | None = None
    text: str = ""

    def document(self) -> dict[str, Any]:
        """The JSON form, in events and rows."""
        whole = self.amount == self.amount.to_integral_value()
        amount = int(self.amount) if whole else float(self.amount)
        told: dict[str, Any] = {"amount": amount, "currency": self.currency}
        if self.year is not None:
            told["year"] = self.year
        return {**told, "text": self.text} if self.text else told

    def as_input(self) -> str:
        """What a form shows, and reads back as the very same sum."""
        if self.text:
            return self.text
        year = f" ({self.year})" if self.year else ""
        return f"{self.currency} {_grouped(self.amount)}{year}"

    def __str__(self) -> str:
        if self.text:
            return self.text
        sign = _SIGN.get(self.currency)
        amount = _spoken(self.amount)
        year = f" ({self.year})" if self.year else ""
        return f"{sign}{amount}{year}" if sign else f"{amount} {self.currency}{year}"


def parse(text: str) -> Money:
    """Read a sum of money out of what somebody typed; the first one counts.

    What else the text says is kept with it. Raises NotMoney.
    """
    plain = tidy(text)
    if len(plain) > LONGEST:
        raise NotMoney(f"is longer than {LONGEST} characters")
    for match in _SUM.finditer(plain):
        currency = _currency(match)
        if currency is None:
            continue
        rest = plain[: match.start()] + plain[match.end() :]
        year = _YEAR.fullmatch(rest) if rest.strip() else None
        says_more = bool(rest.strip()) and year is None
        return _sensible(
            Money(
                _amount(match),
                currency,
                int(year[1]) if year else None,
                plain if says_more else "",
            )
        )
    raise NotMoney("is not a sum of money: write $10 million, EUR 2,500,000 or £12m (1999)")


def from_document(document: Any) -> Money:
    """The sum of a JSON form. Raises NotMoney."""
    match document:
        case {"amount": int() | float() as amount, "currency": str(currency), **rest}:
            year: Any = rest.pop("year", None)
            text: Any = rest.pop("text", "")
            is_year = year is None or (isinstance(year, int) and 1000 <= year <= 2999)
            if not rest and is_year and isinstance(text, str) and currency in CURRENCIES:
                return _sensible(Money(Decimal(str(amount)), currency, year, text))
    raise NotMoney("is not a sum with an amount and a currency")


def _currency(match: re.Match[str]) -> str | None:
    """The currency that stands beside a figure; the more exact of two ("$4,000,000 USD")."""
    given = [each for each in (match["after"], match["before"], match["sign"]) if each]
    for each in given:
        code = each.upper()
        if code in CURRENCIES:
            return code
    for each in given:
        for symbol, code in _SYMBOLS.items():
            if each.casefold() == symbol.casefold():
                return code
        if each.casefold() in _WORDS:
            return _WORDS[each.casefold()]
    return None


def _amount(match: re.Match[str]) -> Decimal:
    if len(match["number"]) > 20:
        raise NotMoney("has more digits than anybody pays")
    number = Decimal(match["number"].replace(",", "").replace(" ", ""))
    scaled: Decimal = number * 10 ** _SCALES.get((match["scale"] or "").lower(), 0)
    return (
        scaled.quantize(Decimal(1)) if scaled == scaled.to_integral_value() else scaled.normalize()
    )


def _sensible(money: Money) -> Money:
    if not money.amount.is_finite() or money.amount < 0:
        raise NotMoney("is negative, which makes no sense here")
    if money.amount > MOST:
        raise NotMoney("is more than anybody pays")
    return money


def _grouped(amount: Decimal) -> str:
    return f"{amount:,f}"


def _spoken(amount: Decimal) -> str:
    for scale, word in ((Decimal(10**9), "billion"), (Decimal(10**6), "million")):
        if amount >= scale and (amount / scale * 100) % 1 == 0:
            return f"{(amount / scale).normalize():f} {word}"
    return _grouped(amount)
