"""What the facts of one page may not say together, and what they hardly ever do.

    rules = (in_order("opened", "closed"), drop_fits_height)

What breaks a rule is an error, or a warning that an editor may override with a reason, which
the changeset keeps. A rule is asked of a new page, and when one of its fields changes: what
stands already does not stop other edits, nor cost them anything. Merges ask for the errors alone.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from versioning.fields.dates import PartialDate
from wiki.fields.web_addresses import fault_of

MOST_STEPS = 50
"""Steps up a hierarchy that are looked at."""

Check = Callable[[Any], Iterator[str]]
"""Says of a page, in sentences, what of it breaks a rule."""


@dataclass(frozen=True)
class Rule:
    """What some fields may not say together; the last of them is where a merge asks."""

    code: str
    fields: tuple[str, ...]
    check: Check
    is_warning: bool = False

    def broken_by(self, page: Any) -> Iterator["Broken"]:
        """Cost: what the check says."""
        for sentence in self.check(page):
            yield Broken(self, sentence)


@dataclass(frozen=True)
class Broken:
    """A rule that a page breaks, and how to say it."""

    rule: Rule
    sentence: str


def speaking_of(rules: Iterable[Rule], changed: Collection[str]) -> Iterator[Rule]:
    """The rules that speak of a field that changed."""
    for rule in rules:
        if not set(rule.fields).isdisjoint(changed):
            yield rule


def error(code: str, *fields: str) -> Callable[[Check], Rule]:
    """Make a rule of a check, which none of its pages may break."""
    return lambda check: Rule(code, fields, check)


def warning(code: str, *fields: str) -> Callable[[Check], Rule]:
    """Make a rule of a check, which a page may break for a reason."""
    return lambda check: Rule(code, fields, check, is_warning=True)


def in_order(earlier: str, later: str) -> Rule:
    """One date does not come before another. Dates that may be in order are."""

    @error(f"{later}-before-{earlier}", earlier, later)
    def rule(page: Any) -> Iterator[str]:
        first: PartialDate | None = getattr(page, earlier)
        second: PartialDate | None = getattr(page, later)
        if first is not None and second is not None and second.last_day < first.first_day:
            yield (
                f"It says {later.replace('_', ' ')} {second}, which is before "
                f"{earlier.replace('_', ' ')} {first}."
            )

    return rule


def periods_in_order(name: str) -> Rule:
    """No item of a list ends before it begins."""

    @error(f"{name}-period", name)
    def rule(page: Any) -> Iterator[str]:
        for number, item in enumerate(getattr(page, name), 1):
            if item.since and item.until and item.until.last_day < item.since.first_day:
                yield (
                    f"Row {number} of {name.replace('_', ' ')} ends ({item.until}) before it "
                    f"begins ({item.since})."
                )

    return rule


def leads_to_the_web(name: str) -> Rule:
    """An address is one that links may lead to."""

    @error(f"{name}-leads-nowhere", name)
    def rule(page: Any) -> Iterator[str]:
        address = getattr(page, name)
        if address and (fault := fault_of(address)):
            yield f"{page._meta.get_field(name).verbose_name.capitalize()}: {fault}"

    return rule


def no_cycle(name: str) -> Rule:
    """Nothing is above itself. Cost: a query for each step up."""

    @error(f"{name}-cycle", name)
    def rule(page: Any) -> Iterator[str]:
        above = getattr(page, f"{name}_id")
        for _ in range(MOST_STEPS):
            if above is None:
                return
            if above == page.pk:
                yield (
                    f"{page.name} would be part of itself, directly or through what it is part of."
                )
                return
            ancestors = type(page)._default_manager.filter(pk=above)
            above = ancestors.values_list(f"{name}_id", flat=True).first()

    return rule


def not_itself(name: str) -> Rule:
    """A page does not refer to itself in a field."""

    @error(f"{name}-itself", name)
    def rule(page: Any) -> Iterator[str]:
        if getattr(page, f"{name}_id") == page.pk:
            label = page._meta.get_field(name).verbose_name
            yield f"{label.capitalize()} leads to itself."

    return rule


def no_cycle_among(name: str) -> Rule:
    """Nothing comes before itself in a list of references. Cost: a query for each step back."""

    @error(f"{name}-cycle", name)
    def rule(page: Any) -> Iterator[str]:
        label = page._meta.get_field(name).verbose_name
        reached: set[str] = set()
        step = {str(each) for each in page.values_to_save().get(name, ())}
        for _ in range(MOST_STEPS):
            if str(page.pk) in step:
                yield f"{page.name} would be among its own {label}, directly or through others."
            if str(page.pk) in step or not step - reached:
                return
            reached |= step
            rows = type(page)._default_manager.filter(pk__in=step, **{f"{name}__isnull": False})
            step = {str(each) for each in rows.values_list(name, flat=True)}

    return rule


def once_a_year(name: str) -> Rule:
    """No two items of a list are of one year."""

    @warning(f"{name}-twice", name)
    def rule(page: Any) -> Iterator[str]:
        years = Counter(item.year for item in getattr(page, name) if item.year is not None)
        for year, count in sorted(years.items()):
            if count > 1:
                yield f"{name.replace('_', ' ').capitalize()} gives {count} figures for {year}."

    return rule
