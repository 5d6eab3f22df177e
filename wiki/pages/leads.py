"""What stands at the head of a page, above its text and facts: each kind registers its own."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from wiki.pages.models import Page

Lead = Callable[[Any], str]
"""Of a page as the viewpoint has it: HTML, or nothing where there is nothing to be shown."""

_own: dict[type[Page], list[Lead]] = defaultdict(list)
_compared: dict[type[Page], list[Lead]] = defaultdict(list)


def register_lead(model: type[Page], lead: Lead) -> None:
    """Show this on every page of a kind. It tells of the page alone, and is kept with it."""
    _own[model].append(lead)


def register_comparison(model: type[Page], lead: Lead) -> None:
    """The same, below, where other pages have a part in it; what of it is kept, it keeps itself."""
    _compared[model].append(lead)


def leads_of(page: Page) -> list[str]:
    """The leads of a page that have something to show."""
    return _shown(_own, page)


def comparisons_of(page: Page) -> list[str]:
    """What stands below them, made for each reader."""
    return _shown(_compared, page)


def _shown(registered: dict[type[Page], list[Lead]], page: Page) -> list[str]:
    return [html for lead in registered[type(page)] if (html := lead(page))]
