"""Replay in several processes, each some of the entities.

What the log says up to a position never changes, so the processes need no
common snapshot: each reads the log for itself and fills the same tables.
"""

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from functools import reduce
from operator import add

from django.db import connection

from eventstore.types import Position
from projections import processes
from projections.replay import EVERYTHING, Replay, Share, replay
from projections.shadow import ShadowTables, shadow_tables
from versioning.entities.kinds import kinds

WORTHWHILE = 200_000
"""Positions below which one process is done before others have started (some two seconds)."""

_POLL_SECONDS = 0.2


@contextmanager
def replayed(
    upto: Position,
    *,
    progress: Callable[[int], None] = lambda _: None,
    count: int | None = None,
    share: Share = EVERYTHING,
) -> Iterator[tuple[Replay, ShadowTables]]:
    """The log up to a position, replayed into shadow tables that are dropped at the end.

    A process a core, unless told otherwise; one in a transaction, whose rows
    the others would not see, and so for a `share`. Raises CannotReplay.
    """
    count = count or (os.process_cpu_count() or 1 if upto >= WORTHWHILE else 1)
    if connection.in_atomic_block:
        count = 1
    with shadow_tables(shared=count > 1) as tables:
        if count == 1:
            result = _fill(tables, upto, share, progress)
        else:
            result = _fill_in_processes(tables, upto, count, progress)
        yield result, tables


def _fill(
    tables: ShadowTables, upto: Position, share: Share, progress: Callable[[int], None]
) -> Replay:
    with _uncollected():
        result = replay(upto, tables, share=share, progress=progress)
        tables.finish()
    return result


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: what a replay keeps has no cycles.

    It looked through all of that again and again, for a quarter of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _fill_in_processes(
    tables: ShadowTables, upto: Position, count: int, progress: Callable[[int], None]
) -> Replay:
    """Fill the tables by so many processes: the first share here, while the others begin."""
    # Begun anew, not forked: a fork would share this process's connections and locks.
    context = multiprocessing.get_context("spawn")
    reached = context.Array("q", count)
    database = str(connection.settings_dict["NAME"])

    def tell(position: int) -> None:
        reached[0] = position
        progress(min(reached[:]))

    with ProcessPoolExecutor(count - 1, context, processes.begin, (database, reached)) as pool:
        pending = {
            pool.submit(_fill_share, tables.schema, upto, Share(number, count))
            for number in range(1, count)
        }
        futures: list[Future[Replay]] = list(pending)
        own = _fill(tables, upto, Share(0, count), tell)
        reached[0] = upto
        while pending:
            _, pending = wait(pending, _POLL_SECONDS)
            progress(min(reached[:]))
        return reduce(add, (future.result() for future in futures), own)


def _fill_share(schema: str, upto: Position, share: Share) -> Replay:
    """What each of the processes does."""
    result = _fill(
        ShadowTables(schema, made=kinds()),
        upto,
        share,
        lambda position: processes.tell(share.number, position),
    )
    processes.tell(share.number, upto)
    connection.close()
    return result
