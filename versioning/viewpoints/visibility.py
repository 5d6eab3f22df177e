"""Which versions a chain of branches shows: the rule, once, as `Q` and as SQL.

A version **holds** where its branch is read at a position within `[valid_from, valid_to)`. Of an
entity, a chain **shows** the version that holds on the nearest of its branches; a tombstone among
them hides the entity, which is for whoever asks to say; so does a version that is **suppressed**.
What **lies behind** a chain is whatever had been written by then on one of its branches, whether or
not it still holds.

As SQL the rule reads the chain from wherever a statement has it: one branch, two arrays, or
numbers in the text itself. It is one scan with an anti-join, never UNION ALL, because ORDER BY
and LIMIT cannot be pushed into a union.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func, Q

from eventstore.types import Position
from versioning.entities.tables import LATEST

Link = tuple[int, Position]
"""A branch, and where it is read."""

AnyLink = tuple[int, Position | None]
"""The same, where None is the branch's head."""


def holding(branch: int, position: Position | None) -> Q:
    """Versions of a branch that hold at a position (or still)."""
    at = LATEST if position is None else position
    return Q(branch_number=branch, valid_from__lte=at, valid_to__gt=at)


def holding_on(chain: Iterable[AnyLink]) -> Q:
    """Versions that hold on any branch of a chain; `nearest` picks those that are shown."""
    condition = Q()
    for branch, position in chain:
        condition |= holding(branch, position)
    return condition


def lying_behind(chain: Iterable[Link]) -> Q:
    """Versions that were written on a branch of a chain up to where it is read."""
    condition = Q()
    for branch, position in chain:
        condition |= Q(branch_number=branch, valid_from__lte=position)
    return condition


def written_within(branch: int, first: Position, last: Position) -> Q:
    """Versions that were written on a branch from one position to another: a changeset's."""
    return Q(branch_number=branch, valid_from__gte=first, valid_from__lte=last)


def nearest(rows: Iterable[Any], chain: Sequence[AnyLink]) -> dict[Any, Any]:
    """Of rows that hold on a chain, the one that it shows of each entity, by the entity's id."""
    slots = slots_of(chain)
    shown: dict[Any, Any] = {}
    for row in rows:
        known = shown.get(row.entity_id)
        if known is None or slots[row.branch_number] < slots[known.branch_number]:
            shown[row.entity_id] = row
    return shown


def slots_of(chain: Sequence[AnyLink]) -> Mapping[int, int]:
    """The place of each branch in a chain; 0 is the nearest."""
    return {branch: slot for slot, (branch, _) in enumerate(chain)}


def is_within(row: str, position: str) -> str:
    """SQL: the position lies in the row's span."""
    return f"{row}.valid_from <= {position} AND {position} < {row}.valid_to"


SUPPRESSED = "public.versioning_suppressedversions"
"""The table of `SuppressedVersions`, as statements name it."""


def is_suppressed(entity: str, branch: str, position: str) -> str:
    """SQL: nobody reads the version that an entity had on a branch at a position."""
    return (
        f"EXISTS (SELECT FROM {SUPPRESSED} AS hidden WHERE hidden.entity_id = {entity}"
        f" AND hidden.branch_number = {branch}"
        f" AND hidden.first_position <= {position} AND {position} < hidden.end_position)"
    )


class IsSuppressed(Func):
    """The same of a row of a version table, as an expression."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, *_: Any) -> None:
        super().__init__(F("entity_id"), F("branch_number"), F("valid_from"))

    def as_sql(
        self, compiler: Any, *_arguments: Any, **_options: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        # By hand: a subquery of the ORM's takes half a millisecond to be written, in every save.
        columns = (compiler.compile(each)[0] for each in self.source_expressions)
        return is_suppressed(*columns), ()


class SqlChain(ABC):
    """A chain as a statement has it at hand, and the rule in its terms.

    A row of what `is_shown` is asked of is called as the caller says, and has the columns of a
    version table; `branch_column` is what it calls its branch.
    """

    branch_column = "branch_number"
    has_parents = True

    @abstractmethod
    def holds(self, row: str) -> str:
        """The row's branch is read, and at a position in the row's span."""

    @abstractmethod
    def is_nearer(self, row: str, than: str) -> str:
        """The row's branch is nearer than another row's, where both are on the chain."""

    @abstractmethod
    def position_of(self, row: str) -> str:
        """Where the row's branch is read."""

    def is_suppressed(self, row: str, entity: str = "entity_id") -> str:
        """Where the row's branch is read, nobody reads the entity's version on it."""
        return self._is_hidden(row, self.position_of(row), entity)

    def began_suppressed(self, row: str) -> str:
        """Nobody reads the version that the row began with."""
        return self._is_hidden(row, f"{row}.valid_from", "entity_id")

    def _is_hidden(self, row: str, position: str, entity: str) -> str:
        return is_suppressed(f"{row}.{entity}", f"{row}.{self.branch_column}", position)

    def is_overruled(self, row: str, versions: str, entity: str = "entity_id") -> str:
        """A version that holds on a nearer branch is shown in the row's place.

        `versions` is what they are among, `entity` the row's column with the entity's id.
        """
        return (
            f"EXISTS (SELECT FROM {versions} AS nearer WHERE nearer.entity_id = {row}.{entity}"
            f" AND {self._overrules('nearer', row)})"
        )

    def is_shown(self, row: str, versions: str, entity: str = "entity_id") -> str:
        """The row holds, may be read, and none overrules it."""
        readable = f"{self.holds(row)} AND NOT {self.is_suppressed(row, entity)}"
        if not self.has_parents:
            return readable
        return f"{readable} AND NOT {self.is_overruled(row, versions, entity)}"

    def _overrules(self, nearer: str, row: str) -> str:
        return f"{self.is_nearer(nearer, row)} AND {self.holds(nearer)}"


@dataclass(frozen=True)
class SqlBranch(SqlChain):
    """A chain of one, as two expressions."""

    branch: str
    position: str
    has_parents = False

    def holds(self, row: str) -> str:
        return f"{row}.{self.branch_column} = {self.branch} AND {is_within(row, self.position)}"

    def position_of(self, row: str) -> str:
        return self.position

    def is_nearer(self, row: str, than: str) -> str:
        return "false"


@dataclass(frozen=True)
class SqlArrays(SqlChain):
    """A chain of any length, as two arrays, the nearest branch first."""

    branches: str
    positions: str

    def holds(self, row: str) -> str:
        position = self.position_of(row)
        return f"{row}.{self.branch_column} = ANY({self.branches}) AND {is_within(row, position)}"

    def position_of(self, row: str) -> str:
        return f"({self.positions})[{self._slot(row)}]"

    def is_nearer(self, row: str, than: str) -> str:
        return f"{self._slot(row)} < {self._slot(than)}"

    def _slot(self, row: str) -> str:
        return f"array_position({self.branches}, {row}.{self.branch_column})"


@dataclass(frozen=True)
class SqlNumbers(SqlChain):
    """A chain whose numbers stand in the statement, for one that is planned anew anyway."""

    chain: Sequence[Link]
    branch_column: str = "branch_number"

    @property
    def has_parents(self) -> bool:  # type: ignore[override]
        return len(self.chain) > 1

    def holds(self, row: str) -> str:
        return any_of(self._holds(row, link) for link in self.chain)

    def is_nearer(self, row: str, than: str) -> str:
        return f"{self._slot(row)} < {self._slot(than)}"

    def lies_behind(self, row: str) -> str:
        """The row was written by then, on a branch of the chain."""
        return any_of(
            f"{row}.{self.branch_column} = {branch} AND {row}.valid_from <= {position}"
            for branch, position in self.chain
        )

    def has_ended(self, row: str) -> str:
        """The row held on a branch of the chain, and does no longer where that is read."""
        return any_of(
            f"{row}.{self.branch_column} = {branch} AND {row}.valid_to <= {position}"
            for branch, position in self.chain
        )

    def position_of(self, row: str) -> str:
        return self.position_on(f"{row}.{self.branch_column}")

    def position_on(self, branch: str) -> str:
        """Where a branch is read; of one that is not on the chain, before everything."""
        arms = " ".join(f"WHEN {number} THEN {position}" for number, position in self.chain)
        return f"(CASE {branch} {arms} ELSE -1 END)"

    def _overrules(self, nearer: str, row: str) -> str:
        own, *others = self.chain
        if len(others) == 1:  # said more simply: it is planned with every statement
            return f"{self._holds(nearer, own)} AND {row}.{self.branch_column} = {others[0][0]}"
        holds = any_of(self._holds(nearer, link) for link in self.chain[:-1])
        return f"{holds} AND {self.is_nearer(nearer, row)}"

    def _holds(self, row: str, link: Link) -> str:
        branch, position = link
        return f"{row}.{self.branch_column} = {branch} AND {is_within(row, str(position))}"

    def _slot(self, row: str) -> str:
        arms = " ".join(f"WHEN {branch} THEN {n}" for branch, n in slots_of(self.chain).items())
        return f"(CASE {row}.{self.branch_column} {arms} END)"


def any_of(conditions: Iterable[str]) -> str:
    """SQL: one of several conditions."""
    return f"({' OR '.join(f'({each})' for each in conditions)})"
