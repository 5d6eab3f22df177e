"""Pages that no other leads to: no text means them, no fact and no item names them.

A ride is told by its park, which lists it: rides that tell a park are none. All else is there to
be named: a company by what it built, an element by tracks, an area by its rides, a park by its
rides and areas, a source by what cites it. It is what "What links to it" shows, for all at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from versioning.entities.kinds import DocumentField, kind_of
from versioning.fields.items import ItemsField
from wiki.kinds.named import NamedPage
from wiki.kinds.registry import KINDS
from wiki.pages.models import Page
from wiki.pages.name_column import called_as
from wiki.texts.links import settled
from wiki.texts.syntax import Target, read_target

Links = Mapping[Target, UUID | None]
"""What texts say, each with the page that says it; None where several do."""


def orphans_of(model: type[Page]) -> list[NamedPage]:
    """The orphans of a kind by name. Cost: three queries, and all links in memory: keep it."""
    return _orphans(model, _all_links())


def count_orphans() -> dict[str, int]:
    """How many orphans each kind has. Cost: two queries a kind, and all links in memory."""
    links = _all_links()
    return {plural: len(_orphans(model, links)) for plural, model in KINDS.items()}


def _orphans(model: type[Page], links: Links) -> list[NamedPage]:
    named, said = _named(model), _said(model, links)
    belonging = reduce(Q.__or__, (Q(**{f"{n}__isnull": False}) for n in model.belongs_to), Q())
    rows = model._default_manager.all()
    alone = (rows.exclude(belonging) if belonging else rows).order_by("name", "id")
    return [
        NamedPage(model.plural, page_id, slug, name)
        for page_id, slug, name, called in alone.values_list("id", "slug", "name", "called")
        if page_id not in named
        # What says itself alone is an orphan all the same.
        and all(said.get(word, page_id) == page_id for word in called)
    ]


def _all_links() -> Links:
    """Every link of every text. Cost: one query."""
    rows = [
        model._default_manager.exclude(links=[]).order_by().values_list("id", "links")
        for model in KINDS.values()
    ]
    several = rows[0].union(*rows[1:], all=True).order_by()
    by_word = _with_sayer((word, page_id) for page_id, links in several for word in links)
    return {settled(read_target(word)): page_id for word, page_id in by_word.items()}


def _said(model: type[Page], links: Links) -> Mapping[str, UUID | None]:
    """The names and addresses by which texts may mean pages of a kind, as they are looked up."""
    kinds = {"", model.plural, str(model._meta.verbose_name)}
    return _with_sayer(
        (called_as(target.name), page_id)
        for target, page_id in links.items()
        if target.kind in kinds
    )


def _with_sayer[Said](saying: Iterable[tuple[Said, UUID | None]]) -> dict[Said, UUID | None]:
    """What is said, with the one page that says it; None where several do."""
    said: dict[Said, UUID | None] = {}
    for word, page_id in saying:
        if said.setdefault(word, page_id) != page_id:
            said[word] = None
    return said


def _named(model: type[Page]) -> set[UUID]:
    """Every page of a kind that a fact or an item names. Cost: one query."""
    rows = [
        ids
        for owner in KINDS.values()
        for f in kind_of(owner).fields.values()
        for ids in _ids_named(owner, f, model)
    ]
    return {page_id for (page_id,) in rows[0].union(*rows[1:]).order_by()} if rows else set()


def _ids_named(
    owner: type[Page], f: DocumentField, model: type[Page]
) -> "Iterator[QuerySet[Any, Any]]":
    """The ids of pages of a kind that a field of another names, as queries."""
    rows = owner._default_manager.order_by()
    if isinstance(f.model_field, ItemsField):
        for ids in f.model_field.ids_named(model):
            yield rows.exclude(**{f.name: []}).values_list(ids)
    elif f.refers and f.model_field.related_model is model:
        yield rows.filter(**{f"{f.name}__isnull": False}).values_list(f.name)
