"""A cell as people typed it, as one value. Each raises ValueError with the reason."""

import re
from datetime import datetime
from decimal import Decimal

METRES = {"m": Decimal(1), "ft": Decimal("0.3048"), "in": Decimal("0.0254"), "cm": Decimal("0.01")}
KM_PER_HOUR = {"km/h": Decimal(1), "mph": Decimal("1.609344")}

_FOOTNOTE = re.compile(r"\[[^\]]{1,20}\]")
_FIGURE = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>km/h|mph|ft|in|cm|m)\b")
_SPLIT = re.compile(r"\s*(?:;|/|&|,(?!\s*(?:Inc|Ltd|LLC|GmbH|AG|Co)\b)|\band\b)\s*")
_DATES = (("%B %d, %Y", "%Y-%m-%d"), ("%d %B %Y", "%Y-%m-%d"), ("%Y-%m-%d", "%Y-%m-%d"),
          ("%B %Y", "%Y-%m"), ("%Y", "%Y"))  # fmt: skip


def plain(text: str) -> str:
    """Without footnote marks, with single ordinary blanks."""
    return " ".join(_FOOTNOTE.sub("", text).split())


def quantity(text: str, units: dict[str, Decimal]) -> Decimal:
    """The first figure with one of these units, in the first unit of them."""
    for match in _FIGURE.finditer(plain(text)):
        if match["unit"] in units:
            number = Decimal(match["number"].replace(",", ""))
            value = (number * units[match["unit"]]).quantize(Decimal("0.01"))
            if value >= 1_000_000:
                raise ValueError("is larger than any ride")
            return value
    raise ValueError(f"holds no figure in {' or '.join(units)}")


def whole_number(text: str) -> int:
    """A count."""
    if not plain(text).isdecimal() or len(plain(text)) > 4:
        raise ValueError("is no whole number")
    return int(plain(text))


def degree(text: str) -> Decimal:
    """A coordinate in degrees."""
    try:
        value = Decimal(plain(text))
    except ArithmeticError:
        raise ValueError("is no coordinate") from None
    if not abs(value) <= 180:
        raise ValueError("is no coordinate")
    return value.quantize(Decimal("0.00001"))


def date(text: str) -> str:
    """A day, a month or a year, in EDTF."""
    cleaned = plain(text).split(";")[0].strip()
    for form, edtf in _DATES:
        try:
            return datetime.strptime(cleaned, form).strftime(edtf)  # noqa: DTZ007  # no time in it
        except ValueError:
            continue
    raise ValueError("is no date that can be read")


def opening_date(text: str) -> str:
    """A day as month/day/year; the first of January stands for a year alone."""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", plain(text))
    day = f"{match[3]}-{int(match[1]):02}-{int(match[2]):02}" if match else date(text)
    day = date(day)
    return day[:4] if day.endswith("-01-01") else day


def names(text: str) -> list[str]:
    """Several names in one cell."""
    found = [name.strip() for name in _SPLIT.split(plain(text))]
    return list(dict.fromkeys(name[:200] for name in found if name))
