"""Search: a page of hits with counts to narrow them by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from projections.search.finding import Found, Hit, find, find_similar
from wiki.filters.facets import Facet
from wiki.filters.forms import FilterField, FilterInput
from wiki.filters.limits import Limit
from wiki.kinds.registry import KINDS
from wiki.names.telling import first_facts
from wiki.pages.models import Page
from wiki.pages.values import Shown, label_of
from wiki.search.counts import counted, ids_in, telling_facets
from wiki.search.excerpts import excerpt
from wiki.search.filters import facets, ranges
from wiki.search.pages import LONGEST_READ, FoundPage, pages_by_id
from wiki.search.questions import LAST_PAGE, Question, narrowing, read_question
from wiki.viewpoints.addresses import viewpoint_of

PAGE_SIZE = 20
SIMILAR = 5

FORM_FACETS = ("kind", "country", "status", "manufacturer")
FORM_RANGES = ("opened", "height")
"""Filters that the form offers; the address takes all."""


@dataclass(frozen=True)
class ShownHit:
    """A hit as the page shows it."""

    page: FoundPage
    was: str
    facts: Sequence[Shown]
    excerpt: str


def search(request: HttpRequest) -> HttpResponse:
    """The best hits at the viewpoint; `?part=results` gives them alone. Raises Refusal.

    Cost: four queries, and one for each kind among the hits, and among what those refer to; one
    more for each page that filters name, three for typos.
    """
    question = read_question(request.GET)
    chain = viewpoint_of(request).chain
    wanted = narrowing(question)
    found = Found()
    similar: Sequence[Hit] = ()
    if question.terms or wanted:
        offset = (question.page - 1) * PAGE_SIZE
        found = find(question.terms, wanted, chain, limit=PAGE_SIZE, offset=offset)
        if not found.is_by_name and question.page == 1:
            similar = _others(find_similar(question.terms, wanted, chain, limit=SIMILAR), found)
    telling = telling_facets(question, found.counts)
    hits = [*found.hits, *similar]
    pages = pages_by_id(_ids(hits), ids_in(telling, found.counts))
    facts = first_facts([pages[key] for key in {str(h.entity_id) for h in hits} & pages.keys()])
    context = {
        "query": question.text,
        "question": question,
        "found": found,
        "hits": _shown(found.hits, pages, facts, found.words),
        "similar": _shown(similar, pages, facts),
        "groups": counted(question, telling, found.counts, pages),
        "new": () if found.total else _new(question),
        "new_name": _wanted_name(question),
        "previous": question.address(page=str(question.page - 1)) if question.page > 1 else "",
        "next": _next(question, found),
        "form": _form(question),
        "narrowings": len(question.pairs()),
    }
    is_part = request.GET.get("part") == "results"
    return render(request, "pages/search.html#results" if is_part else "pages/search.html", context)


def _ids(hits: Sequence[Hit]) -> dict[type[Page], set[str]]:
    """The ids of hits, by kind."""
    return {
        model: {str(hit.entity_id) for hit in hits if hit.kind == model._meta.label_lower}
        for model in KINDS.values()
    }


def _others(similar: Sequence[Hit], found: Found) -> list[Hit]:
    """What is called almost so, and was not found anyway."""
    ids = {hit.entity_id for hit in found.hits}
    return [hit for hit in similar if hit.entity_id not in ids]


def _shown(
    hits: Sequence[Hit],
    pages: Mapping[str, FoundPage],
    facts: Mapping[UUID, Sequence[Shown]],
    words: Sequence[str] = (),
) -> list[ShownHit]:
    """Hits in their order; one that the viewpoint has lost meanwhile is left out."""
    shown = [(hit, pages[str(hit.entity_id)]) for hit in hits if str(hit.entity_id) in pages]
    return [
        ShownHit(
            page,
            hit.was,
            facts.get(page.entity_id, ()),
            excerpt(page.start, words, is_whole=len(page.start) < LONGEST_READ),
        )
        for hit, page in shown
    ]


def _next(question: Question, found: Found) -> str:
    is_last = question.page * PAGE_SIZE >= found.total or question.page == LAST_PAGE
    return "" if is_last else question.address(page=str(question.page + 1))


def _new(question: Question) -> list[tuple[str, str]]:
    """The kinds of page that could be created where nothing was found."""
    if not _wanted_name(question):
        return []
    chosen = question.facets.get("kind", ())
    kinds = {facets()["kind"].checked(plural): (plural, model) for plural, model in KINDS.items()}
    return [
        (plural, str(model._meta.verbose_name))
        for one, (plural, model) in kinds.items()
        if not chosen or one in chosen
    ]


def _wanted_name(question: Question) -> str:
    """The words that were looked for, as a page might be called."""
    return " ".join(term.text for term in question.terms if not term.is_excluded).strip()


def _form(question: Question) -> dict[str, Any]:
    """The fields of the form, and what else the address asks, to be kept."""
    shown = [facets()[name] for name in FORM_FACETS if name in facets()]
    limits = {name: [each for each in ranges().values() if each.f.name == name]
              for name in FORM_RANGES}  # fmt: skip
    fields = [FilterField(each.label, [_facet_input(each, question)]) for each in shown]
    fields += [
        FilterField(label_of(ends[0].f), [_limit_input(each, question) for each in ends])
        for ends in limits.values()
        if ends
    ]
    inputs = {each.name for asked in fields for each in asked.inputs}
    kept = [pair for pair in question.pairs() if pair[0] not in inputs]
    # A second value of a shown filter has no field of its own.
    kept += [(f.name, value) for f in shown for value in question.facets.get(f.name, ())[1:]]
    return {"fields": fields, "kept": kept}


def _facet_input(facet: Facet, question: Question) -> FilterInput:
    value = (question.facets.get(facet.name) or ("",))[0]
    pages = next(iter(facet.related), None)
    return FilterInput(facet.name, facet.label, value, facet.choices, pages, facet.hint)


def _limit_input(limit: Limit, question: Question) -> FilterInput:
    value = question.ranges.get(limit.name, "")
    return FilterInput(limit.name, limit.label, value, hint=limit.hint)
