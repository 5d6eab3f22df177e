"""What a text may link to or cite, while somebody types it: as it would be written there."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from projections.search.finding import suggest
from projections.search.terms import Term
from wiki.kinds.sources import Source
from wiki.lists.listing import matching
from wiki.names.lookup import By, Called, pages_called
from wiki.pages.name_column import called_as
from wiki.viewpoints.addresses import viewpoint_of

MOST: Final = 8
LONGEST_QUERY: Final = 100
_MARKS: Final = frozenset("[]|\n")
"""What no name holds that stands between double brackets."""

Option = dict[str, str]


def pages(request: HttpRequest) -> HttpResponse:
    """Pages whose names go on from `?q=`: by name, or by address where several are called so.

    Cost: two queries.
    """
    terms = [Term(word) for word in _asked(request).split()[:8]]
    hits = suggest(terms, viewpoint_of(request).chain, limit=MOST) if terms else ()
    words = list(dict.fromkeys(called_as(hit.title) for hit in hits))
    called = pages_called(words)
    options = [option for word in words for option in _written(called.get(word, ()))]
    return _answer(request, options[:MOST])


def sources(request: HttpRequest) -> HttpResponse:
    """Sources whose name or address begins with `?q=`. Cost: a query."""
    found = matching(Source, _asked(request), MOST)
    return _answer(
        request, [{"written": each["slug"], "title": each["name"], "kind": ""} for each in found]
    )


def _asked(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]


def _written(called: Sequence[Called]) -> Iterator[Option]:
    """How a link to each page of a name is written."""
    named = [page for page in called if page.by is By.NAME]
    for page in named:
        is_clear = len(named) == 1 and not _MARKS.intersection(page.name)
        address = f"{page.plural}/{page.slug}"
        label = "".join(letter for letter in page.name if letter not in _MARKS)
        written = page.name if is_clear else f"{address}|{label}"
        yield {"written": written, "title": page.name, "kind": page.kind}


def _answer(request: HttpRequest, options: list[Option]) -> HttpResponse:
    return render(request, "components/text_options.html", {"options": options})
