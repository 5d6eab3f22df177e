"""The audit: hashes, guards, and a replay of everything beside the live tables."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from eventstore import reading
from eventstore.integrity import Finding, verify_log
from eventstore.models import Changeset
from eventstore.types import Position
from projections.audit.guards import verify_guards
from projections.audit.rows import verify_rows
from projections.replay import CannotReplay, ShadowTables, replay


@dataclass(frozen=True)
class Report:
    """What was compared, and what was found: nothing, if all is well."""

    events: int
    changesets: int
    entities: int
    versions: int
    seconds: float
    findings: tuple[Finding, ...]


def audit(
    upto: Position | None = None, *, progress: Callable[[int], None] = lambda _: None
) -> Report:
    """Verify the log up to a position and everything that follows from it.

    Reads one snapshot of the database, beside whatever is being written.
    """
    began = time.monotonic()
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        position = reading.last_position() if upto is None else upto
        findings = [*verify_guards(), *verify_log(position)]
        shadow = ShadowTables()
        try:
            replayed = replay(position, shadow.keep, progress=progress)
        except (CannotReplay, ValueError, LookupError) as error:
            findings.append(Finding("replay", f"stopped: {error}"))
            return Report(0, 0, 0, 0, time.monotonic() - began, tuple(findings))
        shadow.finish()
        findings += verify_rows(position)
        changesets = Changeset.objects.filter(last_position__lte=position).count()
        return Report(
            replayed.events,
            changesets,
            len(replayed.entities),
            replayed.versions,
            time.monotonic() - began,
            tuple(findings),
        )
