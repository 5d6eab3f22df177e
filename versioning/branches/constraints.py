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

from eventstore.types import Position
from eventstore.unfit import saying_what_is_unfit
from versioning.entities.kinds import Document, Kind
from versioning.viewpoints.visibility import Link, SqlNumbers

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
        """What is wrong where two entities share it; which is the other one goes behind."""
        what = kind.model._meta.verbose_name
        labels = [kind.fields[name].label for name in self.fields]
        return f"Another {what} has this {' and '.join(labels)} already"


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
    generated: Mapping[str, Fragment]
    """Generated columns that one of them looks at, and what each is made of."""

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields of a document that any of them looks at."""
        return self.unique_fields.union(*(check.fields for check in self.checks))

    @cached_property
    def unique_fields(self) -> frozenset[str]:
        """Those that a unique rule looks at."""
        return frozenset(name for rule in self.unique for name in rule.fields)


@dataclass(frozen=True)
class Clash:
    """Two entities that share what a unique rule is about.

    `row` tells by which version the other one does: its branch, and from where it is valid. None
    where both are among the documents that were asked about.
    """

    rule: str
    entity_id: UUID
    other_id: UUID
    row: tuple[int, Position] | None


# By model, and no longer than that: a migration's state makes models of its own.
_rules: WeakKeyDictionary[type[models.Model], RuleSet] = WeakKeyDictionary()


def rules_of(kind: Kind) -> RuleSet:
    """The constraints of a kind, read off its model once."""
    known = _rules.get(kind.model)
    if known is None:
        known = RuleSet(
            tuple(_unique_rules(kind)), tuple(_check_rules(kind)), dict(_generated(kind))
        )
        _rules[kind.model] = known
    return known


def unique_fields(kind: Kind) -> list[str]:
    """Fields of which each, by itself, no two entities of a kind may share."""
    rules = (rule for rule in rules_of(kind).unique if rule.condition is None)
    return list(dict.fromkeys(rule.fields[0] for rule in rules if len(rule.fields) == 1))


def broken_checks(
    kind: Kind, documents: Mapping[UUID, Document]
) -> dict[UUID, tuple[CheckRule, ...]]:
    """The checks that documents do not fulfil. Cost: a query, where the kind has any checks.

    Raises UnfitValue where PostgreSQL cannot compute one.
    """
    checks = rules_of(kind).checks
    if not checks or not documents:
        return {}
    rows, parameters = _as_rows(kind, documents)
    columns = ", ".join(f"({check.condition[0]}) IS FALSE" for check in checks)
    values = [value for check in checks for value in check.condition[1]]
    with saying_what_is_unfit([kind.model._meta.label]), connection.cursor() as cursor:
        cursor.execute(f'SELECT "id", {columns} FROM {rows}', [*values, *parameters])
        return {
            entity_id: tuple(check for check, it_is in zip(checks, broken, strict=True) if it_is)
            for entity_id, *broken in cursor.fetchall()
        }


def clashes(
    kind: Kind, rule: UniqueRule, documents: Mapping[UUID, Document], chain: Sequence[Link]
) -> list[Clash]:
    """Where documents share a unique rule's values, with each other or with others on a chain.

    A nearer branch may say otherwise of those others: see whether the chain shows their `row`.
    Cost: a query, by the index that the rule has in the version table. Raises UnfitValue where
    PostgreSQL cannot compute what must be unique.
    """
    query, parameters = clash_query(kind, rule, documents, chain)
    with saying_what_is_unfit([kind.model._meta.label]), connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [
            Clash(rule.name, mine, other, None if branch is None else (branch, Position(since)))
            for mine, other, branch, since in cursor.fetchall()
        ]


def clash_query(
    kind: Kind, rule: UniqueRule, documents: Mapping[UUID, Document], chain: Sequence[Link]
) -> tuple[str, list[Any]]:
    """What `clashes` asks, and its parameters; `manage.py sqlkind` prints it."""
    rows, row_parameters = _as_rows(kind, documents)
    wanted, wanted_parameters = _keys(rule, ['"id"'], rows, row_parameters)
    own = ["entity_id AS id", "branch_number", "valid_from"]
    on_chain = SqlNumbers(chain).holds("v")
    versions = (
        f"(SELECT v.*, v.entity_id AS id FROM {kind.versions} AS v"
        f" WHERE NOT deleted AND {on_chain}) AS v"
    )
    present, present_parameters = _keys(rule, own, versions, ())
    equals = "IS NOT DISTINCT FROM" if rule.nulls_are_equal else "="
    same = " AND ".join(
        f"wanted.key_{place} {equals} other.key_{place}" for place in range(len(rule.parts))
    )
    query = (
        f"WITH wanted AS MATERIALIZED ({wanted})"
        " SELECT wanted.id, other.id, other.branch_number, other.valid_from"
        f" FROM wanted JOIN ({present}) AS other ON {same} WHERE other.id <> ALL(%s)"
        " UNION ALL SELECT wanted.id, other.id, NULL, NULL"
        f" FROM wanted JOIN wanted AS other ON {same} AND wanted.id < other.id"
    )
    return query, [*wanted_parameters, *present_parameters, list(documents)]


def _keys(
    rule: UniqueRule, own: Sequence[str], rows: str, row_parameters: Sequence[Any]
) -> tuple[str, list[Any]]:
    """A query of the parts of a unique rule, for the rows that it concerns."""
    parameters: list[Any] = []
    columns = list(own)
    for place, (sql, values) in enumerate(rule.parts):
        columns.append(f"({sql}) AS key_{place}")
        parameters += values
    parameters += row_parameters
    where = ""
    if rule.condition is not None:
        where = f" WHERE ({rule.condition[0]})"
        parameters += rule.condition[1]
    return f"SELECT {', '.join(columns)} FROM {rows}{where}", parameters


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
    for column, (sql, values) in rules_of(kind).generated.items():
        parameters += values
        columns.append(f'({sql}) AS "{column}"')
    # PostgreSQL takes any set for a hundred rows, for which it may read a table whole; the limit
    # tells how many there are.
    table = (
        f"(SELECT {', '.join(columns)}"
        f" FROM jsonb_populate_recordset(NULL::{kind.versions}, %s::jsonb)"
        f" LIMIT {len(rows)}) AS documents"
    )
    return table, [*parameters, json.dumps(rows)]


def _unique_rules(kind: Kind) -> Iterator[UniqueRule]:
    meta = kind.model._meta
    for name in _unique_columns(kind):
        yield _unique(kind, f"{name} is unique", [F(name)])
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


def _unique_columns(kind: Kind) -> Iterator[str]:
    """The fields whose column is unique by itself; generated ones too."""
    concrete: list[Any] = list(kind.model._meta.concrete_fields)
    for field in concrete:
        if field.unique and not field.primary_key:
            yield field.name


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
    labels = [kind.fields[name].label for name in dict.fromkeys(_names(kind, constraint.condition))]
    return (
        f"The {' and '.join(labels)} of this {kind.model._meta.verbose_name} do not go "
        f"together like this (the rule {constraint.name})."
        if len(labels) > 1
        else f"This {kind.model._meta.verbose_name} may not have this {labels[0]} "
        f"(the rule {constraint.name})."
    )


def _generated(kind: Kind) -> Iterator[tuple[str, Fragment]]:
    meta = kind.model._meta
    named = [*_unique_columns(kind), *(name for names in meta.unique_together for name in names)]
    told = [*map(F, named)] + [
        part
        for constraint in meta.constraints
        for part in (
            *getattr(constraint, "expressions", ()),
            *(F(name) for name in getattr(constraint, "fields", ())),
            getattr(constraint, "condition", None),
        )
    ]
    wanted = {name for part in told for name in mentioned_in(part)}
    concrete: list[Any] = list(kind.model._meta.concrete_fields)
    for field in concrete:
        if field.generated and field.name in wanted:
            yield str(field.column), _compiled(kind, field.expression)


def _bare(part: Any) -> Any:
    """What an index orders or compares in a way of its own is equal in the same way."""
    if isinstance(part, str):
        return F(part)
    while isinstance(part, OrderBy | OpClass):
        (part,) = part.get_source_expressions()
    return part


def _names(kind: Kind, expression: Any) -> Iterator[str]:
    """The fields of a document that an expression looks at; those of a generated one's too."""
    concrete: list[Any] = list(kind.model._meta.concrete_fields)
    for name in mentioned_in(expression):
        for field in concrete:
            if name not in (field.name, field.attname):
                continue
            if field.generated:
                yield from _names(kind, field.expression)
            elif field.name in kind.fields:
                yield field.name


def mentioned_in(expression: Any) -> Iterator[str]:
    """The names of fields with which the lookups of an expression or a condition begin."""
    if isinstance(expression, str):
        yield expression.split(LOOKUP_SEP)[0]
    elif isinstance(expression, models.Q):
        for child in expression.children:
            if isinstance(child, tuple):
                yield child[0].split(LOOKUP_SEP)[0]
                # A text there is a value, and no name.
                yield from () if isinstance(child[1], str) else mentioned_in(child[1])
            else:
                yield from mentioned_in(child)
    elif isinstance(expression, F):
        yield str(getattr(expression, "name", "")).split(LOOKUP_SEP)[0]
    elif hasattr(expression, "get_source_expressions"):
        for source in expression.get_source_expressions():
            yield from mentioned_in(source)


def _compiled(kind: Kind, expression: Any) -> Fragment:
    """SQL about the columns of a row, without the name of any table."""
    query = Query(kind.model, alias_cols=False)
    if isinstance(expression, models.Q):
        resolved: Any = query.build_where(expression)
    else:
        resolved = expression.resolve_expression(query, allow_joins=False)
    sql, parameters = query.get_compiler(connection=connection).compile(resolved)
    return sql, tuple(parameters)
