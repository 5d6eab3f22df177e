"""The constraints of a versioned model, as rules that hold on branches and in merges too.

A head table has them in PostgreSQL. A version table cannot: its rows stand beside those of other
moments and of other branches. What is equal, and what a condition says, only PostgreSQL knows
(collations, functions, decimals), so documents are handed to it as rows and it is asked.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from django.contrib.postgres.indexes import OpClass
from django.db import connection, models
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import F, OrderBy
from django.db.models.sql import Query

from versioning.entities.kinds import Document, Kind
from versioning.entities.versions import holding_in
from versioning.viewpoints.chain import Link

Fragment = tuple[str, tuple[Any, ...]]
"""SQL about the columns of a row, and its parameters."""


@dataclass(frozen=True)
class UniqueRule:
    """What no two entities of a kind may share: `parts` of a row, of the rows under a condition.

    `fields` are the fields of a document that it is made of.
    """

    name: str
    fields: tuple[str, ...]
    parts: tuple[Fragment, ...]
    condition: Fragment | None
    nulls_are_equal: bool

    def sentence(self, kind: Kind) -> str:
        """What is wrong where two entities share it."""
        what = kind.model._meta.verbose_name
        labels = [_label(kind, name) for name in self.fields]
        return f"Another {what} has this {' and '.join(labels)} already. Choose another one."


@dataclass(frozen=True)
class CheckRule:
    """What every row of a kind must fulfil (or leave unknown, as SQL's CHECK does)."""

    name: str
    fields: tuple[str, ...]
    condition: Fragment
    sentence: str


@dataclass(frozen=True)
class RuleSet:
    """The constraints of a kind."""

    unique: tuple[UniqueRule, ...]
    checks: tuple[CheckRule, ...]

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields of a document that any of them looks at."""
        return self.unique_fields.union(*(check.fields for check in self.checks))

    @cached_property
    def unique_fields(self) -> frozenset[str]:
        """Those that a unique rule looks at."""
        return frozenset(name for rule in self.unique for name in rule.fields)


@dataclass(frozen=True)
class Judgement:
    """What PostgreSQL says of one document.

    `keys` are equal where two documents share what a unique rule is about; a rule that does not
    concern the document is left out. `broken` are the checks that it does not fulfil.
    """

    keys: Mapping[str, int]
    broken: frozenset[str]


UNJUDGED = Judgement({}, frozenset())
"""What is said of a document that no constraint concerns."""

# By model, and no longer than that: a migration's state makes models of its own.
_rules: WeakKeyDictionary[type[models.Model], RuleSet] = WeakKeyDictionary()


def rules_of(kind: Kind) -> RuleSet:
    """The constraints of a kind, read off its model once."""
    known = _rules.get(kind.model)
    if known is None:
        known = RuleSet(tuple(_unique_rules(kind)), tuple(_check_rules(kind)))
        _rules[kind.model] = known
    return known


def unique_fields(kind: Kind) -> list[str]:
    """Fields of which each, by itself, no two entities of a kind may share."""
    rules = (rule for rule in rules_of(kind).unique if rule.condition is None)
    return list(dict.fromkeys(rule.fields[0] for rule in rules if len(rule.fields) == 1))


def judge(kind: Kind, documents: Mapping[UUID, Document]) -> dict[UUID, Judgement]:
    """What each document means for the kind's constraints, the others beside it. Cost: a query."""
    rules = rules_of(kind)
    if not documents or not rules.fields:
        return {}
    parameters: list[Any] = []
    columns = [_key_column(rule, parameters) for rule in rules.unique]
    for check in rules.checks:
        sql, values = check.condition
        columns.append(f"({sql}) IS FALSE")
        parameters += values
    rows, row_parameters = _as_rows(kind, documents)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "id", {", ".join(columns)} FROM {rows}', [*parameters, *row_parameters]
        )
        found = cursor.fetchall()
    many = len(rules.unique)
    return {
        entity_id: Judgement(
            {
                rule.name: key
                for rule, key in zip(rules.unique, said[:many], strict=True)
                if key is not None
            },
            frozenset(
                check.name
                for check, is_broken in zip(rules.checks, said[many:], strict=True)
                if is_broken
            ),
        )
        for entity_id, *said in found
    }


def holders(
    kind: Kind, rule: UniqueRule, documents: Mapping[UUID, Document], chain: Sequence[Link]
) -> set[UUID]:
    """Entities that may share a unique rule's values with any of the documents on a chain.

    A nearer branch may say otherwise of them: look at them as the chain shows them. Cost: a
    query, by the index that the rule has in the version table.
    """
    rows, row_parameters = _as_rows(kind, documents)
    wanted, wanted_parameters = _keys(rule, '"id"', rows, row_parameters)
    on_chain, at = holding_in(chain)
    versions = f"(SELECT * FROM {kind.versions} AS v WHERE NOT deleted AND {on_chain}) AS v"
    present, present_parameters = _keys(rule, "entity_id", versions, at)
    equals = "IS NOT DISTINCT FROM" if rule.nulls_are_equal else "="
    same = " AND ".join(
        f"wanted.key_{place} {equals} present.key_{place}" for place in range(len(rule.parts))
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT present.id FROM ({wanted}) AS wanted"
            f" JOIN ({present}) AS present ON {same} WHERE present.id <> ALL(%s)",
            [*wanted_parameters, *present_parameters, list(documents)],
        )
        return {entity_id for (entity_id,) in cursor.fetchall()}


def _keys(
    rule: UniqueRule, own_id: str, rows: str, row_parameters: Sequence[Any]
) -> tuple[str, list[Any]]:
    """A query of the parts of a unique rule, for the rows that it concerns."""
    parameters: list[Any] = []
    columns = [f"{own_id} AS id"]
    for place, (sql, values) in enumerate(rule.parts):
        columns.append(f"({sql}) AS key_{place}")
        parameters += values
    parameters += row_parameters
    where = ""
    if rule.condition is not None:
        where = f" WHERE ({rule.condition[0]})"
        parameters += rule.condition[1]
    return f"SELECT {', '.join(columns)} FROM {rows}{where}", parameters


def _key_column(rule: UniqueRule, parameters: list[Any]) -> str:
    """A number that rows have in common where they share what the rule is about."""
    concerned = []
    if rule.condition is not None:
        concerned.append(f"({rule.condition[0]})")
        parameters += rule.condition[1]
    if not rule.nulls_are_equal:
        for sql, values in rule.parts:
            concerned.append(f"({sql}) IS NOT NULL")
            parameters += values
    order = []
    for sql, values in rule.parts:
        order.append(f"({sql})")
        parameters += values
    rank = f"dense_rank() OVER (ORDER BY {', '.join(order)})"
    return f"CASE WHEN {' AND '.join(concerned)} THEN {rank} END" if concerned else rank


def _as_rows(kind: Kind, documents: Mapping[UUID, Document]) -> tuple[str, list[Any]]:
    """Documents as rows of the kind's table, with the columns that its constraints look at."""
    names = sorted(rules_of(kind).fields)
    rows = [
        {
            "entity_id": str(entity_id),
            **kind.row({name: document[name] for name in names if name in document}),
        }
        for entity_id, document in documents.items()
    ]
    columns = ["entity_id AS id", *(f'"{kind.fields[name].column}"' for name in names)]
    parameters: list[Any] = []
    concrete: list[Any] = list(kind.model._meta.concrete_fields)
    for field in concrete:
        if field.generated and set(_names(kind, field.expression)) <= set(names):
            sql, values = _compiled(kind, field.expression)
            parameters += values
            columns.append(f'({sql}) AS "{field.column}"')
    table = (
        f"(SELECT {', '.join(columns)}"
        f" FROM jsonb_populate_recordset(NULL::{kind.versions}, %s::jsonb)) AS documents"
    )
    return table, [*parameters, json.dumps(rows)]


def _unique_rules(kind: Kind) -> Iterator[UniqueRule]:
    meta = kind.model._meta
    for f in kind.column_fields:
        if f.model_field.unique and not f.model_field.primary_key:
            yield _unique(kind, f"{f.name} is unique", [F(f.name)])
    for names in meta.unique_together:
        yield _unique(kind, f"{', '.join(names)} are unique", [F(name) for name in names])
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield _unique(
                kind,
                constraint.name,
                constraint.expressions or [F(name) for name in constraint.fields],
                constraint.condition,
                nulls_are_equal=constraint.nulls_distinct is False,
            )


def _unique(
    kind: Kind,
    name: str,
    parts: Iterable[Any],
    condition: models.Q | None = None,
    *,
    nulls_are_equal: bool = False,
) -> UniqueRule:
    parts = [_bare(part) for part in parts]
    told = [*parts, *([condition] if condition is not None else [])]
    return UniqueRule(
        name,
        tuple(dict.fromkeys(each for part in told for each in _names(kind, part))),
        tuple(_compiled(kind, part) for part in parts),
        None if condition is None else _compiled(kind, condition),
        nulls_are_equal,
    )


def _check_rules(kind: Kind) -> Iterator[CheckRule]:
    for constraint in kind.model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            yield CheckRule(
                constraint.name,
                tuple(dict.fromkeys(_names(kind, constraint.condition))),
                _compiled(kind, constraint.condition),
                _check_sentence(kind, constraint),
            )


def _check_sentence(kind: Kind, constraint: models.CheckConstraint) -> str:
    """The model's own words, where it has any."""
    message = str(constraint.get_violation_error_message())
    if constraint.violation_error_message != constraint.default_violation_error_message:
        return message
    labels = [_label(kind, name) for name in dict.fromkeys(_names(kind, constraint.condition))]
    return (
        f"The {' and '.join(labels)} of this {kind.model._meta.verbose_name} may not be so "
        f"together (the rule {constraint.name})."
        if len(labels) > 1
        else f"This {kind.model._meta.verbose_name} may not have this {labels[0]} "
        f"(the rule {constraint.name})."
    )


def _label(kind: Kind, name: str) -> str:
    field = kind.fields[name].model_field
    return str(getattr(field, "verbose_name", None) or name)


def _bare(part: Any) -> Any:
    """What an index orders or compares in a way of its own is equal in the same way."""
    if isinstance(part, str):
        return F(part)
    while isinstance(part, OrderBy | OpClass):
        (part,) = part.get_source_expressions()
    return part


def _names(kind: Kind, expression: Any) -> Iterator[str]:
    """The fields of a document that an expression or a condition looks at."""
    if isinstance(expression, models.Q):
        for child in expression.children:
            if isinstance(child, tuple):
                yield from _field_names(kind, child[0])
                yield from _names(kind, child[1])
            else:
                yield from _names(kind, child)
    elif isinstance(expression, F):
        yield from _field_names(kind, str(getattr(expression, "name", "")))
    elif hasattr(expression, "get_source_expressions"):
        for source in expression.get_source_expressions():
            yield from _names(kind, source)


def _field_names(kind: Kind, lookup: str) -> Iterator[str]:
    """The field that a lookup begins with; of a generated one, what it is generated from."""
    name = lookup.split(LOOKUP_SEP)[0]
    concrete: list[Any] = list(kind.model._meta.concrete_fields)
    for field in concrete:
        if name in (field.name, field.attname):
            if field.generated:
                yield from _names(kind, field.expression)
            elif field.name in kind.fields:
                yield field.name


def _compiled(kind: Kind, expression: Any) -> Fragment:
    """SQL about the columns of a row, without the name of any table."""
    query = Query(kind.model, alias_cols=False)
    if isinstance(expression, models.Q):
        resolved: Any = query.build_where(expression)
    else:
        resolved = expression.resolve_expression(query, allow_joins=False)
    sql, parameters = query.get_compiler(connection=connection).compile(resolved)
    return sql, tuple(parameters)
