"""A figure with its unit, as it was given: `203 ft`, read in one line of text.

What people typed is kept beside the figure where reading it lost something: a range, a
second opinion, a "roughly".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from versioning.fields.units import COUNTERPARTS, DIMENSION_OF, METRIC, Dimension

LONGEST: Final = 200
"""Characters of one quantity, words included."""

_HUNDREDTH: Final = Decimal("0.01")
"""A difference of a figure that was converted is worth no more places than these."""

LONGEST_IN_INCHES: Final = 120
"""From here on, feet and inches read better: a track is 100 ft 6 in high, not 1,206 in."""

_NUMBER = r"(?<![\w.,'])(?P<sign>[-−](?=[0-9]))?(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)(?![0-9]|[.,][0-9])"  # noqa: E501
_FOOTNOTE: Final = re.compile(r"\s*\[[^\]]{1,20}\]")
_CLOCK: Final = re.compile(r"(?<![\w.,:])(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?![\w:])", re.ASCII)
_AGREE: Final = Decimal("0.02")
"""How far two readings of one cell may differ by rounding: a fiftieth."""


class NotAQuantity(ValueError):
    """A text that is no quantity; the message is a sentence's end ("has no figure in m or ft")."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure and its unit as they were given; `text` is the original, where it says more.

    Equal means written alike; `<` and `>` compare what is measured.
    """

    value: Decimal
    unit: str
    text: str = ""

    @property
    def in_base_unit(self) -> Decimal:
        """The figure in metres, metres per second, seconds, degrees."""
        return self.value * DIMENSION_OF[self.unit].units[self.unit]

    def in_unit(self, unit: str) -> Decimal:
        """The figure in another unit of the same dimension."""
        return self.in_base_unit / DIMENSION_OF[self.unit].units[unit]

    def document(self) -> dict[str, Any]:
        """The JSON form, in events and rows."""
        figure = int(self.value) if self.value == self.value.to_integral_value() else None
        written = {"value": float(self.value) if figure is None else figure, "unit": self.unit}
        return {**written, "text": self.text} if self.text else written

    def as_input(self) -> str:
        """What a form shows, and reads back as the very same quantity."""
        return self.text or _given(self)

    @property
    def is_metric(self) -> bool:
        """Whether it was given in a metric unit; asked of what has a counterpart."""
        return self.unit in METRIC

    @property
    def given(self) -> str:
        """As it was given, in words."""
        if self.text:
            return self.text
        if self.unit == "s" and self.value >= 60 and self.value == int(self.value):
            minutes, seconds = divmod(int(self.value), 60)
            return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
        if self.unit == "in" and self.value >= LONGEST_IN_INCHES:
            feet, inches = divmod(self.value, 12)
            return f"{_figure(feet)} ft {_figure(inches)} in" if inches else f"{_figure(feet)} ft"
        return _given(self)

    @property
    def converted(self) -> str:
        """The same for readers of other units; empty where it was given in words, or all agree."""
        is_long = self.unit == "in" and self.value >= LONGEST_IN_INCHES
        other = "m" if is_long else COUNTERPARTS.get(self.unit)
        if self.text or other is None:
            return ""
        return f"{_figure(_rounded(self.in_unit(other)))} {other}"

    def difference_from(self, other: "Quantity") -> str:
        """How much more or less it is than another, in its own unit: `+2 ft`; `the same, in m`.

        Empty where they are equal, measure different things, or words say more than the figures.
        """
        if self == other or self.text or other.text:
            return ""
        if DIMENSION_OF[self.unit] is not DIMENSION_OF[other.unit]:
            return ""
        if self.unit == other.unit:
            apart = self.value - other.value
        elif self.is_measured_as(other):
            return f"the same, in {self.unit}"
        else:
            apart = (self.value - other.in_unit(self.unit)).quantize(_HUNDREDTH)
        return f"{'+' if apart > 0 else '−'}{_figure(abs(apart))} {self.unit}"

    def __str__(self) -> str:
        return f"{self.given} ({self.converted})" if self.converted else self.given

    def __lt__(self, other: "Quantity") -> bool:
        return self._comparable(other) and self.in_base_unit < other.in_base_unit

    def __gt__(self, other: "Quantity") -> bool:
        return other < self

    def __le__(self, other: "Quantity") -> bool:
        return not other < self

    def __ge__(self, other: "Quantity") -> bool:
        return not self < other

    def is_measured_as(self, other: "Quantity") -> bool:
        """Whether both can be the same measure, each as exact as its figure was given.

        100 ft are 30.48 m, and 30 m too; in one unit, figures that differ are not the same. What
        was given in words says more than its figure, and is the same as itself alone.
        """
        if self.text or other.text or self.unit == other.unit:
            return self == other
        apart = abs(self.in_base_unit - other.in_base_unit)
        return self._comparable(other) and apart <= max(_last_place(self), _last_place(other))

    def _comparable(self, other: "Quantity") -> bool:
        if DIMENSION_OF[self.unit] is not DIMENSION_OF[other.unit]:
            raise TypeError(f"{self} and {other} measure different things.")
        return True


def from_document(document: Any, dimension: Dimension) -> Quantity:
    """The quantity of a JSON form. Raises NotAQuantity where it is none of this dimension."""
    match document:
        case {"value": int() | float() as figure, "unit": str(unit), **rest} if not isinstance(
            figure, bool
        ):
            text = rest.pop("text", "")
            if not rest and isinstance(text, str) and unit in dimension.units:
                return _sensible(Quantity(Decimal(str(figure)), unit, text), dimension)
    raise NotAQuantity(f"is not a value of {dimension.name} with its unit")


@lru_cache(maxsize=4_096)
def parse(text: str, dimension: Dimension, default_unit: str | None = None) -> Quantity:
    """Read a quantity out of what somebody typed; the first figure counts.

    A conversion in brackets that agrees is no loss; whatever else stands beside the figure
    is kept as the quantity's text. Raises NotAQuantity.
    """
    plain = tidy(text)
    if len(plain) > LONGEST:
        raise NotAQuantity(f"is longer than {LONGEST} characters")
    if not plain.isprintable():
        raise NotAQuantity("holds characters that cannot be shown")
    if default_unit and (bare := re.fullmatch(_NUMBER, plain)):
        return _sensible(Quantity(_decimal(bare), default_unit), dimension)
    readings = list(_readings(plain, dimension))
    if not readings:
        raise NotAQuantity(_why_not(plain, dimension))
    first = readings[0][0]
    for each, _ in readings:
        _sensible(each, dimension)
    alike = all(_agree(first, each) for each, _ in readings[1:])
    if alike and _is_said_by(plain, [span for _, span in readings]):
        return first
    return Quantity(first.value, first.unit, plain)


def tidy(text: str) -> str:
    """Without footnote marks, with single ordinary blanks."""
    return " ".join((_FOOTNOTE.sub("", text) if "[" in text else text).split())


def _readings(text: str, dimension: Dimension) -> Iterator[tuple[Quantity, str]]:
    """Every figure of this dimension with the words that say it, in their order."""
    at = 0
    pattern = _reading_pattern(dimension)
    while match := pattern.search(text, at):
        at = match.end()
        yield _quantity(match, dimension), match[0]


@lru_cache
def _reading_pattern(dimension: Dimension) -> re.Pattern[str]:
    """A figure with a unit; feet with inches, minutes with seconds, and the clock's form too."""
    spellings = sorted(dimension.by_spelling, key=len, reverse=True)
    unit = "|".join(re.escape(each) for each in spellings)
    # Of "54–76 in" and "2,693 or 2,700 ft", the unit belongs to the first figure as well.
    second = r"(?:\s*(?:[-–—]|or|to)\s*[0-9][0-9,.]*)?"
    feet = r"|'(?=[0-9])" if dimension.name == "length" else ""  # 4'7", without a blank
    simple = rf"{_NUMBER}{second}(?P<gap>[\s-]*)(?P<unit>(?:{unit})(?![\w/²]){feet})"
    if dimension.name == "length":
        simple += r"(?:\s*(?P<small>[0-9]{1,2}(?:\.[0-9]+)?)\s*(?:in|inches|\")(?!\w))?"
    if dimension.name == "duration":
        simple += r"(?:,?\s*(?:and\s+)?(?P<small>[0-5]?[0-9])\s*(?:s|secs?|seconds?)\b\.?)?"
        simple = rf"{simple}|{_CLOCK.pattern}(?:\s*(?:min(?:ute)?s?|m|s)\b)?"
    return re.compile(simple, re.IGNORECASE | re.ASCII if dimension.name != "angle" else 0)


def _quantity(match: re.Match[str], dimension: Dimension) -> Quantity:
    if match["number"] is None:
        hours, minutes, seconds = match.groups()[-3:]
        return Quantity(Decimal(int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)), "s")
    unit = dimension.by_spelling[match["unit"].lower()]
    value = _decimal(match)
    if small := match.groupdict().get("small"):
        if unit == "ft":
            return Quantity(value * 12 + Decimal(small), "in")
        if unit == "min":
            return Quantity(value * 60 + Decimal(small), "s")
    return Quantity(value, unit)


def _decimal(match: re.Match[str]) -> Decimal:
    """The number as a plain one, without an exponent or zeros that say nothing."""
    if len(match["number"]) > 20:
        raise NotAQuantity("has more digits than anybody measures")
    value = Decimal(match["number"].replace(",", "")).normalize()
    if value == value.to_integral_value():
        value = value.quantize(Decimal(1))
    return -value if match["sign"] else value


def _sensible(quantity: Quantity, dimension: Dimension) -> Quantity:
    figure = quantity.value
    digits = figure.as_tuple()
    if not figure.is_finite() or len(digits.digits) > 12:
        raise NotAQuantity("has more digits than anybody measures")
    if quantity.in_base_unit < dimension.least:
        raise NotAQuantity("is negative, which makes no sense here")
    if quantity.in_base_unit > dimension.most:
        raise NotAQuantity(f"is more than any {dimension.name} here can be")
    return quantity


def _agree(one: Quantity, other: Quantity) -> bool:
    """Whether two readings can be the same measure, converted and rounded."""
    a, b = one.in_base_unit, other.in_base_unit
    step = max(_step(one), _step(other))
    return abs(a - b) <= max(_AGREE * max(abs(a), abs(b)), step)


def _step(quantity: Quantity) -> Decimal:
    """Half of the last place that says something: 1,200 may be rounded to hundreds, 62 is not."""
    digits = quantity.value.normalize().as_tuple()
    return _half(quantity.unit, int(digits.exponent) - max(2 - len(digits.digits), 0))


def _last_place(quantity: Quantity) -> Decimal:
    """Half of the last place that is written: 1,200 is not rounded."""
    return _half(quantity.unit, min(int(quantity.value.normalize().as_tuple().exponent), 0))


def _half(unit: str, exponent: int) -> Decimal:
    """Half of a decimal place of figures in a unit, in the base unit."""
    return Decimal(1).scaleb(exponent) * DIMENSION_OF[unit].units[unit] / 2


def _is_said_by(text: str, spans: list[str]) -> bool:
    """Whether the readings are all that the text says, and none is a range."""
    rest = text
    for span in spans:
        if re.search(r"[0-9]\s*(?:[-–—]|or|to)\s*[0-9]", span):
            return False
        rest = rest.replace(span, "", 1)
    return not rest.strip(" ()/;,")


def _why_not(text: str, dimension: Dimension) -> str:
    if not re.search(r"[0-9]", text):
        return "holds no figure"
    units = " or ".join(list(dimension.units)[:2])
    if re.search(r"[0-9]\.[0-9]{3},[0-9]", text):
        return "is not written as 1,234.5"
    return f"holds no figure in {units}"


def _given(quantity: Quantity) -> str:
    """The figure and the unit as they were given."""
    unit = DIMENSION_OF[quantity.unit].words.get(quantity.unit, quantity.unit)
    return f"{_figure(quantity.value)}{'' if unit == '°' else ' '}{unit}"


def _figure(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(value: Decimal) -> Decimal:
    """A converted figure, no more exact than it is worth reading."""
    return value.quantize(Decimal(1) if abs(value) >= 30 else Decimal("0.1"))
