"""A page as an edit would leave it, for whoever is editing: nothing of it is kept."""

from typing import Any

from django.template.loader import render_to_string

from versioning.entities.kinds import Document, kind_of
from wiki.pages.life import life_of
from wiki.pages.models import Page
from wiki.pages.values import facts_of, field_diffs, label_of, shelf_of
from wiki.texts.markdown import read
from wiki.texts.notes import notes_of


def preview_of(page: Page, now: Document | None, wanted: Document) -> dict[str, Any]:
    """The page as it would read, and what that changes. Cost: as a page without what is related."""
    kind = kind_of(type(page))
    shelf = shelf_of([(kind, now), (kind, wanted)])
    groups = facts_of(kind, wanted, shelf)
    text = read(page.body)
    told = [fact.name for group in groups for fact in group.facts]
    labels = {name: label_of(f) for name, f in kind.fields.items()}
    notes = notes_of(page.citations, told, text.cited, labels)
    context = {
        "page": page,
        "facts": [group.noted(notes.of_fields) for group in groups],
        "body": text.render(notes.of_sources),
        "notes": notes.listed,
        "life": life_of(kind, wanted, shelf),
    }
    return {
        "html": render_to_string("pages/_entity.html", context),
        "differences": field_diffs(kind, now, wanted, shelf),
    }
