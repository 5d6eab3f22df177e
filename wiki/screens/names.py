"""A name as a page: what is or was called so, when that is more than one page."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from projections.cache import topics
from projections.cache.cached import Made, cached
from wiki.discovery import linked_data
from wiki.names.lookup import pages_called
from wiki.names.telling import tell_apart
from wiki.pages.name_column import called_as


def called(request: HttpRequest, called: str) -> HttpResponse:
    """The pages of a name, told apart; the page itself where it is the only one. Raises Http404."""
    word = called_as(called.replace("\0", ""))
    found = json.loads(cached(("called", word), lambda: _found(word)))
    if not found["pages"]:
        raise Http404(f"No page is called {called!r} here.")
    if found["only"]:
        return redirect(found["only"])
    if word != called:
        return redirect("called", called=word)
    context = {
        "name": found["name"],
        "pages": found["pages"],
        "linked_data": linked_data.told(request, found["name"], reverse("called", args=[word])),
    }
    return render(request, "names/called.html", context)


def _found(word: str) -> Made:
    pages = pages_called([word]).get(word, [])
    told = tell_apart(word, pages)
    name = next((str(each.pieces[0]) for one in told for each in one.other_names), word)
    name = next((page.name for page in pages if called_as(page.name) == word), name)
    found = {
        "pages": render_to_string("names/_pages.html", {"told": told}) if told else "",
        "only": pages[0].href if len(pages) == 1 else "",
        "name": name,
    }
    shown = [topics.entity(each) for one in told for each in one.made_from]
    return Made(json.dumps(found), [topics.called(word), *shown])
