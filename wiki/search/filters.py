"""The filters of a search: one for each facet and number that some kind of page has.

They are found by the fields' names; two kinds that have a field of one name
share its filter, and what either allows is allowed.
"""

import calendar
import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from projections.search.finding import Bound
from projections.search.searched import searched_kinds
from versioning.entities.kinds import DocumentField, kind_of
from wiki.fields.columns import PartialDateField, QuantityField
from wiki.fields.dates import parse as parse_date
from wiki.pages.kinds import KINDS
from wiki.pages.models import Page
from wiki.pages.values import label_of

THROUGH = {"country": "park"}
"""A ride is in the country of its park."""

ALIASES = {"maker": "manufacturer"}


class Unreadable(ValueError):
    """A filter's value that means nothing; and what would."""

    def __init__(self, sentence: str, remedy: str = "") -> None:
        self.remedy = remedy
        super().__init__(sentence)


@dataclass(frozen=True)
class Facet:
    """A filter by one of a field's values. `fields` are those of that name, a kind each."""

    name: str
    label: str
    fields: tuple[DocumentField, ...]

    @property
    def related(self) -> tuple[type[Page], ...]:
        """The kinds of page that a value may name; none where values are words."""
        found = (f.model_field.related_model for f in self.fields)
        return tuple(dict.fromkeys(m for m in found if isinstance(m, type) and issubclass(m, Page)))

    @property
    def choices(self) -> Mapping[str, str]:
        """The values that may be, with their labels; nothing where any may be."""
        if not self.fields:
            return {name: str(KINDS[plural]._meta.verbose_name_plural).capitalize()
                    for name, plural in _PLURAL_OF.items() if name != plural}  # fmt: skip
        found: dict[str, str] = {}
        for f in self.fields:
            item: Any = getattr(f.model_field, "base_field", f.model_field)
            if isinstance(item, models.BooleanField):
                found |= {"true": "yes", "false": "no"}
            found |= {str(key): str(label) for key, label in getattr(item, "flatchoices", ())}
        return found

    def checked(self, value: str) -> str:
        """A value as addresses hold it. Raises Unreadable."""
        if self.related:
            return value[:120]
        for spelling in (value, value.lower(), value.upper()):
            if spelling in _PLURAL_OF and not self.fields:
                return _ONE_OF[_PLURAL_OF[spelling]]
            if spelling in self.choices:
                return spelling
        if self.choices:
            raise Unreadable(
                f"{value[:60]!r} is no {self.label.lower()}.",
                f"Choose one of these: {', '.join(self.choices)}.",
            )
        longest = max(getattr(f.model_field, "max_length", None) or 99 for f in self.fields)
        if len(value) > longest:
            raise Unreadable(
                f"{value[:60]!r} is no {self.label.lower()}.",
                f"Write {longest} characters at most.",
            )
        return value.upper()

    def kept(self, value: str) -> list[str]:
        """A value as entries keep it; for a page that is not there, one that none has."""
        if not self.fields:
            return [KINDS[_PLURAL_OF[value]]._meta.label_lower]
        ids = [
            str(page_id)
            for model in self.related
            for page_id in model._default_manager.filter(slug=value).values_list("pk", flat=True)
        ]
        return ids or [value]


@dataclass(frozen=True)
class Range:
    """A filter by the least or the largest value of a number or a date, as `height_over`."""

    number: str
    label: str
    is_lowest: bool
    f: DocumentField

    def read(self, text: str) -> Bound:
        """The bound in the unit that entries are compared in. Raises Unreadable."""
        field: Any = self.f.model_field
        try:
            if isinstance(field, PartialDateField | models.DateField):
                date = parse_date(text)
                return date.first_day if self.is_lowest else last_day(date.edtf)
            if isinstance(field, QuantityField):
                return field.read_text(text).in_base_unit
            return Decimal(_plain_number(text))
        except (ValueError, ValidationError, InvalidOperation) as reason:
            why = str(reason) if isinstance(reason, ValueError) else "is no number"
            raise Unreadable(
                f"{self.label}: “{text[:60]}” {why}.", "Correct it, or leave the field empty."
            ) from None


def canonical(name: str) -> str:
    """A filter's own name, for one of its other names."""
    return ALIASES.get(name, name)


def last_day(edtf: str) -> datetime.date:
    """The latest day that a date in EDTF can mean."""
    *_, found = _SOME_DATE.finditer(edtf)
    year, month, day = (part and part.replace("X", "9") for part in found.groups())
    latest = min(int(month or 12), 99)
    if 21 <= latest <= 24:  # EDTF numbers the seasons so
        latest = (latest - 20) * 3 + 2
    latest = min(max(latest, 1), 12)
    longest = calendar.monthrange(max(int(year), 1), latest)[1]
    return datetime.date(max(int(year), 1), latest, min(max(int(day or 31), 1), longest))


_SOME_DATE = re.compile(r"([0-9][0-9X]{3})(?:-([0-9X]{2}))?(?:-([0-9X]{2}))?")


def _plain_number(text: str) -> str:
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", text, re.ASCII):
        raise InvalidOperation
    return text


def _one(model: type[Page]) -> str:
    return str(model._meta.verbose_name).replace(" ", "-")


_ONE_OF = {plural: _one(model) for plural, model in KINDS.items()}
_PLURAL_OF = {**{plural: plural for plural in KINDS}, **{o: p for p, o in _ONE_OF.items()}}


@cache
def facets() -> Mapping[str, Facet]:
    """Every filter by a value, by its name. Asked once all kinds are registered."""
    by_name: dict[str, list[DocumentField]] = {}
    for kind, how in searched_kinds():
        for name in how.facets:
            if issubclass(kind.model, Page):
                by_name.setdefault(name, []).append(kind.fields[name])
    named = {name: Facet(name, label_of(f[0]), tuple(f)) for name, f in by_name.items()}
    return {"kind": Facet("kind", "Kind", ()), **named}


@cache
def ranges() -> Mapping[str, Range]:
    """Every filter by a bound, by its name in addresses."""
    found: dict[str, Range] = {}
    searched = {kind.label: how for kind, how in searched_kinds()}
    for model in KINDS.values():
        kind = kind_of(model)
        for name in searched[kind.label].numbers:
            f = kind.fields[name]
            is_date = isinstance(f.model_field, PartialDateField | models.DateField)
            for word, is_lowest in (("from", True), ("to", False)) if is_date else (
                ("over", True), ("under", False)):  # fmt: skip
                asked = Range(name, f"{label_of(f)} {word}", is_lowest, f)
                found.setdefault(f"{name}_{word}", asked)
    return found
