"""The migration of kinds that is under way: what operations and the schema editor ask of it."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Protocol

from versioning.schema.fills import Fills


class MigrationStep(Protocol):
    """One migration, inside its transaction."""

    message: str
    """What the changesets of the migration say."""
    fills: Fills
    """What rows got that stood already: one value for all tables of a kind."""

    settings: Mapping[str, str]
    """What PostgreSQL's settings are while it casts values."""

    def require_carried(self, before: Any, after: Any) -> None:
        """Refuse values of versions that a field of another type or class would misread."""

    def settle(self, state: Any, *, before: Any = None, after: Any = None) -> None:
        """Tell the log what the kinds are by now, and make what is derived from them.

        Before an operation, after one, or at the end of all.
        """

    def resume(self, state: Any) -> None:
        """Let the tables of the kinds be altered again, after something was settled."""


_step: ContextVar[MigrationStep | None] = ContextVar("migration_step", default=None)


def current_step() -> MigrationStep | None:
    """The step that is under way; None where the log is empty, or nothing is migrated."""
    return _step.get()


def begin(step: MigrationStep | None) -> None:
    """Say which step is under way, or that none is any more."""
    _step.set(step)
