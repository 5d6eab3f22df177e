"""Reports on links: those that lead to no page, and articles that no text leads to."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wiki.models import Article
from wiki.pages.kinds import KINDS
from wiki.texts.links import Found, address_to_create, find_pages
from wiki.texts.syntax import Target, read_target

MOST_SHOWN = 500
"""Lines of each report."""


@dataclass(frozen=True)
class Broken:
    """A link that leads to no page: what it says, where the page is made, what says it."""

    said: str
    create: str
    pages: Sequence[Found]


@dataclass(frozen=True)
class LinkReport:
    broken: Sequence[Broken]
    orphans: Sequence[Any]


def report_links() -> LinkReport:
    """Look at every link of every text of the viewpoint.

    Cost: a query for each kind, one for the pages that are meant, and all links in memory: keep
    what it says.
    """
    saying: dict[str, list[Found]] = defaultdict(list)
    for plural, model in KINDS.items():
        rows: Any = model._default_manager.exclude(links=[]).order_by("name", "id")
        for page_id, slug, name, links in rows.values_list("id", "slug", "name", "links"):
            for word in links:
                saying[word].append(Found(plural, page_id, slug, name))
    targets: dict[str, Target] = {word: read_target(word) for word in saying}
    found = find_pages(targets.values())
    linked = {found[target].entity_id for target in targets.values() if target in found}
    broken = [
        Broken(word, address_to_create(target), saying[word])
        for word, target in sorted(targets.items())
        if target not in found
    ]
    orphans = Article.objects.exclude(pk__in=linked).only("name", "slug").order_by("name", "id")
    return LinkReport(broken[:MOST_SHOWN], list(orphans[:MOST_SHOWN]))
