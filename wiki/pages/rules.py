"""What the facts of one page may not say together, and what they hardly ever do.

A kind lists its rules. What breaks one is an error, or a warning that an editor may override
with a reason, which the changeset keeps. A rule is asked when one of its fields changes: what
stands already does not stop other edits. Merges ask for the errors alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from wiki.fields.dates import PartialDate

MOST_STEPS = 50
"""Steps up a hierarchy that are looked at."""


@dataclass(frozen=True)
class Broken:
    """A rule that a page breaks: the fields that contradict each other, and how to say it."""

    code: str
    fields: tuple[str, ...]
    sentence: str
    is_warning: bool = False


Rule = Callable[[Any], Iterator[Broken]]


def in_order(earlier: str, later: str) -> Rule:
    """One date does not come before another. Dates that may be in order are."""

    def rule(page: Any) -> Iterator[Broken]:
        first: PartialDate | None = getattr(page, earlier)
        second: PartialDate | None = getattr(page, later)
        if first is not None and second is not None and second.last_day < first.first_day:
            yield Broken(
                f"{later}-before-{earlier}",
                (earlier, later),
                f"It says {later.replace('_', ' ')} {second}, which is before "
                f"{earlier.replace('_', ' ')} {first}.",
            )

    return rule


def periods_in_order(name: str) -> Rule:
    """No item of a list ends before it begins."""

    def rule(page: Any) -> Iterator[Broken]:
        for number, item in enumerate(getattr(page, name), 1):
            if item.since and item.until and item.until.last_day < item.since.first_day:
                yield Broken(
                    f"{name}-period",
                    (name,),
                    f"Row {number} of {name.replace('_', ' ')} ends ({item.until}) before it "
                    f"begins ({item.since}).",
                )

    return rule


def no_cycle(name: str) -> Rule:
    """Nothing is above itself. Cost: a query for each step up."""

    def rule(page: Any) -> Iterator[Broken]:
        above = getattr(page, f"{name}_id")
        for _ in range(MOST_STEPS):
            if above is None:
                return
            if above == page.pk:
                yield Broken(
                    f"{name}-cycle",
                    (name,),
                    f"{page.name} would be part of itself, directly or by what it is part of.",
                )
                return
            ancestors = type(page)._default_manager.filter(pk=above)
            above = ancestors.values_list(f"{name}_id", flat=True).first()

    return rule


def not_itself(name: str) -> Rule:
    """A page does not refer to itself in a field."""

    def rule(page: Any) -> Iterator[Broken]:
        if getattr(page, f"{name}_id") == page.pk:
            label = page._meta.get_field(name).verbose_name
            yield Broken(f"{name}-itself", (name,), f"{label.capitalize()} leads to itself.")

    return rule
