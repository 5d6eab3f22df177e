"""Reports on links: to no page, to one of several."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from wiki.kinds.named import NamedPage
from wiki.kinds.registry import KINDS
from wiki.texts.links import address_of_names, address_to_create, find_pages
from wiki.texts.syntax import Target, read_target

MOST_SHOWN = 500
"""Lines of each report."""


@dataclass(frozen=True)
class Said:
    """A link: what it says, where it leads, and the pages whose texts say it."""

    said: str
    href: str
    pages: Sequence[NamedPage]


@dataclass(frozen=True)
class LinkReport:
    """Links to no page, which lead to where it is made; links that several pages fit."""

    broken: Sequence[Said]
    ambiguous: Sequence[Said]


def report_links() -> LinkReport:
    """Look at every link of every text of the viewpoint.

    Cost: a query for each kind, one for the pages that are meant, and all links in memory: keep
    what it says.
    """
    saying: dict[str, list[NamedPage]] = defaultdict(list)
    for plural, model in KINDS.items():
        rows: Any = model._default_manager.exclude(links=[]).order_by("name", "id")
        for page_id, slug, name, links in rows.values_list("id", "slug", "name", "links"):
            for word in links:
                saying[word].append(NamedPage(plural, page_id, slug, name))
    targets: dict[str, Target] = {word: read_target(word) for word in saying}
    meant = find_pages(targets.values())
    broken = [
        Said(word, address_to_create(_as_title(target)), saying[word])
        for word, target in sorted(targets.items())
        if target not in meant.pages and target not in meant.ambiguous
    ]
    ambiguous = [
        Said(word, address_of_names(target), saying[word])
        for word, target in sorted(targets.items())
        if target in meant.ambiguous
    ]
    return LinkReport(broken[:MOST_SHOWN], ambiguous[:MOST_SHOWN])


def _as_title(target: Target) -> Target:
    """The name begins with a capital: what was typed is known in lower case alone."""
    return replace(target, name=target.name[:1].upper() + target.name[1:])
