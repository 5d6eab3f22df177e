"""The views of one page: what its tabs lead to, and what the search box offers beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from wiki.pages.kinds import model_of
from wiki.years.then import tells_years


@dataclass(frozen=True)
class Tab:
    """A view of a page, by the name of its route."""

    view: str
    label: str
    href: str


def tabs_of(plural: str, slug: str, *, is_writable: bool, is_signed_in: bool) -> list[Tab]:
    """The views that a page has for whoever reads it here; the one that edits it is the last."""
    return [
        Tab(view, label, reverse(view, args=[plural, slug]))
        for view, label in _views(plural, is_writable, is_signed_in)
    ]


def _views(plural: str, is_writable: bool, is_signed_in: bool) -> Iterator[tuple[str, str]]:
    yield "page", "Page"
    yield "history", "History"
    yield "blame", "Who wrote it"
    if tells_years(model_of(plural)):
        yield "timeline", "Years"
    yield "links", "Links"
    if is_writable and is_signed_in:
        yield "rename", "Rename"
        yield "delete", "Delete"
    if is_writable:
        yield "edit", "Edit"
