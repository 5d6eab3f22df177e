"""The map: parks by where they are. Every step on it is an address."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from projections.cache import topics
from projections.cache.cached import Made, cached
from versioning.entities.kinds import kind_of
from wiki.discovery import linked_data
from wiki.kinds.parks import Park
from wiki.lists.filter_form import form_of, refused
from wiki.lists.listing import Asked, read_query
from wiki.maps.addresses import LIST, address
from wiki.maps.clusters import Cluster, clusters
from wiki.maps.drawing import FINE, backdrop, marks, scale
from wiki.maps.listed import listed
from wiki.maps.places import Found, find_places
from wiki.maps.window import NEARBY, WORLD, Window, around, read_window
from wiki.requests.numbers import read_number

SHARE = 0.5
"""Of the window, by which a step to a side moves it."""


@dataclass(frozen=True)
class Step:
    """A way to move the map; without an address where it goes no farther."""

    name: str
    label: str
    sign: str
    href: str


def parks_on_map(request: HttpRequest) -> HttpResponse:
    """Parks in a window; `?part=map` gives the map and its list alone. Raises Refusal.

    A filter that cannot be read is answered with the form as it was filled in (400). Without a
    window in the address it is the world, or, with filters, what they keep. Cost: a query where
    the cache has it; else two, and memory: every park is looked at.
    """
    asked, window = read_query(Park, request.GET), read_window(request.GET)
    page = read_number(request.GET.get("page", ""), 1)
    shown = (window.at, str(window.zoom)) if window else ()
    status = 400 if asked.refusals else 200
    if asked.refusals:
        html = refused(asked, "map")
    else:
        html = cached(("map", *asked.key(), str(page), *shown), lambda: _map(asked, window, page))
    if request.GET.get("part") == "map":
        return HttpResponse(html, status=status)
    context = {
        "asked": asked,
        **form_of(asked),
        "map": html,
        "linked_data": linked_data.told(request, "Map of parks", reverse("map")),
    }
    return render(request, "maps/map.html", context, status=status)


def _map(asked: Asked, window: Window | None, page: int) -> Made:
    found = find_places(asked)
    seen = window or _window_of(found, asked)
    in_view = [place for place in found.places if seen.shows(place.point)]
    parks = listed(in_view, asked, page)
    context = {
        "backdrop": backdrop(seen, is_fine=seen.zoom >= FINE),
        "marks": marks(clusters(in_view, seen), seen, lambda each: _opening(each, seen, asked)),
        "scale": scale(seen),
        "steps": list(_steps(seen, asked)),
        "found": found,
        "in_view": len(in_view),
        "parks": parks,
        "previous": address(seen, asked, page=page - 1) + LIST if page > 1 else "",
        "next": address(seen, asked, page=page + 1) + LIST if parks.has_more else "",
    }
    return Made(render_to_string("maps/_map.html", context), [topics.every(kind_of(Park))])


def _window_of(found: Found, asked: Asked) -> Window:
    """What is shown where no window is asked for."""
    return around((each.point for each in found.places), NEARBY) if asked.is_filtered else WORLD


def _opening(cluster: Cluster, seen: Window, asked: Asked) -> str:
    """Where a cluster leads. Parks side by side are not parted by any zoom: to the list."""
    opened = cluster.opened(seen)
    return address(opened, asked) if opened else LIST


def _steps(seen: Window, asked: Asked) -> Iterator[Step]:
    """The ways from here. Each has its name for good, so that the keyboard stays on it."""
    for name, label, sign, there in (
        ("in", "Zoom in", "+", seen.zoomed(1)),
        ("out", "Zoom out", "−", seen.zoomed(-1)),
        ("west", "West", "←", seen.moved(-SHARE, 0)),
        ("north", "North", "↑", seen.moved(0, -SHARE)),
        ("south", "South", "↓", seen.moved(0, SHARE)),
        ("east", "East", "→", seen.moved(SHARE, 0)),
        ("world", "World", "", WORLD),
    ):
        yield Step(name, label, sign, address(there, asked) if there != seen else "")
