"""What links to a page, and how those links follow it when it is renamed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import CharField, Q, Value

from versioning.entities.kinds import Kind, kind_of
from versioning.fields.items import ItemsField
from wiki.kinds.named import NamedPage
from wiki.kinds.registry import KINDS
from wiki.pages.models import Page
from wiki.pages.name_column import called_as
from wiki.texts.links import find_pages, plural_of, settled
from wiki.texts.syntax import Target, read_target

_BRACKETS: Final = re.compile(r"(\[\[|\{\{)([^\[\]{}|\n]{1,261})")
_KIND: Final = re.compile(r"^([a-z]+) ?([:/]) ?")
"""What says the kind of a link, or looks like it, which `wiki_links` writes without blanks."""
_ADDRESS: Final = re.compile(r"(?<=\]\()/([a-z]+)/([a-z0-9-]+)(?=/)")


def words_for(page: Page) -> list[str]:
    """All that a text may say to mean a page, as the column `links` holds it."""
    one, many = str(page._meta.verbose_name), page.plural
    names = [page.name, *(other.name for other in page.names)]
    words = {page.slug, *map(_as_linked, names), *map(called_as, names)}
    qualified = [f"{kind}:{word}" for kind in (one, many) for word in sorted(words)]
    return [*sorted(words), *qualified, f"{many}/{page.slug}", f"{one}/{page.slug}"]


def _as_linked(name: str) -> str:
    """A name as the column holds a link that says it: `batman:the ride`."""
    return _KIND.sub(r"\1\2", " ".join(name.lower().split()))


def texts_linking_to(page: Page) -> list[NamedPage]:
    """Pages whose text links to a page, by name. Cost: one query."""
    words = words_for(page)
    return _union(model._default_manager.filter(links__overlap=words) for model in KINDS.values())


def pages_naming(page: Page) -> list[NamedPage]:
    """Pages that have a page as a fact, by name. Cost: one query."""
    label = kind_of(type(page)).label
    return _union(
        model._default_manager.filter(condition)
        for model in KINDS.values()
        for condition in _naming(kind_of(model), label, page)
    )


def _naming(kind: Kind, label: str, page: Page) -> Iterator[Q]:
    """The rows of a kind that name a page: a condition for all fields, one for each list."""
    together = Q()
    for f in kind.fields.values():
        if isinstance(f.model_field, ItemsField):
            named = f.model_field.naming(type(page), [str(page.pk)])
            together |= named or Q()
        elif f.refers and f.naming(label, [page.pk]) is not None:
            if f.is_references:
                yield Q(**{f.name: page.pk})
            else:
                together |= Q(**{f.name: page.pk})
    if together:
        yield together


def _union(querysets: Iterator[Any]) -> list[NamedPage]:
    rows = [
        found.order_by().values_list(Value(found.model.plural, CharField()), "id", "slug", "name")
        for found in querysets
    ]
    if not rows:
        return []
    return sorted((NamedPage(*row) for row in rows[0].union(*rows[1:])), key=lambda f: f.name)


@dataclass(frozen=True)
class Relinking:
    """The texts that mean a page now, and would mean another or none once it is renamed."""

    page_id: Any
    plural: str
    texts: list[Page]
    meant: frozenset[Target]

    def rewritten(self, text: str, name: str, slug: str) -> str:
        """A text whose links to the page say its new name or address; labels stay."""

        def bracketed(match: re.Match[str]) -> str:
            said = match[2]
            target_text, field = said, ""
            if match[1] == "{{":
                target_text, dot, field = said.rpartition(".")
                field = dot + field
            target = read_target(target_text)
            if target not in self.meant:
                return match[0]
            if target.is_address:
                return f"{match[1]}{target.kind}/{slug}{field}"
            # A full stop would end the name before a fact: the address is plain.
            new = f"{self.plural}/{slug}" if field and "." in name else name
            kind = f"{target.kind}:" if target.kind and plural_of(target.kind) else ""
            return f"{match[1]}{kind if new == name else ''}{new}{field}"

        def addressed(match: re.Match[str]) -> str:
            is_meant = Target(match[1], match[2], is_address=True) in self.meant
            return f"/{match[1]}/{slug}" if is_meant else match[0]

        return _ADDRESS.sub(addressed, _BRACKETS.sub(bracketed, text))


def plan_relinking(page: Page) -> Relinking:
    """Find what links to a page, before it is renamed. Cost: three queries and the texts."""
    found = texts_linking_to(page)
    texts = [
        each
        for plural, model in KINDS.items()
        for ids in [[link.entity_id for link in found if link.plural == plural]]
        if ids
        for each in model._default_manager.filter(pk__in=ids)
    ]
    targets = {target for each in texts for target in _targets(each.body)}
    pages = find_pages(targets).pages
    # What was said by another name of the page will mean it as before.
    own = {page.slug, called_as(page.name)}
    meant = frozenset(
        target
        for target in targets
        if target in pages
        and pages[target].entity_id == page.pk
        and called_as(settled(target).name) in own
    )
    return Relinking(page.pk, page.plural, texts, meant)


def _targets(text: str) -> Iterator[Target]:
    for opening, said in _BRACKETS.findall(text):
        yield read_target(said.rpartition(".")[0] if opening == "{{" else said)
    for plural, slug in _ADDRESS.findall(text):
        yield Target(plural, slug, is_address=True)
