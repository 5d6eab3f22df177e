"""The audit: hashes, guards, and a replay of everything beside the live tables."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from eventstore import reading
from eventstore.errors import Refusal
from eventstore.heads import Head, verify_heads
from eventstore.integrity import Finding, bounded, verify_log
from eventstore.models import Changeset
from eventstore.signatures import verify_signatures
from eventstore.types import Position
from projections.audit.guards import verify_guards
from projections.audit.merges import Merges, verify_merges
from projections.audit.progress import verify_followed
from projections.audit.rows import Scope, verify_rows
from projections.audit.snapshots import verify_snapshots
from projections.audit.tables import verify_tables
from projections.replay import Replay
from projections.shares import replayed
from projections.suppressed import verify_suppressed
from versioning.schema.missing import KindMissing, require_all_kinds
from versioning.viewpoints.chain import resolve


@dataclass(frozen=True)
class Report:
    """What was compared, and what was found: nothing, if all is well.

    Of what is found of one kind the first are named; the last of them tells how many more it is.
    """

    position: Position
    replayed: Replay
    changesets: int
    seconds: float
    findings: tuple[Finding, ...]
    merges: Merges | None = None

    @property
    def faults(self) -> int:
        """How many things are not as they were written, named or not."""
        return sum(1 + found.more for found in self.findings)


def audit(
    upto: Position | None = None,
    *,
    branch: str | None = None,
    merges: bool = False,
    schema: bool = False,
    heads: Sequence[Head] = (),
    progress: Callable[[int], None] = lambda _: None,
    processes: int | None = None,
) -> Report:
    """Verify the log up to a position and everything that follows from it.

    `branch` narrows the rows to those that this branch reads there; the log
    is one chain of hashes, and is verified whole. What follows the log is
    compared as far as it has come, where nothing is narrowed. With `merges` each merge and sync is
    derived again from its parents; with `schema` tables are compared with those that the migrations
    make, which takes a second. `heads` are ends of the log that were noted before. The replay
    goes on beside whatever is being written; the comparison reads one snapshot. In a process
    a core, where the log is long enough. Raises NoSuchBranch, KindMissing.
    """
    began = time.monotonic()
    position = reading.last_position() if upto is None else upto
    chain = resolve(branch, upto).chain if branch is not None else None
    findings: list[Finding] = []
    result = Replay(0, 0, 0)
    derived: Merges | None = None
    try:
        require_all_kinds()
        with (
            replayed(position, progress=progress, count=processes) as (result, tables),
            _one_snapshot(),
        ):
            findings += _of_the_log(position, heads)
            if schema:
                findings += verify_tables()
            findings += verify_rows(Scope(position, chain), tables)
            findings += bounded(verify_snapshots(position, tables))
            if upto is None and branch is None:
                findings += verify_suppressed()
                findings += verify_followed()
            if merges:
                derived = verify_merges(position)
                findings += bounded(derived.findings)
    except KindMissing:
        raise
    except (Refusal, ValueError, LookupError) as error:
        stopped = Finding("replay", f"stopped: {error}")
        findings = [*_of_the_log(position, heads), stopped]
    changesets = Changeset.every.filter(last_position__lte=position).count()
    seconds = time.monotonic() - began
    return Report(position, result, changesets, seconds, tuple(findings), derived)


def _of_the_log(position: Position, heads: Sequence[Head]) -> Iterator[Finding]:
    """What can be said of the log whether or not it can be replayed."""
    yield from verify_guards()
    yield from verify_log(position)
    yield from verify_signatures(position)
    yield from verify_heads(heads)


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """Every query inside reads the same moment; inside a transaction, that one's."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
