"""Threads and connections: what is open in one thread is not in another.

A viewpoint or a context is open on a connection, and each thread has a connection of its own,
which stands at main's head. So whoever reads or saves is asked whether it stands where it believes
to: on the connection that the viewpoint was opened on, if its contextvars came along
(`copy_context`, `sync_to_async`); and if they did not, whether its thread was begun inside
something, which it would leave by silence.

For the latter threads are marked when they start, by wrapping `Thread.start`. An audit hook would
see threads begun by `_thread` as well, but costs 0.27 us for every `id()` of the whole process.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import thread as executors
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections

from eventstore.errors import Refusal


class AnotherThread(Refusal, RuntimeError):
    """A thread read or saved where its connection does not stand."""

    code = "another-thread"
    status = 500
    hint = (
        "Open a viewpoint or a branch_context in this thread, or do the work in the thread that "
        "has one open."
    )


@dataclass(eq=False, slots=True)
class Place:
    """A viewpoint or a context that is open, as code inside of it calls it."""

    name: str
    connection: Any
    """None where it needs none: main's head is what every connection shows."""
    is_left: bool = False


_place: ContextVar[Place | None] = ContextVar("place", default=None)
_begun: WeakKeyDictionary[threading.Thread, Place] = WeakKeyDictionary()
"""The threads that were begun inside a place; most processes have none."""


@contextmanager
def standing_at(place: Place) -> Iterator[None]:
    """Inside the block this thread stands there, and threads that are begun do not."""
    token = _place.set(place)
    try:
        yield
    finally:
        place.is_left = True
        _place.reset(token)


def require_here(*, to_write: bool = False) -> None:
    """Refuse what this thread's connection would do elsewhere. Raises AnotherThread."""
    place = _place.get()
    if place is not None:
        if place.connection is not None and (
            place.is_left or place.connection is not connections[DEFAULT_DB_ALIAS]
        ):
            raise AnotherThread(
                f"This is done in another thread than {place.name}, or later: the connection here "
                "stands elsewhere."
            )
    elif (begun_in := _begun_in()) is not None and (to_write or begun_in.connection is not None):
        raise AnotherThread(
            f"This thread was begun inside {begun_in.name}, and has a connection of its own, "
            "which stands at main's head."
        )


def _begun_in() -> Place | None:
    """The place that this thread was begun inside, itself or by one that was."""
    place = _begun.get(threading.current_thread()) if _begun else None
    if place is not None and place.is_left and _is_of_an_executor(threading.current_thread()):
        return None
    return place


def _is_of_an_executor(thread: threading.Thread) -> bool:
    """Its work comes from anywhere: it is begun by whoever happens to bring the first."""
    return getattr(thread, "_target", None) is executors._worker  # noqa: SLF001


def _marking(start: Any) -> Any:
    @wraps(start)
    def begin(thread: threading.Thread) -> None:
        if (place := _place.get() or _begun_in()) is not None:
            _begun[thread] = place
        start(thread)

    return begin


threading.Thread.start = _marking(threading.Thread.start)  # type: ignore[method-assign]
