"""Changes between two moments, of all pages or of one kind: a page of them at a time."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode

from eventstore.models import Changeset
from eventstore.types import BEGINNING, Position
from versioning.changesets import changesets_of
from versioning.entities.kinds import kind_of
from versioning.viewpoints.chain import Viewpoint
from versioning.viewpoints.moments import Moment, read_moment
from versioning.viewpoints.versions import rows_in
from versioning.viewpoints.visibility import written_within
from wiki.changes.listed import counted
from wiki.kinds.registry import model_of
from wiki.requests.numbers import read_number

PAGE_SIZE = 50
MOST_VERSIONS = 500
"""Versions of a kind that are looked through for a page of changes: one may have written many."""


@dataclass(frozen=True)
class End:
    """An end of a span as the form asks for it; `name` is that of addresses."""

    name: str
    label: str
    typed: str

    @property
    def input_type(self) -> str:
        """A day is chosen; any other moment stays as the address has it."""
        return "date" if not self.typed or _day(self.typed) else "text"


@dataclass(frozen=True)
class Span:
    """The part of a branch's changes that an address asks for; `before` goes on within it.

    The ends are moments as they were typed, and None where none was.
    """

    typed: Mapping[str, str]
    since: Moment | None
    until: Moment | None
    before: int | None
    branch: int
    position: Position

    @property
    def of(self) -> str:
        """The kind of pages that are asked for; nothing for all."""
        return self.typed["of"]

    @property
    def is_narrowed(self) -> bool:
        return any(self.typed.values())

    @property
    def since_said(self) -> str:
        """Where it begins, in words; nothing where that was not typed."""
        return said(self.typed["from"], self.since)

    @property
    def until_said(self) -> str:
        """Where it ends, in words; nothing where that was not typed."""
        return said(self.typed["to"], self.until)

    @property
    def first(self) -> Position:
        """Changes are told behind this position, ..."""
        return self.since.position if self.since else BEGINNING

    @property
    def last(self) -> Position:
        """... and up to this one."""
        return min(self.until.position, self.position) if self.until else self.position

    def address(self, **changed: Any) -> str:
        """The query that asks the same, but for what is changed."""
        query = {name: value for name, value in ({**self.typed, **changed}).items() if value}
        return f"?{urlencode(query)}" if query else ""


def read_span(query: QueryDict, seen: Viewpoint) -> Span:
    """What `?from=&to=&of=` asks of a viewpoint's branch, in whichever order it names the ends.

    Raises NoSuchMoment, Http404.
    """
    branch, position = next(link for link in seen.chain if link[0] > 0)
    typed = {name: query.get(name, "").strip() for name in ("from", "to", "of")}
    if typed["of"]:
        model_of(typed["of"])
    before = read_number(query.get("before", "")) or None
    since, until = (_moment(typed[end]) for end in ("from", "to"))
    if since and until and since.position > until.position:
        since, until = until, since
        typed |= {"from": typed["to"], "to": typed["from"]}
    return Span(typed, since, until, before, branch, position)


def _moment(typed: str) -> Moment | None:
    return read_moment(typed.removeprefix("@")) if typed else None


def changes_of(span: Span) -> tuple[list[Any], str]:
    """A page of changesets, the newest first, and the query of the next one.

    Cost: one query; three more of a kind. However much was changed.
    """
    if span.of:
        return _changes_of_kind(span)
    found = Changeset.objects.filter(
        branch=span.branch, last_position__gt=span.first, last_position__lte=span.last
    )
    if span.before:
        found = found.filter(last_position__lt=span.before)
    page = list(counted(found).order_by("-last_position")[: PAGE_SIZE + 1])
    return page[:PAGE_SIZE], _next(span, page[:PAGE_SIZE]) if len(page) > PAGE_SIZE else ""


def _changes_of_kind(span: Span) -> tuple[list[Any], str]:
    """Those that wrote versions of the kind: as many as some hundred versions come to."""
    last = min(span.last, Position(span.before - 1)) if span.before else span.last
    within = written_within(span.branch, Position(span.first + 1), last)
    rows = rows_in(kind_of(model_of(span.of))).filter(within).order_by("-valid_from")
    positions = list(rows.values_list("valid_from", flat=True)[:MOST_VERSIONS])
    ids = dict.fromkeys(each.pk for each in reversed(changesets_of(positions).values()))
    shown = sorted(ids, reverse=True)[:PAGE_SIZE]
    page = list(counted(Changeset.objects.filter(pk__in=shown)).order_by("-last_position"))
    is_all = len(ids) <= PAGE_SIZE and len(positions) < MOST_VERSIONS
    return page, "" if is_all or not page else _next(span, page)


def _next(span: Span, page: list[Any]) -> str:
    return span.address(before=page[-1].first_position)


def said(typed: str, moment: Moment | None) -> str:
    """A moment in words: the day that was typed, or when what stood there was recorded."""
    if moment is None:
        return ""
    if day := _day(typed):
        return f"the end of {day:%-d %B %Y}"
    recorded_at = moment.recorded_at
    return f"{recorded_at:%-d %B %Y, %H:%M}" if recorded_at else "the beginning"


def _day(typed: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(typed)
    return None


def ends_of(query: QueryDict) -> list[End]:
    """Both ends as they were typed, right or wrong."""
    labels = {"from": "After the end of", "to": "Up to the end of"}
    return [End(name, label, query.get(name, "").strip()) for name, label in labels.items()]
