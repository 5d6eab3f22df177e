"""What a search's address asks: `?q=` in words, and filters by name.

    ?q=kar kind:ride -wood "top thrill"&country=DE&opened_from=1990&height_over=200 ft

Words never are an error: what is no filter is looked for as it stands. A
filter of the address that makes no sense is refused with a sentence.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from projections.search.finding import Bound, Narrowing
from projections.search.terms import Term
from wiki.filters.unreadable import Unreadable
from wiki.requests.refusals import RequestRefused
from wiki.search.filters import canonical, facets, kept_in_entries, ranges, through

LONGEST_QUERY = 200
MOST_TERMS = 16
MOST_VALUES = 20
LAST_PAGE = 25

_TOKEN = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>\S+))')
_FILTER = re.compile(r"(?P<name>[a-z_]+):(?P<value>.+)", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """A search as it was asked. `filters` are (name, value) pairs as addresses hold them."""

    text: str
    terms: tuple[Term, ...]
    facets: Mapping[str, tuple[str, ...]]
    ranges: Mapping[str, str]
    page: int

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.facets or self.ranges)

    def address(self, **changed: str) -> str:
        """The query of an address that asks the same, but for what is changed."""
        pairs = [("q", self.text), *self.pairs()]
        kept = [(name, value) for name, value in pairs if value and name not in changed]
        return "?" + urlencode([*kept, *((n, v) for n, v in changed.items() if v)])

    def with_value(self, name: str, value: str) -> str:
        """The address that narrows further, or no longer, by a value of a facet."""
        pairs = [pair for pair in self.pairs() if pair != (name, value)]
        if (name, value) not in self.pairs():
            pairs.append((name, value))
        return "?" + urlencode([("q", self.text), *pairs])

    def pairs(self) -> list[tuple[str, str]]:
        """All filters, by name and value."""
        chosen = [(name, value) for name, values in self.facets.items() for value in values]
        return [*chosen, *self.ranges.items()]


def read_question(query: QueryDict) -> Question:
    """What an address asks. Asks no database. Raises RequestRefused."""
    text = query.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    chosen: dict[str, tuple[str, ...]] = {}
    bounds: dict[str, str] = {}
    for given in query:
        name = canonical(given)
        values = [v.replace("\0", "").strip() for v in query.getlist(given)[:MOST_VALUES]]
        values = [value for value in values if value]
        if name in facets() and values:
            chosen[name] = (*chosen.get(name, ()), *(facets()[name].checked(v) for v in values))
        elif name in ranges() and values:
            bounds[name] = values[-1]
            ranges()[name].read(values[-1])
    return Question(text, tuple(_terms(text)), chosen, bounds, _page(query.get("page", "1")))


def narrowing(question: Question) -> Narrowing:
    """What hits must be. Cost: a query for each page that filters name."""
    wanted: dict[str, list[str]] = {}
    pairs = [(name, value) for name, values in question.facets.items() for value in values]
    for name, value in [*pairs, *_filters_in(question.text)]:
        wanted.setdefault(name, []).extend(kept_in_entries(facets()[name], value))
    within: dict[str, tuple[Bound | None, Bound | None]] = {}
    for name, value in question.ranges.items():
        limit = ranges()[name]
        bound: Any = limit.read(value)
        low, high = within.get(limit.f.name, (None, None))
        within[limit.f.name] = (bound, high) if limit.is_lowest else (low, bound)
    return Narrowing(wanted, within, through())


def _terms(text: str) -> Iterator[Term]:
    """The words and phrases of a text, without its filters."""
    for token in list(_TOKEN.finditer(text))[:MOST_TERMS]:
        if token["word"] and not token["minus"] and _filter_of(token["word"]):
            continue
        is_phrase = token["phrase"] is not None
        yield Term(token["phrase"] if is_phrase else token["word"], is_phrase, bool(token["minus"]))


def _filters_in(text: str) -> Iterator[tuple[str, str]]:
    for token in list(_TOKEN.finditer(text))[:MOST_TERMS]:
        if token["word"] and not token["minus"] and (found := _filter_of(token["word"])):
            yield found


def _filter_of(word: str) -> tuple[str, str] | None:
    """`kind:ride` as a filter; None where it is only a word with a colon in it."""
    match = _FILTER.fullmatch(word)
    name = canonical(match["name"]) if match else ""
    if match is None or name not in facets():
        return None
    try:
        return name, facets()[name].checked(match["value"])
    except Unreadable:
        return None


def _page(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= LAST_PAGE):
        raise RequestRefused(
            f"A search has pages from 1 to {LAST_PAGE}.",
            hint="Narrow it down by a filter or another word to see what comes later.",
        )
    return int(text)
