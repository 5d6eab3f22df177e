"""A page's history narrowed to one fact, or to what one author did."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.http import urlencode

from eventstore.types import Position
from versioning.entities.kinds import Kind
from wiki.pages.changed import Pair
from wiki.pages.values import label_of
from wiki.requests.refusals import RequestRefused

NOT_ASKED_FOR = frozenset({"called", "links"})
"""Fields that follow from others."""


class NoSuchField(RequestRefused):
    """A field that pages of the kind do not have."""

    code = "no-such-field"
    hint = "Choose one from the form."


@dataclass(frozen=True)
class HistoryFilter:
    """What `?field=height&by=Ann` asks: versions that changed the field, that somebody wrote."""

    field: str = ""
    by: str = ""

    @property
    def is_used(self) -> bool:
        return bool(self.field or self.by)

    def address(self, before: int) -> str:
        """The query of the same from further back."""
        asked: dict[str, str | int] = {"field": self.field, "by": self.by, "before": before}
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"

    def fitting(
        self, pairs: Sequence[Pair], authors: Mapping[Position, str | None]
    ) -> Iterator[Pair]:
        """Those of some versions that fit; `authors` tells who wrote each, by its position."""
        for pair in pairs:
            wrote = (authors.get(pair.newer.valid_from) or "").casefold()
            if (not self.field or pair.changes(self.field)) and self.by.casefold() in ("", wrote):
                yield pair


def read_filter(query: QueryDict, kind: Kind) -> HistoryFilter:
    """The filter that an address asks for. Raises NoSuchField."""
    field = query.get("field", "")
    if field and field not in dict(fields_of(kind)):
        raise NoSuchField(f"These pages have no field {field[:40]!r}.")
    return HistoryFilter(field, " ".join(query.get("by", "").split()))


def fields_of(kind: Kind) -> list[tuple[str, str]]:
    """The fields that a history can be narrowed to, with their labels, by label."""
    told = [(f.name, label_of(f)) for f in kind.fields.values() if f.name not in NOT_ASKED_FOR]
    return sorted(told, key=lambda each: each[1].casefold())
