"""Which pages a text means, at this viewpoint: looked up all at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from wiki.kinds.registry import KINDS
from wiki.names.lookup import Called, pages_called
from wiki.pages.name_column import called_as
from wiki.texts.syntax import Target

NEW_PAGES_ARE = "articles"
"""What a page becomes that is missing, where its link does not say of what kind it would be."""


@dataclass(frozen=True)
class Meant:
    """The page that each target means, or the several that it may mean, told apart elsewhere.

    `words` are all that was looked up, in the form of `called_as`.
    """

    pages: Mapping[Target, Called]
    ambiguous: Mapping[Target, Sequence[Called]]
    words: frozenset[str]


def plural_of(word: str) -> str | None:
    """The kind that a word names, in the singular or the plural: `ride`, `rides`."""
    return _plurals().get(word)


@cache
def _plurals() -> Mapping[str, str]:
    singular = {str(model._meta.verbose_name): plural for plural, model in KINDS.items()}
    return {**singular, **{plural: plural for plural in KINDS}}


def settled(target: Target) -> Target:
    """A target whose kind is none of the wiki's is a name that happens to hold a colon."""
    if target.kind and plural_of(target.kind) is None:
        separator = "/" if target.is_address else ":"
        return Target("", f"{target.kind}{separator}{target.name}")
    return target


def find_pages(targets: Iterable[Target]) -> Meant:
    """The pages that targets mean. Cost: one query, whatever the number.

    By a name, a page of that very name is meant before one at such an address, and that before
    one that was called so; by an address, the page that stands there. Of several that fit alike,
    none is meant before the others.
    """
    wanted = {target: settled(target) for target in targets}
    words = frozenset(called_as(asked.name) for asked in wanted.values())
    found = pages_called(words)
    fitting = {
        target: _nearest(asked, found.get(called_as(asked.name), ()))
        for target, asked in wanted.items()
    }
    return Meant(
        {target: pages[0] for target, pages in fitting.items() if len(pages) == 1},
        {target: pages for target, pages in fitting.items() if len(pages) > 1},
        words,
    )


def _nearest(asked: Target, called: Sequence[Called]) -> Sequence[Called]:
    plural = plural_of(asked.kind)
    fitting = [page for page in called if plural in (None, page.plural)]
    if asked.is_address and (there := [page for page in fitting if page.slug == asked.name]):
        return there
    return [page for page in fitting if page.by is fitting[0].by]


def address_to_create(target: Target) -> str:
    """Where a missing page is made, with its name filled in."""
    asked = settled(target)
    plural = plural_of(asked.kind) or NEW_PAGES_ARE
    name: Any = asked.name.replace("-", " ").capitalize() if asked.is_address else asked.name
    return f"{reverse('new', kwargs={'plural': plural})}?{urlencode({'name': name})}"


def address_of_names(target: Target) -> str:
    """Where the pages that a target may mean are told apart."""
    return reverse("called", kwargs={"called": called_as(settled(target).name)})
