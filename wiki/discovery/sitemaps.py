"""Every page of main's head for search engines, five thousand to a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from typing import Any, overload

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemaps
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from versioning.changesets import changesets_of
from versioning.entities.kinds import kind_of
from versioning.events import MAIN
from versioning.viewpoints.versions import rows_in
from versioning.viewpoints.visibility import holding
from wiki.kinds.registry import KINDS
from wiki.pages.models import Page
from wiki.viewpoints.addresses import viewpoint_of

PAGE_SIZE = 5_000


@dataclass(frozen=True)
class Entry:
    """An address, and when what stands there was last written."""

    path: str
    changed: datetime | None = None


class Entries(Sequence[Entry]):
    """The pages of a kind, read a slice at a time. Cost of a slice: four queries."""

    def __init__(self, model: type[Page]) -> None:
        self.rows = model._default_manager.order_by("pk").values_list("pk", "slug")
        self.model = model

    def __len__(self) -> int:
        return self.rows.count()

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> list[Entry]: ...
    def __getitem__(self, at: int | slice) -> Entry | list[Entry]:
        if isinstance(at, int):
            return self[at : at + 1][0]
        found = list(self.rows[at])
        written = self._written([pk for pk, _ in found])
        return [
            Entry(reverse("page", kwargs={"plural": self.model.plural, "slug": slug}), written[pk])
            for pk, slug in found
        ]

    def _written(self, ids: Sequence[Any]) -> dict[Any, datetime]:
        versions = rows_in(kind_of(self.model)).filter(holding(MAIN, None), entity_id__in=ids)
        positions = dict(versions.values_list("entity_id", "valid_from"))
        changesets = changesets_of(positions.values())
        return {pk: changesets[position].recorded_at for pk, position in positions.items()}


class _Section(Sitemap[Entry]):
    limit = PAGE_SIZE

    def __init__(self, entries: Callable[[], Sequence[Entry]]) -> None:
        super().__init__()
        self.entries = entries

    def items(self) -> Any:
        return self.entries()

    def location(self, item: Entry) -> str:
        return item.path

    def lastmod(self, item: Entry) -> datetime | None:
        return item.changed

    def get_latest_lastmod(self) -> None:
        """Not told in the index: it would read every page of the kind."""


def _lists() -> list[Entry]:
    paths = [reverse("home"), *(reverse("list", kwargs={"plural": each}) for each in KINDS)]
    others = ("map", "statistics", "this_day", "changes")
    return [Entry(path) for path in [*paths, *map(reverse, others)]]


def _sections() -> dict[str, type[Sitemap[Any]] | Sitemap[Any]]:
    kinds = {plural: _Section(partial(Entries, model)) for plural, model in KINDS.items()}
    return {"lists": _Section(_lists), **kinds}


View = Callable[..., HttpResponse]


def at_head_of_main(view: View) -> View:
    """Search engines read one wiki, not one for every moment: elsewhere there is none of this."""

    @wraps(view)
    def checked(request: HttpRequest, **arguments: Any) -> HttpResponse:
        if not viewpoint_of(request).is_head_of_main:
            raise Http404("This is told of main's head alone.")
        return view(request, **arguments)

    return checked


@at_head_of_main
def index(request: HttpRequest) -> HttpResponse:
    """The sitemaps: one for each kind, and more where it is large. A query for each kind."""
    return sitemaps.index(request, _sections(), sitemap_url_name="sitemap")


@at_head_of_main
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """The addresses of a kind; `?p=` goes on. Five queries."""
    return sitemaps.sitemap(request, _sections(), section=section)


@at_head_of_main
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers should leave alone: moments, branches and comparisons without end."""
    context = {"sitemap": request.build_absolute_uri(reverse("sitemaps"))}
    return render(
        request, "discovery/robots.txt", context, content_type="text/plain; charset=utf-8"
    )
