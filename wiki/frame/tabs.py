"""The views of one page: what its tabs lead to, and what the search box offers beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from wiki.kinds.registry import model_of
from wiki.years.then import tells_years


@dataclass(frozen=True)
class Tab:
    """A view of a page, by the name of its route."""

    view: str
    label: str
    href: str


def tabs_of(plural: str, slug: str, *, is_writable: bool, is_signed_in: bool) -> list[Tab]:
    """The views that a page has for whoever reads it here; the one that edits it is the last."""
    return _tabs(plural, slug, _views(plural, is_writable, is_signed_in))


def tabs_of_deleted(plural: str, slug: str) -> list[Tab]:
    """The views that are left of a page that is deleted."""
    return _tabs(plural, slug, [("history", "History"), ("blame", "Who wrote it")])


def _tabs(plural: str, slug: str, views: Iterable[tuple[str, str]]) -> list[Tab]:
    return [Tab(view, label, reverse(view, args=[plural, slug])) for view, label in views]


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
