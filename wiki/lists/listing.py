"""Lists of a kind: narrowed, ordered, read a key at a time; counted up to a bound."""

import json
import string
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q, QuerySet
from django.http import QueryDict

from versioning.entities.kinds import DocumentField, kind_of
from wiki.filters.limits import ordered_by
from wiki.filters.narrowing import Question, questions_of
from wiki.filters.unreadable import Unreadable
from wiki.lists.columns import is_figure
from wiki.pages.models import Page
from wiki.requests.refusals import RequestRefused

PAGE_SIZE = 50
_NO_PLACE = "The address goes on from a place that is not in this list."

LONGEST_ANSWER = 200

LETTERS = string.ascii_uppercase

MOST_COUNTED = 10_000
"""Pages that are counted for a list, at most: what it costs does not grow with the wiki."""


@dataclass(frozen=True)
class Answer:
    """What an address answers to a question; and why that cannot be read, where it cannot."""

    question: Question
    text: str
    refusal: Unreadable | None = None


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list: a question, or one for each end of a range."""

    label: str
    answers: tuple[Answer, ...]

    @property
    def is_used(self) -> bool:
        return any(each.text for each in self.answers)


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list."""

    filters: tuple[Filter, ...]
    order: str
    orders: tuple[str, ...]
    after: str
    letter: str = ""
    """Where a list by name begins."""

    @property
    def answers(self) -> list[Answer]:
        """Those that were given."""
        return [answer for each in self.filters for answer in each.answers if answer.text]

    @property
    def is_filtered(self) -> bool:
        return bool(self.answers)

    @property
    def refusals(self) -> list[Unreadable]:
        """What was wrong with answers."""
        return [answer.refusal for answer in self.answers if answer.refusal]

    @property
    def query(self) -> dict[str, str]:
        """What leads to this list again, from its beginning."""
        kept = {each.question.name: each.text for each in self.answers}
        return kept if self.order == self.orders[0] else {**kept, "order": self.order}

    def key(self) -> tuple[str, ...]:
        """All of it, for the cache."""
        said = (f"{name}={text}" for name, text in self.query.items())
        return (*said, f"letter={self.letter}", f"after={self.after}")

    def address(self, **changed: str) -> str:
        """The query of the list from its beginning, but for what is changed."""
        query = {name: text for name, text in {**self.query, **changed}.items() if text}
        return f"?{urlencode(query)}"


@dataclass(frozen=True)
class Listing:
    """A page of a list, and the query that leads to the next one."""

    pages: list[Page]
    next: str
    ahead: int = 0
    """Of a ranking: how many come before."""
    highest: Any = None
    """Of a ranking: what the first of all has."""


def read_query(model: type[Page], query: QueryDict) -> Asked:
    """What an address asks of a kind's list; what was typed and cannot be read says so itself.

    Asks no database. Raises RequestRefused for an order, a letter or a choice that there is not.
    """
    order = query.get("order") or next(iter(model.list_orders))
    letter = query.get("letter", "")
    if letter and letter not in LETTERS:
        raise RequestRefused("A list by name begins at a letter from A to Z.")
    if order not in model.list_orders:
        raise RequestRefused(
            f"There is no order called {order!r}.",
            hint=f"Choose one of these: {', '.join(model.list_orders)}.",
        )
    filters = tuple(
        Filter(label, tuple(_answer(each, query.get(each.name, "")) for each in questions))
        for label, questions in questions_of(model)
    )
    return Asked(filters, order, tuple(model.list_orders), query.get("after", ""), letter)


def columns_of(model: type[Page], asked: Asked) -> list[DocumentField]:
    """The facts that a list shows: those of its kind, and what it is ranked by, if that is another.

    Asks no database.
    """
    kind, ranked_by = kind_of(model), model.list_orders[asked.order].removeprefix("-")
    shown = [kind.fields[name] for name in model.list_columns]
    ranked = [f for f in kind.fields.values() if ordered_by(f) == ranked_by]
    return [*shown, *(f for f in ranked if f not in shown)]


def listing(model: type[Page], asked: Asked) -> Listing:
    """The part of a list that is asked for. Raises RequestRefused.

    Cost: one query, one more for each filter by a page, and one behind the first page of a ranking.
    """
    field = model.list_orders[asked.order]
    shown = (*(f.name for f in columns_of(model, asked)), field.removeprefix("-"))
    of_list = all_of(model, asked)
    rows, ahead, highest = of_list.only("slug", "name", *shown), 0, None
    if asked.letter and field == "name":
        rows = rows.filter(name__gte=asked.letter)
    if asked.after:
        beyond = _beyond(model, field, asked.after)
        rows = rows.filter(beyond)
        if is_ranking(model, asked):
            ahead, highest = _ahead(of_list.exclude(beyond), field)
    pages = list(rows[: PAGE_SIZE + 1])
    following = ""
    if len(pages) > PAGE_SIZE:
        following = "?" + urlencode({**asked.query, "after": _key(pages[PAGE_SIZE - 1], field)})
    if highest is None and pages and is_ranking(model, asked):
        highest = getattr(pages[0], field.removeprefix("-"))
    return Listing(pages[:PAGE_SIZE], following, ahead, highest)


def is_ranking(model: type[Page], asked: Asked) -> bool:
    """Whether a list goes from the largest figure down, so that its rows have ranks."""
    field = model.list_orders[asked.order]
    ranked = (f for f in kind_of(model).fields.values() if ordered_by(f) == field[1:])
    return field.startswith("-") and any(is_figure(f) for f in ranked)


def _ahead(rows: "QuerySet[Any]", field: str) -> tuple[int, Any]:
    """How many rows there are, as far as is counted, and the highest of their figures."""
    counted = rows.order_by(field)[:MOST_COUNTED].aggregate(
        ahead=Count("pk"), highest=Max(field.removeprefix("-"))
    )
    return counted["ahead"], counted["highest"]


def all_of(model: type[Page], asked: Asked) -> "QuerySet[Any]":
    """Every page that a list holds, in its order. Raises RequestRefused.

    Cost: a query for each filter by a page.
    """
    rows: QuerySet[Any] = model._default_manager.all()
    for answer in asked.answers:
        rows = rows.filter(answer.question.condition(answer.question.read(answer.text)))
    return _in_order(rows, model.list_orders[asked.order])


def _answer(question: Question, text: str) -> Answer:
    text = text.strip()[:LONGEST_ANSWER]
    if not text:
        return Answer(question, text)
    try:
        value = question.read(text)
    except Unreadable as refusal:
        if question.choices:
            raise  # nobody typed it
        return Answer(question, text, refusal)
    # A choice in its own spelling: `de` is the address of `DE`.
    return Answer(question, value if question.choices else text)


def _in_order(rows: "QuerySet[Any]", field: str) -> "QuerySet[Any]":
    """By an index. A ranking leaves out what it knows nothing of."""
    name = field.removeprefix("-")
    if rows.model._meta.get_field(name).null:
        rows = rows.filter(**{f"{name}__isnull": False})
    return rows.order_by(field, "-id" if field.startswith("-") else "id")


def _key(page: Page, field: str) -> str:
    """Where a page stands in the order, for the address of what follows it."""
    value = getattr(page, field.removeprefix("-"))
    settled = value if value is None or isinstance(value, int | float | str) else str(value)
    return json.dumps([settled, str(page.pk)], ensure_ascii=False)


def _beyond(model: type[Page], field: str, key: str) -> Q:
    """What comes after a key. Raises RequestRefused."""
    name = field.removeprefix("-")
    try:
        text, page_id = json.loads(key)
        column: Any = model._meta.get_field(name)
        value = getattr(column, "output_field", column).to_python(text)
        side = "lt" if field.startswith("-") else "gt"
        same = Q(**{name: value, f"id__{side}": UUID(page_id)})
    except (ValueError, TypeError, ValidationError, AttributeError, RecursionError):
        raise RequestRefused(_NO_PLACE) from None
    if value is None or "\0" in str(value):
        raise RequestRefused(_NO_PLACE)
    # Said as one range as well, at which an index can begin.
    return Q(**{f"{name}__{side}e": value}) & (Q(**{f"{name}__{side}": value}) | same)


def matching(model: type[Page], text: str, limit: int = 8) -> list[Mapping[str, Any]]:
    """Pages that begin with a text, for suggestions while typing: names, addresses, and `told`,
    which is the name, or the address where two of them have one name.
    """
    text = text.replace("\0", "").strip()[:100]
    if not text:
        return []
    found = model._default_manager.filter(Q(name__istartswith=text) | Q(slug__startswith=text))
    rows = list(found.order_by("name", "id").values("name", "slug")[:limit])
    names = Counter(row["name"] for row in rows)
    return [
        {**row, "told": row["name"] if names[row["name"]] == 1 else row["slug"]} for row in rows
    ]
