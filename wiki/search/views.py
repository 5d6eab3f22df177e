"""Search: PostgreSQL's full text over names and bodies, at the viewpoint."""

from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wiki.pages.kinds import KINDS
from wiki.pages.models import SEARCHED

LONGEST_QUERY = 200
HITS_OF_A_KIND = 10
# Of Unicode's private use: the template turns them into <mark>, after escaping.
MARK_START, MARK_END = "\ue000", "\ue001"


def search(request: HttpRequest) -> HttpResponse:
    """The best hits of each kind; a query that finds nothing says so. A query for each kind."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    context = {"query": query, "results": _hits(query) if query else []}
    return render(request, "pages/search.html", context)


def _hits(query: str) -> list[tuple[str, list[Any]]]:
    """By name first. To rank by bodies, each that has the words would have to be read again."""
    wanted = SearchQuery(query, config="simple", search_type="websearch")
    in_name = SearchRank(SearchVector("name", config="simple"), wanted)
    headline = SearchHeadline(
        "body", wanted, config="simple", start_sel=MARK_START, stop_sel=MARK_END, max_words=30,
        min_words=15, max_fragments=1,
    )  # fmt: skip
    results = []
    for model in KINDS.values():
        hits = model.objects.annotate(found=SEARCHED).filter(found=wanted)
        best = hits.order_by(in_name.desc(), "name", "id").values("pk")[:HITS_OF_A_KIND]
        # The ten are chosen first: marking the words in all that were found would take long.
        shown = model.objects.filter(pk__in=best).annotate(headline=headline).defer("body")
        if found := list(shown.order_by(in_name.desc(), "name", "id")):
            results.append((str(model._meta.verbose_name_plural).capitalize(), found))
    return results
