"""Which pages a text means, at this viewpoint: looked up all at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import CharField, Q, Value
from django.urls import reverse

from wiki.pages.addresses import address_of
from wiki.pages.kinds import KINDS
from wiki.texts.syntax import Target

NEW_PAGES_ARE = "articles"
"""What a page becomes that is missing, where its link does not say of what kind it would be."""


@dataclass(frozen=True)
class Found:
    """A page that a text means."""

    plural: str
    entity_id: UUID
    slug: str
    name: str

    @property
    def href(self) -> str:
        return reverse("page", kwargs={"plural": self.plural, "slug": self.slug})


def plural_of(word: str) -> str | None:
    """The kind that a word names, in the singular or the plural: `ride`, `rides`."""
    return _plurals().get(word)


def _plurals() -> Mapping[str, str]:
    singular = {str(model._meta.verbose_name): plural for plural, model in KINDS.items()}
    return {**singular, **{plural: plural for plural in KINDS}}


def settled(target: Target) -> Target:
    """A target whose kind is none of the wiki's is a name that happens to hold a colon."""
    if target.kind and plural_of(target.kind) is None:
        separator = "/" if target.is_address else ":"
        return Target("", f"{target.kind}{separator}{target.name}")
    return target


def find_pages(targets: Iterable[Target]) -> dict[Target, Found]:
    """The page of each target that has one. Cost: one query, whatever the number.

    A page is meant by its address, or by its name. Of several that fit, the one of the asked
    kind, then the one at the very address; a name that several kinds share is taken in the
    order of the kinds.
    """
    wanted = {target: settled(target) for target in targets}
    if not wanted:
        return {}
    addresses = {address_of(each.name) for each in wanted.values()}
    names = {each.name for each in wanted.values()}
    rows = [
        model._default_manager.filter(Q(slug__in=addresses) | Q(name__in=names))
        .order_by()
        .values_list(Value(plural, CharField()), "id", "slug", "name")
        for plural, model in KINDS.items()
    ]
    by_word: dict[str, list[Found]] = defaultdict(list)
    for row in rows[0].union(*rows[1:]):
        found = Found(*row)
        by_word[found.slug].append(found)
        if found.name != found.slug:
            by_word[found.name].append(found)
    return {
        target: page
        for target, asked in wanted.items()
        if (page := _best(asked, by_word)) is not None
    }


def _best(asked: Target, by_word: Mapping[str, list[Found]]) -> Found | None:
    address = address_of(asked.name)
    plural = plural_of(asked.kind)
    fitting = [
        page
        for page in (*by_word.get(address, ()), *by_word.get(asked.name, ()))
        if plural in (None, page.plural)
    ]
    order = list(KINDS)
    return min(
        fitting, key=lambda page: (page.slug != address, order.index(page.plural)), default=None
    )


def address_to_create(target: Target) -> str:
    """Where a missing page is made, with its name filled in."""
    asked = settled(target)
    plural = plural_of(asked.kind) or NEW_PAGES_ARE
    name: Any = asked.name.replace("-", " ").capitalize() if asked.is_address else asked.name
    return f"{reverse('new', kwargs={'plural': plural})}?{urlencode({'name': name})}"
