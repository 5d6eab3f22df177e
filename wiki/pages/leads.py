"""What stands at the head of a page, above its text and facts: each kind registers its own."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from wiki.pages.models import Page

Lead = Callable[[Any], str]
"""Of a page as the viewpoint has it: HTML, or nothing where there is nothing to be shown."""

_leads: dict[type[Page], list[Lead]] = defaultdict(list)


def register_leads(model: type[Page], *leads: Lead) -> None:
    """Show these on every page of a kind, in this order."""
    _leads[model] += leads


def leads_of(page: Page) -> list[str]:
    """The leads of a page that have something to show."""
    return [html for lead in _leads[type(page)] if (html := lead(page))]
