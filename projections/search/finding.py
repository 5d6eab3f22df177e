"""The questions: what has these words, what is called like this, what goes on like this."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from eventstore.sqlfiles import statement
from eventstore.types import Position
from projections.search.terms import Term, wording
from projections.search.visible import Visible, visible_at
from versioning.viewpoints.visibility import Link

Bound = Decimal | date

LIKENESS = 0.35
"""How many of a word's triples of letters a name must have to be taken for a typo of it."""

NEARLY_AS_LIKE = 0.8
"""How like a name must be, of how like the likest one is, to stand beside it."""

BEGINS_SO = 2
"""The tier whose hits have a name that goes on from what was asked."""

NOT_BY_NAME = 5
"""The tier whose hits do not have the words in their names."""


@dataclass(frozen=True)
class Narrowing:
    """What hits must be: one of some values in each facet, within each range.

    `through` says of a facet that a hit may have it by another entity that it
    refers to: `{"country": "park"}` lets a ride be where its park is.
    """

    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[Bound | None, Bound | None]] = field(default_factory=dict)
    through: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.facets or self.ranges)


@dataclass(frozen=True)
class Hit:
    """An entity that was found; `was` is its former title, where only that has the words."""

    kind: str
    entity_id: UUID
    title: str
    was: str = ""


@dataclass(frozen=True)
class Found:
    """A page of hits, how many there are, and how many have each facet.

    `words` are what was looked for, folded, to mark it in texts; `is_by_name`
    says that they stand in a name of the best hit of the page. `known_upto` is
    a position where what is searched ends before the viewpoint.
    """

    hits: Sequence[Hit] = ()
    total: int = 0
    counts: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    words: Sequence[str] = ()
    known_upto: Position | None = None
    is_by_name: bool = False


VALUES_OF_A_FACET = 12
"""Values of a facet that are counted out, the most frequent first."""

MOST_RANKED = 2_000
"""Hits up to which the words of texts are weighed; of more, names alone decide."""

_FIND = statement(__file__, "find")

_NOTHING_THROUGH = "SELECT * FROM counted WHERE false"

_THROUGH = statement(__file__, "find_through")

_BY_FORMER_NAME = statement(__file__, "find_by_former_name")

_WAS = statement(__file__, "former_title")

# The very name, another name of it, begins so, has the words in a name, has their beginnings there.
_TIER = """
CASE WHEN split_part(hit.folded, E'\\n', 1) = %(plain)s THEN 0
     WHEN %(plain)s = ANY (string_to_array(hit.folded, E'\\n')) THEN 1
     WHEN starts_with(hit.folded, %(plain)s) THEN {begins}
     WHEN hit.called @@ to_tsquery('pg_catalog.simple', %(exact)s) THEN 3
     WHEN hit.called @@ to_tsquery('pg_catalog.simple', %(prefixes)s) THEN 4
     ELSE {not_by_name} END
"""


def find(
    terms: Sequence[Term],
    narrowing: Narrowing,
    chain: Sequence[Link],
    *,
    limit: int,
    offset: int = 0,
) -> Found:
    """The best hits at a viewpoint: names before facts before texts. Nothing asked finds nothing.

    Cost: two queries, whatever there is; a viewpoint whose last events were not
    taken over yet, one or two more.
    """
    seen = visible_at(chain, [term.text for term in terms])
    asked = wording(terms, seen.folded)
    if not asked.prefixes and (any(seen.folded) or terms or not narrowing):
        return Found(known_upto=seen.known_upto)
    conditions, parameters = _narrowed(narrowing, seen)
    once = {
        "source": seen.source,
        "once": seen.held_once("former"),
        "over": seen.is_over("former"),
    }
    query = "to_tsquery('pg_catalog.simple', %(prefixes)s)"
    statement = _FIND.format(
        with_sql=seen.with_sql,
        source=seen.source,
        holds=seen.holds("e"),
        narrowed=conditions,
        worded=f"AND (e.words @@ {query} OR {_BY_FORMER_NAME.format(**once)})"
        if asked.prefixes
        else "",
        rank=_TIER.format(begins=BEGINS_SO, not_by_name=NOT_BY_NAME) if asked.prefixes else "0",
        weight=f"ts_rank(hit.words, {query}, 1)" if asked.prefixes else "0",
        was=_WAS.format(**once) if asked.prefixes else "NULL",
        through=_through(narrowing, seen),
        most=MOST_RANKED,
        values=VALUES_OF_A_FACET,
        begins=BEGINS_SO,
        not_by_name=NOT_BY_NAME,
    )
    ((total, hits, counts, is_by_name),) = _rows(
        statement,
        {**seen.parameters, **parameters, "plain": asked.plain, "prefixes": asked.prefixes,
         "exact": asked.exact, "limit": limit, "offset": offset},
    )  # fmt: skip
    counted: dict[str, list[tuple[str, int]]] = {}
    for name, value, count in json.loads(counts or "[]"):
        counted.setdefault(name, []).append((value, int(count)))
    return Found(_hits(hits), total, counted, asked.plain.split(), seen.known_upto, is_by_name)


_SIMILAR = statement(__file__, "find_similar")


def find_similar(
    terms: Sequence[Term], narrowing: Narrowing, chain: Sequence[Link], *, limit: int
) -> Sequence[Hit]:
    """What is called almost as was asked, the most similar first: for words with a typo.

    Cost: three queries, of which one reads an index of all names.
    """
    seen = visible_at(chain, [term.text for term in terms])
    plain = wording(terms, seen.folded).plain
    return _similar(plain, narrowing, seen, limit) if plain else ()


def _similar(plain: str, narrowing: Narrowing, seen: Visible, limit: int) -> Sequence[Hit]:
    conditions, parameters = _narrowed(narrowing, seen)
    statement = _SIMILAR.format(
        with_sql=seen.with_sql,
        source=seen.source,
        holds=seen.holds("e"),
        narrowed=conditions,
        nearly=NEARLY_AS_LIKE,
    )
    with transaction.atomic():
        _rows("SELECT set_config('pg_trgm.word_similarity_threshold', %(at)s, true)",
              {"at": str(LIKENESS)})  # fmt: skip
        ((hits,),) = _rows(
            statement, {**seen.parameters, **parameters, "plain": plain, "limit": limit}
        )
    return _hits(hits)


_SUGGEST = statement(__file__, "suggest")

SHORTEST_TYPO = 5
"""Letters from which on what nothing is called so may be a name with a typo."""


def suggest(terms: Sequence[Term], chain: Sequence[Link], *, limit: int) -> Sequence[Hit]:
    """Names that go on from what somebody is typing, or are nearly so; exact ones first.

    Cost: two queries; two more where nothing is called so.
    """
    seen = visible_at(chain, [term.text for term in terms])
    asked = wording(terms, seen.folded, is_typing=True)
    if not asked.prefixes:
        return ()
    statement = _SUGGEST.format(with_sql=seen.with_sql, source=seen.source, holds=seen.holds("e"))
    ((hits,),) = _rows(
        statement,
        {**seen.parameters, "plain": asked.plain, "prefixes": asked.prefixes, "limit": limit},
    )
    if hits or len(asked.plain) < SHORTEST_TYPO:
        return _hits(hits)
    return _similar(asked.plain, Narrowing(), seen, limit)


def _narrowed(narrowing: Narrowing, seen: Visible) -> tuple[str, dict[str, Any]]:
    """The condition on an entry `e`, with its parameters."""
    conditions, parameters = ["true"], dict[str, Any]()
    for number, (name, values) in enumerate(narrowing.facets.items()):
        key = f"facets_{number}"
        parameters[key] = [f"{name}={value}" for value in values]
        condition = f"e.facets && %({key})s::text[]"
        if reference := narrowing.through.get(name):
            parameters[f"{key}_through"] = f"{reference}="
            condition = (
                f"({condition} OR e.facets && ARRAY(SELECT %({key}_through)s || other.entity_id"
                f" FROM {seen.source} AS other WHERE other.facets && %({key})s::text[]"
                f" AND {seen.holds('other')}))"
            )
        conditions.append(condition)
    for number, (name, bounds) in enumerate(narrowing.ranges.items()):
        key = f"range_{number}"
        parameters[key] = name
        for sign, side, bound in ((">=", "from", bounds[0]), ("<=", "to", bounds[1])):
            if bound is not None:
                conditions.append(f"{_number(key, bound)} {sign} %({key}_{side})s")
                # Dates are kept as ISO texts, which are in order as they stand.
                parameters[f"{key}_{side}"] = (
                    bound.isoformat() if isinstance(bound, date) else bound
                )
    return " AND ".join(conditions), parameters


def _number(key: str, bound: Bound) -> str:
    value = f"e.numbers -> %({key})s"
    if isinstance(bound, date):
        return f"(e.numbers ->> %({key})s)"
    return f"(CASE jsonb_typeof({value}) WHEN 'number' THEN ({value})::numeric END)"


def _through(narrowing: Narrowing, seen: Visible) -> str:
    selects = [
        _THROUGH.format(
            name=f"'{name}'",
            field=f"'{reference}'",
            # Other facets' values are no ids: what is no reference must not be read as one.
            referred=f"e.entity_id = CASE counted.name WHEN '{reference}'"
            " THEN counted.value::uuid END",
            source=seen.source,
            holds=seen.holds("e"),
        )
        for name, reference in narrowing.through.items()
    ]
    return " UNION ALL ".join(selects) or _NOTHING_THROUGH


def _hits(rows: str | None) -> list[Hit]:
    return [
        Hit(kind, UUID(key), title, was or "") for kind, key, title, was in json.loads(rows or "[]")
    ]


def _rows(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
