"""Which page of the wiki a row means: the same, a new one, or one that a person must look at.

The same: the name (or another name of the page) is equal but for case and accents, and so are
the pages that the mapping matches by (a ride's park), as far as both sides tell them. A leading
article more or less is no difference where they tell all of them. In doubt: the name is only
alike, or equal names leave several pages to choose from.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from versioning.entities.kinds import Kind
from wiki.exchange.mapped.likeness import LEAST_SHARED, Spelling, are_alike, folded

Told = Mapping[str, frozenset[str]]
"""What a row tells by field: the ids that it may mean; several where it is not certain."""


@dataclass
class Known:
    """A page: its name and address, and what it is matched by."""

    page_id: UUID
    name: str
    address: str = ""
    """Empty where the page is not there yet."""
    by: Mapping[str, Any] = field(default_factory=dict)

    def said(self, addresses: Mapping[UUID, str]) -> str:
        """Its name and address, where `addresses` are those of pages that were made meanwhile."""
        address = self.address or addresses.get(self.page_id)
        return f"{self.name} ({address})" if address else self.name


@dataclass(frozen=True)
class Match:
    """What a name means: a page, no page yet, or one of several that it may be."""

    page: Known | None = None
    may_be: tuple[Known, ...] = ()


class Pages:
    """The pages of one kind at this viewpoint, by name.

    Cost: one query, and all names in memory; a name that no page has is compared with those
    that share a third of its letters.
    """

    def __init__(self, kind: Kind, match_by: Sequence[str] = ()) -> None:
        self._by_id: dict[UUID, Known] = {}
        self._matches: dict[tuple[str, frozenset[tuple[str, frozenset[str]]]], Match] = {}
        self._by_name: dict[str, list[Known]] = defaultdict(list)
        self._by_untitled: dict[str, set[str]] = defaultdict(set)
        self._by_core: dict[str, set[str]] = defaultdict(set)
        self._by_initials: dict[str, set[str]] = defaultdict(set)
        self._by_trigram: dict[str, set[str]] = defaultdict(set)
        self._spellings: dict[str, Spelling] = {}
        self._not_there_yet: list[tuple[str, Known]] = []
        self._told_there: dict[UUID, Mapping[str, Any]] = {}
        columns = [f"{name}_id" for name in match_by]
        pages: Any = kind.model
        rows = pages._default_manager.order_by("id").values_list(
            "id", "slug", "name", "names", *columns
        )
        for page_id, slug, name, names, *by in rows:
            told = dict(zip(match_by, (each and str(each) for each in by), strict=True))
            known = Known(page_id, name, f"/{pages.plural}/{slug}/", told)
            for each in dict.fromkeys((name, *(item.name for item in names))):
                self.add(each, known)

    def add(self, name: str, known: Known) -> None:
        """Let a name be found."""
        self._by_id.setdefault(known.page_id, known)
        self._matches.clear()
        plain = folded(name)
        if known not in self._by_name[plain]:
            self._by_name[plain].append(known)
            if not known.address:
                self._not_there_yet.append((plain, known))
        if plain in self._spellings:
            return
        spelling = self._spellings[plain] = Spelling(plain)
        self._by_untitled[spelling.untitled].add(plain)
        self._by_core[spelling.core].add(plain)
        if spelling.initials:
            self._by_initials[spelling.initials].add(plain)
        for trigram in spelling.trigrams:
            self._by_trigram[trigram].add(plain)

    def get(self, page_id: UUID) -> Known | None:
        """The page of this identity."""
        return self._by_id.get(page_id)

    def learn(self, page_id: UUID, name: str, by: Mapping[str, Any]) -> None:
        """Know a page that is not there yet, or by what one is matched that does not tell it."""
        page = self._by_id.get(page_id)
        if page is None:
            self.add(name, Known(page_id, name, by=by))
        elif missing := {each: told for each, told in by.items() if told and not page.by.get(each)}:
            self._told_there.setdefault(page_id, page.by)
            page.by = {**page.by, **missing}
            self._matches.clear()

    def forget(self) -> None:
        """Know the wiki's pages alone, as they tell of themselves."""
        for plain, known in self._not_there_yet:
            self._by_name[plain].remove(known)
            self._by_id.pop(known.page_id, None)
        for page_id, told in self._told_there.items():
            if page_id in self._by_id:
                self._by_id[page_id].by = told
        self._not_there_yet.clear()
        self._told_there.clear()
        self._matches.clear()

    def match(self, name: str, by: Told) -> Match:
        """What a name means, where `by` says what else is told."""
        asked = (name, frozenset(by.items()))
        if asked not in self._matches:
            self._matches[asked] = self._match(name, by)
        return self._matches[asked]

    def _match(self, name: str, by: Told) -> Match:
        spelling = Spelling(folded(name))
        fitting = [k for k in self._by_name.get(spelling.plain, ()) if _agree(k, by)]
        sure = [known for known in fitting if _tell_alike(known, by)]
        if len(sure or fitting) == 1:
            return Match((sure or fitting)[0])
        if fitting:
            return Match(may_be=_in_order(fitting))
        if len(titled := self._but_for_an_article(spelling, by)) == 1:
            return Match(titled[0])
        return Match(may_be=_in_order(self._alike(spelling, by)))

    def _but_for_an_article(self, spelling: Spelling, by: Told) -> list[Known]:
        """Pages of which all that rows are matched by is told, and the same."""
        if not by or not all(by.values()):
            return []
        return self._known(
            self._by_untitled.get(spelling.untitled, ()), lambda known: _tell_alike(known, by)
        )

    def _alike(self, spelling: Spelling, by: Told) -> list[Known]:
        same = self._by_core.get(spelling.core, set()) | self._shortened(spelling)
        found = self._known(same, lambda known: _agree(known, by))
        for plain, common in self._sharing(spelling).items():
            other = self._spellings[plain]
            either = len(spelling.trigrams) + len(other.trigrams) - common
            if common < LEAST_SHARED * either:
                continue
            for known in self._by_name[plain]:
                agrees = bool(by) and all(by.values()) and _tell_alike(known, by)
                if (
                    known not in found
                    and _agree(known, by)
                    and are_alike(spelling, other, all_else_agrees=agrees)
                ):
                    found.append(known)
        return found

    def _shortened(self, spelling: Spelling) -> set[str]:
        """Names of which this is the initials, or that are the initials of this."""
        longer = self._by_initials.get("".join(spelling.plain.split()), set())
        return longer | self._by_core.get(spelling.initials, set())

    def _sharing(self, spelling: Spelling) -> Counter[str]:
        """Names that share trigrams, with how many."""
        return Counter(
            plain for trigram in spelling.trigrams for plain in self._by_trigram.get(trigram, ())
        )

    def _known(self, names: Iterable[str], fits: Any) -> list[Known]:
        found: list[Known] = []
        for plain in sorted(names):
            found += [k for k in self._by_name[plain] if fits(k) and k not in found]
        return found


def _in_order(pages: Iterable[Known]) -> tuple[Known, ...]:
    """The same order whether a page is there already or would only be made."""
    return tuple(sorted(pages, key=lambda known: (known.name, known.page_id)))


def _agree(known: Known, by: Told) -> bool:
    """Nothing that both tell differs."""
    return all(
        known.by.get(name) is None or not ids or known.by[name] in ids for name, ids in by.items()
    )


def _tell_alike(known: Known, by: Told) -> bool:
    return all({known.by.get(name)} - {None} == ids for name, ids in by.items())
