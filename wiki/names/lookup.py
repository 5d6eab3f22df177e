"""The pages that a name leads to, at this viewpoint: looked up all at once."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

from django.db.models import CharField, Value

from wiki.kinds.named import NamedPage
from wiki.kinds.registry import KINDS
from wiki.pages.models import Page
from wiki.pages.name_column import called_as


class By(IntEnum):
    """What of a page is the name that was looked up: the nearest first."""

    NAME = 0
    ADDRESS = 1
    OTHER_NAME = 2


@dataclass(frozen=True)
class Called(NamedPage):
    """A page that a name leads to."""

    by: By


def pages_called(
    words: Collection[str], kinds: Collection[type[Page]] = tuple(KINDS.values())
) -> dict[str, list[Called]]:
    """The pages that each word leads to, in the form of `called_as`; now or formerly called so.

    Those of the very name come first, then those at the very address; then by the order of the
    kinds, and by name. Cost: one query, whatever the number of words.
    """
    if not words or not kinds:
        return {}
    first, *others = [
        model._default_manager.filter(called__overlap=list(words))
        .order_by()
        .values_list(Value(model.plural, CharField()), "id", "slug", "name", "called")
        for model in kinds
    ]
    wanted = set(words)
    found: dict[str, list[Called]] = defaultdict(list)
    rows = first.union(*others, all=True) if others else first
    for plural, entity_id, slug, name, called in rows:
        for word in wanted.intersection(called):
            found[word].append(Called(plural, entity_id, slug, name, _by(word, slug, name)))
    order = {plural: place for place, plural in enumerate(KINDS)}
    for pages in found.values():
        pages.sort(key=lambda page: (page.by, order[page.plural], page.name, page.slug))
    return found


def _by(word: str, slug: str, name: str) -> By:
    if word == called_as(name):
        return By.NAME
    return By.ADDRESS if word == slug else By.OTHER_NAME
