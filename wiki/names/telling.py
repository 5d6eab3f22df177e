"""Pages that share a name, each with what tells it from the others."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from versioning.entities.kinds import Document, kind_of
from versioning.entities.saving import values_of
from wiki.names.columns import called_as
from wiki.names.lookup import By, Called
from wiki.pages.kinds import KINDS
from wiki.pages.values import Shelf, Shown, shelf_of, shown


@dataclass(frozen=True)
class Told:
    """A page; what it is now called if that is another name, and its first facts."""

    page: Called
    other_names: Sequence[Shown]
    facts: Sequence[Shown]


def tell_apart(word: str, pages: Sequence[Called]) -> list[Told]:
    """Each page of one name with the facts that lists of its kind show, and when it was called so.

    Cost: a query for each kind of page, and for each kind that those refer to.
    """
    ids: dict[str, list[Any]] = defaultdict(list)
    for page in pages:
        ids[page.plural].append(page.entity_id)
    documents: dict[Any, Document] = {}
    for plural, wanted in ids.items():
        model, kind = KINDS[plural], kind_of(KINDS[plural])
        shown_fields = ("names", *model.list_columns)
        for each in model._default_manager.filter(pk__in=wanted).only("name", *shown_fields):
            held = values_of(each, kind)
            documents[each.pk] = {name: held.get(name) for name in shown_fields}
    shelf = shelf_of((kind_of(KINDS[p.plural]), documents[p.entity_id]) for p in pages)
    return [_told(word, page, documents[page.entity_id], shelf) for page in pages]


def _told(word: str, page: Called, document: Document, shelf: Shelf) -> Told:
    model = KINDS[page.plural]
    fields = kind_of(model).fields
    is_by_another = page.by is By.OTHER_NAME
    so_called = [each for each in document["names"] if called_as(each["name"]) == word]
    return Told(
        page,
        shown(fields["names"], so_called if is_by_another else [], shelf),
        [
            each
            for name in model.list_columns
            for each in shown(fields[name], document[name], shelf)
        ],
    )
