"""Pages with what tells them from others: those that share a name, and those that were found."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from versioning.entities.kinds import Document, kind_of
from versioning.saving.edits import values_of
from wiki.kinds.named import NamedPage
from wiki.kinds.registry import KINDS
from wiki.names.lookup import By, Called
from wiki.pages.name_column import called_as
from wiki.pages.values import Shelf, Shown, shelf_of, shown


@dataclass(frozen=True)
class Told:
    """A page; when it was called so if that is another name, and its first facts."""

    page: Called
    other_names: Sequence[Shown]
    facts: Sequence[Shown]
    named: frozenset[str]
    """The pages that the facts name, by id."""

    @property
    def made_from(self) -> frozenset[UUID | str]:
        """Every page that something of it is shown of, by id."""
        return frozenset({self.page.entity_id, *self.named})


def tell_apart(word: str, pages: Sequence[Called]) -> list[Told]:
    """Each page of one name with its first facts, and when it was called so.

    Cost: a query for each kind of page, and for each kind that those refer to.
    """
    documents = _documents(pages)
    shelf = _shelf(pages, documents)
    return [_told(word, page, documents[page.entity_id], shelf) for page in pages]


def first_facts(pages: Collection[NamedPage]) -> dict[UUID, Sequence[Shown]]:
    """The facts that lists of its kind show, of each page that this viewpoint has.

    Cost: a query for each kind of page, and for each kind that those refer to.
    """
    documents = _documents(pages)
    there = [page for page in pages if page.entity_id in documents]
    shelf = _shelf(there, documents)
    return {page.entity_id: _facts(page, documents[page.entity_id], shelf) for page in there}


def _documents(pages: Collection[NamedPage]) -> dict[UUID, Document]:
    """Of each page its names and first facts."""
    ids: dict[str, list[UUID]] = defaultdict(list)
    for page in pages:
        ids[page.plural].append(page.entity_id)
    documents: dict[UUID, Document] = {}
    for plural, wanted in ids.items():
        model, kind = KINDS[plural], kind_of(KINDS[plural])
        shown_fields = ("names", *model.list_columns)
        for each in model._default_manager.filter(pk__in=wanted).only("name", *shown_fields):
            held = values_of(each, kind)
            documents[each.pk] = {name: held.get(name) for name in shown_fields}
    return documents


def _shelf(pages: Collection[NamedPage], documents: Mapping[UUID, Document]) -> Shelf:
    return shelf_of((kind_of(KINDS[p.plural]), documents[p.entity_id]) for p in pages)


def _told(word: str, page: Called, document: Document, shelf: Shelf) -> Told:
    model = KINDS[page.plural]
    fields = kind_of(model).fields
    is_by_another = page.by is By.OTHER_NAME
    so_called = [each for each in document["names"] if called_as(each["name"]) == word]
    other_names = shown(fields["names"], so_called if is_by_another else [], shelf)
    referred = (fields[name].referred(document[name]) for name in model.list_columns)
    named = frozenset(str(entity_id) for pairs in referred for _, entity_id in pairs)
    return Told(page, other_names, _facts(page, document, shelf), named)


def _facts(page: NamedPage, document: Document, shelf: Shelf) -> list[Shown]:
    model = KINDS[page.plural]
    fields = kind_of(model).fields
    return [
        each for name in model.list_columns for each in shown(fields[name], document[name], shelf)
    ]
