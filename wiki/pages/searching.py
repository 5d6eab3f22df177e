"""Search: PostgreSQL's full text over names and bodies, at the viewpoint."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wiki.pages.kinds import KINDS
from wiki.pages.views import viewpoint_context

LONGEST_QUERY = 200
HITS_OF_A_KIND = 10


def search(request: HttpRequest) -> HttpResponse:
    """The best hits of each kind; a query that finds nothing says so."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    context = {
        "query": query,
        "results": _hits(query) if query else [],
        **viewpoint_context(request),
    }
    return render(request, "pages/search.html", context)


def _hits(query: str) -> list[tuple[str, list[Any]]]:
    vector = SearchVector("name", weight="A", config="simple") + SearchVector(
        "body", weight="C", config="simple"
    )
    wanted = SearchQuery(query, config="simple", search_type="websearch")
    results = []
    for model in KINDS.values():
        hits = (
            model.objects.annotate(found=vector, rank=SearchRank(vector, wanted))
            .filter(found=wanted)
            .order_by("-rank", "name")
        )
        if found := list(hits[:HITS_OF_A_KIND]):
            results.append((str(model._meta.verbose_name_plural).capitalize(), found))
    return results
