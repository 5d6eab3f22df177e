"""Atom feeds: what changed on a viewpoint's branch, and what became of one page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from eventstore.models import Changeset
from versioning.changesets import changesets_of
from wiki.accounts.names import authors_of
from wiki.names.finding import Traced, trace
from wiki.viewpoints.addresses import viewpoint_of

NEWEST = 50

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Item:
    """One change."""

    title: str
    path: str
    at: datetime
    by: str
    summary: str


class _AtomFeed(Feed[Item, Any]):
    feed_type = Atom1Feed

    def item_title(self, item: Item) -> str:
        return in_xml(item.title)

    def item_link(self, item: Item) -> str:
        return item.path

    def item_description(self, item: Item) -> str:
        return in_xml(item.summary)

    def item_author_name(self, item: Item) -> str:
        return in_xml(item.by)

    def item_pubdate(self, item: Item) -> datetime:
        return item.at

    def item_updateddate(self, item: Item) -> datetime:
        return item.at


class ChangesFeed(_AtomFeed):
    """The last changesets of the viewpoint's branch. Two queries."""

    title = "Recent changes · ThrillWiki"
    subtitle = "Who changed what, newest first."

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return next(link for link in viewpoint_of(request).chain if link[0] > 0)

    def link(self) -> str:
        return reverse("changes")

    def items(self, link: tuple[int, int]) -> list[Item]:
        branch, position = link
        found = Changeset.objects.filter(branch=branch, last_position__lte=position)
        return _items([(each, "") for each in found.order_by("-last_position")[:NEWEST]])


class HistoryFeed(_AtomFeed):
    """The last versions of one page. As many queries as its history."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Traced:
        return trace(kwargs["plural"], kwargs["slug"], address="history_feed")

    def title(self, traced: Traced) -> str:
        return in_xml(f"History of {traced.name} · ThrillWiki")

    def subtitle(self, traced: Traced) -> str:
        return in_xml(f"Every version of {traced.name}, newest first.")

    def link(self, traced: Traced) -> str:
        return reverse("history", kwargs={"plural": traced.plural, "slug": traced.slug})

    def items(self, traced: Traced) -> list[Item]:
        rows = list(traced.history.all().defer("body")[:NEWEST])
        changesets = changesets_of(row.valid_from for row in rows)
        return _items(
            [
                (changesets[row.valid_from], f"Version {row.version}: ")
                for row in rows
                # The would-be version of a merge that is only looked at has no changeset.
                if row.valid_from in changesets
            ]
        )


def _items(found: Sequence[tuple[Changeset, str]]) -> list[Item]:
    authors = authors_of([changeset for changeset, _ in found])
    return [
        Item(
            title=f"{prefix}{changeset.message or 'no summary'}",
            path=reverse("changeset", kwargs={"number": changeset.pk}),
            at=changeset.recorded_at,
            by=authors.get(changeset.pk, "the system"),
            summary=f"{changeset.get_kind_display()}, changeset {changeset.pk}",
        )
        for changeset, prefix in found
    ]


def in_xml(text: str) -> str:
    """A text without what XML cannot hold, escaped or not."""
    return _NOT_IN_XML.sub("\ufffd", text)
