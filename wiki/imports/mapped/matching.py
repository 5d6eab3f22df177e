"""Which page of the wiki a row means: the same, a new one, or one that a person must look at.

The same: the name (or another name of the page) is equal but for case and accents, and so are
the pages that the mapping matches by (a ride's park), as far as both sides tell them. In doubt:
the name is only alike, or equal names leave several pages to choose from.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from versioning.entities.kinds import Kind
from wiki.imports.coasters import namesakes

ALIKE = 0.86
"""How alike two names must be (of 1) to be looked at by a person."""

_FILLERS = frozenset({"the", "a", "and", "of", "rides", "roller", "coaster", "inc", "gmbh"})


def folded(name: str) -> str:
    """A name without case, accents and punctuation."""
    kept = (each if each.isalnum() else " " for each in namesakes.folded(name))
    return " ".join("".join(kept).split())


@dataclass(frozen=True)
class Match:
    """What a name means: a page, no page yet, or several pages that it may be."""

    page_id: UUID | None = None
    doubtful: tuple[str, ...] = ()


@dataclass
class Known:
    """A page of the wiki: its name, and what it is matched by."""

    page_id: UUID
    name: str
    by: Mapping[str, Any] = field(default_factory=dict)


class Pages:
    """The pages of one kind at this viewpoint, by name. Cost: one query; names in memory."""

    def __init__(self, kind: Kind, match_by: Sequence[str] = ()) -> None:
        self._by_name: dict[str, list[Known]] = defaultdict(list)
        self._by_word: dict[str, set[str]] = defaultdict(set)
        columns = [f"{name}_id" for name in match_by]
        rows: Any = kind.model._default_manager.order_by("id")
        for page_id, name, names, *by in rows.values_list("id", "name", "names", *columns):
            told = dict(zip(match_by, (each and str(each) for each in by), strict=True))
            known = Known(page_id, name, told)
            for each in {name, *(item.name for item in names)}:
                self.add(each, known)

    def add(self, name: str, known: Known) -> None:
        """Let a name be found."""
        plain = folded(name)
        if known not in self._by_name[plain]:
            self._by_name[plain].append(known)
        for word in _words(plain):
            self._by_word[word].add(plain)

    def match(self, name: str, by: Mapping[str, str | None]) -> Match:
        """What a name means, where `by` says what else is told."""
        same = self._by_name.get(folded(name), [])
        fitting = [known for known in same if _agree(known.by, by)]
        sure = [known for known in fitting if _tell_alike(known.by, by)]
        if len(sure) == 1 or (not sure and len(fitting) == 1):
            return Match((sure or fitting)[0].page_id)
        if fitting:
            return Match(doubtful=_names(fitting))
        return Match(doubtful=_names(self._alike(folded(name), by)))

    def _alike(self, plain: str, by: Mapping[str, str | None]) -> list[Known]:
        candidates = {name for word in _words(plain) for name in self._by_word[word]}
        return [
            known
            for name in sorted(candidates - {plain})
            if SequenceMatcher(None, plain, name).ratio() >= ALIKE
            for known in self._by_name[name]
            if _agree(known.by, by)
        ]


def _words(plain: str) -> set[str]:
    """How the words of a name begin: names that are alike share one of these."""
    words = plain.split()
    return {word[:3] for word in [w for w in words if w not in _FILLERS] or words}


def _agree(one: Mapping[str, Any], other: Mapping[str, str | None]) -> bool:
    """Nothing that both tell differs."""
    return all(
        one.get(name) is None or value is None or one[name] == value
        for name, value in other.items()
    )


def _tell_alike(one: Mapping[str, Any], other: Mapping[str, str | None]) -> bool:
    return all(one.get(name) == value for name, value in other.items())


def _names(found: Iterable[Known]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(known.name for known in found))
