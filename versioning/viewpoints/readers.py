"""Who reads: branches that are private are there for their members alone.

    with reading_as(account_id):  # None: somebody without an account
        Branch.objects.all()      # without the private branches of others

Where nobody said who reads, the system does, which finds everything: commands that run by
themselves, imports, what follows the log. Whether a branch is private, and whose, is what main's
head says now, at whatever moment one looks.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db.models import BooleanField, F, Func, Model, QuerySet

from eventstore.sqlfiles import statement

NOBODY = 0
"""The key of no account."""

Account = int | None

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class _Reader:
    account: Callable[[], Account]
    shown: tuple[int, ...] = ()
    """Branches that are read by now, whoever reads: a viewpoint's own."""


_reader: ContextVar[_Reader | None] = ContextVar("reader", default=None)


@contextmanager
def reading_as(account: Account | Callable[[], Account]) -> Iterator[None]:
    """What is read inside is read for an account, or for nobody's (None).

    A callable is asked where the answer counts, and not before.
    """
    yield from _reading(_Reader(account if callable(account) else lambda: account))


@contextmanager
def reading_everything() -> Iterator[None]:
    """What is read inside is read for the system, whoever asked for what it does."""
    yield from _reading(None)


@contextmanager
def reading_alike(branches: Iterable[int]) -> Iterator[None]:
    """What is read inside is the same for all who may read these branches."""
    yield from _reading(_Reader(lambda: None, tuple(branches)))


def _reading(reader: _Reader | None) -> Iterator[None]:
    token = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(token)


@cache
def _overseers() -> list[str]:
    """The one statement, or none: a list, because the application brings it as it starts."""
    return []


def register_overseers(query: str) -> None:
    """Give the SELECT that finds an account (`%s`) if it may read every private branch."""
    _overseers()[:] = [query]


def hidden_branches(column: str) -> tuple[str, list[Any]] | None:
    """The SELECT of a column of all branches that who reads may not see, with its parameters.

    None where everything is read.
    """
    reader = _reader.get()
    if reader is None:
        return None
    account = reader.account() or NOBODY
    overseers = _overseers()
    asked = f"EXISTS ({overseers[0]})" if overseers else "false"
    parameters = [account, *[account for _ in overseers], list(reader.shown)]
    return _HIDDEN.format(column=column, is_overseer=asked), parameters


_HIDDEN = statement(__file__, "hidden_branches")


class _IsOfHidden(Func):
    """Whether an expression is among what a SELECT finds."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, told: Any, found: str, parameters: Iterable[Any]) -> None:
        super().__init__(told)
        self._found, self._parameters = found, tuple(parameters)

    def as_sql(
        self, compiler: Any, connection: Any, *_: Any, **__: Any
    ) -> tuple[str, tuple[Any, ...]]:
        told, parameters = compiler.compile(self.source_expressions[0])
        return f"{told} IN ({self._found})", (*parameters, *self._parameters)


def without_hidden(rows: "QuerySet[M]", field: str, column: str) -> "QuerySet[M]":
    """Rows but for those whose field tells, by a column of its, a branch that is hidden.

    No query more: a condition on a small index, where anybody said who reads.
    """
    hidden = hidden_branches(column)
    return rows if hidden is None else rows.filter(~_IsOfHidden(F(field), *hidden))
