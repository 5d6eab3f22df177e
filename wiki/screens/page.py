"""A page: infobox, body, and what other pages tell of it."""

import json
from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from projections.cache import topics
from projections.cache.cached import Made, cached
from versioning.entities.kinds import Document, kind_of
from wiki.discovery import linked_data
from wiki.discovery.texts import description_of, title_of
from wiki.forms.fact_form import fact_names, in_place
from wiki.lists.related import order_asked, related_to
from wiki.lists.siblings import siblings_of
from wiki.maps.drawing import Locator, locator
from wiki.names.finding import find_page
from wiki.names.lookup import pages_called
from wiki.names.telling import tell_apart
from wiki.pages.leads import comparisons_of, leads_of
from wiki.pages.life import life_of
from wiki.pages.models import Page
from wiki.pages.name_column import called_as
from wiki.pages.values import Fact, document_of, facts_of, label_of, shelf_of
from wiki.texts.markdown import read
from wiki.texts.notes import notes_of


def page(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """One page; `?order=tallest` has its lists in that order. Raises Refusal.

    Cost: a fixed number of queries for each kind; two where the cache has it, and one more for
    what compares it with others.
    """
    found: Page = find_page(plural, slug)
    order = order_asked(type(found), request.GET.get("order", ""))
    entity = json.loads(cached(("page", str(found.pk), order), lambda: _entity(found, order)))
    context = {
        "page": found,
        "plural": plural,
        "head": entity["head"],
        "leads": entity["leads"],
        "comparisons": comparisons_of(found),
        "entity": entity["html"],
        "title": entity["title"],
        "description": entity["description"],
        "linked_data": linked_data.script(request, entity["about"], entity["breadcrumbs"]),
    }
    return render(request, "pages/page.html", context)


def _entity(found: Page, order: str) -> Made:
    """All of a page that is the same for every reader, and what it was made from."""
    kind, document = kind_of(type(found)), document_of(found)
    shelf = shelf_of([(kind, document)])
    groups = facts_of(kind, document, shelf)
    text = read(found.body)
    told = [fact.name for group in groups for fact in group.facts]
    labels = {name: label_of(f) for name, f in kind.fields.items()}
    notes = notes_of(found.citations, told, text.cited, labels)
    body = text.render(notes.of_sources)
    related, siblings = related_to(found, order), siblings_of(found)
    word = called_as(found.name)
    namesakes = [each for each in pages_called([word])[word] if each.entity_id != found.pk]
    only_other = tell_apart(word, namesakes)[0] if len(namesakes) == 1 else None
    of_other = only_other.made_from if only_other else ()
    html = render_to_string(
        "pages/_entity.html",
        {
            "page": found,
            "namesakes": namesakes,
            "only_other": only_other,
            "called": word,
            "locator": _locator(found),
            "facts": [group.noted(notes.of_fields) for group in groups],
            "editable": fact_names(type(found)),
            "in_place": in_place(type(found)),
            "body": body,
            "notes": notes.listed,
            "unsourced": [labels[name] for name in notes.without(told)] if notes.listed else [],
            "life": life_of(kind, document, shelf),
            "tables": [each for each in related.lists if each.has_figures],
            "related": [*(each for each in related.lists if not each.has_figures), *siblings.lists],
        },
    )
    shown: set[UUID | str] = {
        *shelf, *related.named, *siblings.named, *body.pages, *notes.entities, *of_other
    }  # fmt: skip
    referred = [topics.entity(each) for each in shown]
    listed = [topics.referring_to(each) for each in (found.pk, *siblings.owners)]
    # What is called so may change: a page that is missing may come.
    looked_up = [topics.called(word) for word in {word, *body.called}]
    facts = [fact for group in groups for fact in group.facts]
    description = description_of(found.name, str(found._meta.verbose_name), body.html, facts)
    crumbs = [
        (str(found._meta.verbose_name_plural).capitalize(), reverse("list", args=[found.plural])),
        (found.name, found.get_absolute_url()),
    ]
    made = {
        "head": _head(found, document, facts),
        "leads": leads_of(found),
        "html": html,
        "title": title_of(found.name, facts),
        "description": description,
        "about": linked_data.about(found, document, shelf, description),
        "breadcrumbs": linked_data.breadcrumbs(crumbs),
    }
    topics_of_it = [topics.entity(found.pk), *listed, *referred, *looked_up]
    return Made(json.dumps(made), topics_of_it)


def _head(found: Page, document: Document, facts: Sequence[Fact]) -> str:
    """What it belongs to, its name, its status, and the facts that lists tell beside it."""
    by_name = {fact.name: fact for fact in facts}
    places = [by_name[name] for name in found.belongs_to if name in by_name]
    status = by_name.get("status")
    told = [
        fact
        for name in found.told_beside
        if (fact := by_name.get(name)) and fact not in places and fact is not status
    ]
    context = {
        "page": found,
        "kind": str(found._meta.verbose_name_plural).capitalize(),
        "places": places,
        "status": status,
        "state": document.get("status"),
        "told": told,
    }
    return render_to_string("pages/_head.html", context)


def _locator(found: Page) -> Locator | None:
    """Where a page's subject is, if its kind has a place and it tells one."""
    coordinates = getattr(found, "coordinates", None) if found.has_locator else None
    return None if coordinates is None else locator(coordinates)
