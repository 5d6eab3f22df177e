"""What a program remembers of a transaction, taken back when the transaction is.

An instance that was saved believes itself saved, and an open changeset believes its events
recorded. A rollback, whole or to a savepoint, makes both untrue. The connection keeps for each
such belief how to take it back, and does so where PostgreSQL does: newest first, as far as the
savepoint. Outside a transaction nothing is kept, for nothing can be taken back.
"""

import threading
from collections.abc import Callable
from typing import Self

from django.db import connection


class Mark:
    """A place in an open transaction; `is_undone` once that was rolled back behind it."""

    __slots__ = ("is_undone",)

    def __init__(self) -> None:
        self.is_undone = False

    def __deepcopy__(self, _memo: object) -> Self:
        return self


class _Newest(threading.local):
    """Connections belong to threads, and so does this; to ask it costs next to nothing."""

    mark: Mark | None = None


_newest = _Newest()


class Rollbacks:
    """What one connection's open transaction has to take back."""

    def __init__(self) -> None:
        self._kept: list[tuple[Mark, Callable[[], None]]] = []
        self._savepoints: dict[str, int] = {}

    def keep(self, undo: Callable[[], None]) -> Mark:
        """Call `undo` if what happens now is rolled back."""
        mark = _newest.mark = Mark()
        self._kept.append((mark, undo))
        return mark

    def begin_savepoint(self, name: str) -> None:
        """A rollback to this savepoint takes back what comes after."""
        if self._kept:
            self._savepoints[name] = len(self._kept)

    def undo(self, savepoint: str | None = None) -> None:
        """The transaction was rolled back, or a part of it."""
        if not self._kept:
            return
        length = 0 if savepoint is None else self._savepoints.get(savepoint, 0)
        undone = self._kept[length:]
        del self._kept[length:]
        _newest.mark = self._kept[-1][0] if self._kept else None
        for mark, undo in reversed(undone):
            mark.is_undone = True
            undo()

    def forget(self) -> None:
        """The transaction was committed: nothing can be taken back any more."""
        if self._kept:
            self._kept.clear()
            self._savepoints.clear()
            _newest.mark = None


def newest_mark() -> Mark | None:
    """Where this thread's transaction stands, if it has recorded anything yet."""
    return _newest.mark


def on_rollback(undo: Callable[[], None]) -> Mark | None:
    """Call `undo` if the open transaction takes back what happens now; None outside of any."""
    if not connection.in_atomic_block:
        return None
    rollbacks: Rollbacks = connection.rollbacks  # type: ignore[attr-defined]  # our backend's own
    return rollbacks.keep(undo)
