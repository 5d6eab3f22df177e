"""Hide versions from everybody: what they said is gone from every page, and stays in the log.

ride.history.suppress(5, 7, message="A private address")
ride.history.unsuppress(5, 7, message="It was public after all")

A suppressed version is shown by no viewpoint, history, comparison, search or merge: where it stood,
the entity is absent. The log has it still, `replayed` reads it, and whoever may do so is for the
application to say. What is to leave the log as well is erased: see `versioning.erasure`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from uuid import UUID

from django.db import transaction

from eventstore import log, reading
from eventstore.errors import Refusal
from eventstore.models import Changeset, ChangesetKind, SuppressedChangeset
from eventstore.types import Position, Version
from versioning.entities.kinds import Kind
from versioning.entities.tables import OPEN
from versioning.events import (
    MAIN,
    ChangesetSuppressed,
    VersionsSuppressed,
    changeset_suppression_stream_id,
    suppression_stream_id,
)
from versioning.models import SuppressedVersions
from versioning.saving import writing
from versioning.saving.context import require_own_changeset
from versioning.viewpoints.versions import every_row_in

Span = tuple[int, int]
"""From the position where a version begins up to the one where a version ends."""


class CannotSuppress(Refusal):
    """These versions cannot be hidden, or are not hidden."""

    code = "cannot-suppress"
    status = 409
    hint = "Look at the history, and choose among its versions."


def suppress(
    kind: Kind, entity_id: UUID, branch: int, first: int, last: int, *, message: str = ""
) -> log.Sealed:
    """Hide the versions of an entity on a branch from one number to another, both included.

    Raises CannotSuppress.
    """
    return _record(kind, entity_id, branch, (first, last), message, is_hiding=True)


def unsuppress(
    kind: Kind, entity_id: UUID, branch: int, first: int, last: int, *, message: str = ""
) -> log.Sealed:
    """Show the versions again. Raises CannotSuppress."""
    return _record(kind, entity_id, branch, (first, last), message, is_hiding=False)


def suppress_changeset(changeset: Changeset, *, message: str = "") -> log.Sealed:
    """Hide what a changeset says of itself: its message and details. Raises CannotSuppress."""
    return _tell_of(changeset, message, is_suppressed=True)


def unsuppress_changeset(changeset: Changeset, *, message: str = "") -> log.Sealed:
    """Show it again. Raises CannotSuppress."""
    return _tell_of(changeset, message, is_suppressed=False)


def _tell_of(changeset: Changeset, message: str, *, is_suppressed: bool) -> log.Sealed:
    require_own_changeset()
    with transaction.atomic():
        log.lock()
        if SuppressedChangeset.objects.filter(pk=changeset.pk).exists() == is_suppressed:
            already = "hidden already" if is_suppressed else "not hidden"
            raise CannotSuppress(
                f"What changeset {changeset.pk} says is {already}.", "Look at the changeset again."
            )
        stream = changeset_suppression_stream_id(changeset.pk)
        event = ChangesetSuppressed(
            stream_id=stream,
            version=_next_version(stream),
            changeset=changeset.pk,
            is_suppressed=is_suppressed,
        )
        did = "Hide" if is_suppressed else "Show again"
        call = writing.changeset_suppression_call(changeset.pk, is_suppressed=is_suppressed)
        return log.append(
            [event],
            _header(message or f"{did} what changeset {changeset.pk} says"),
            projections=[call],
        )


def spans_of(entity_ids: Collection[UUID], branch: int) -> dict[UUID, list[Span]]:
    """Where versions of entities on a branch are hidden, in the log's order. Cost: one query."""
    spans: defaultdict[UUID, list[Span]] = defaultdict(list)
    found = SuppressedVersions.objects.filter(entity_id__in=entity_ids, branch_number=branch)
    for row in found.order_by("first_position") if entity_ids else ():
        spans[row.entity_id].append((row.first_position, row.end_position))
    return spans


def _record(
    kind: Kind,
    entity_id: UUID,
    branch: int,
    versions: tuple[int, int],
    message: str,
    *,
    is_hiding: bool,
) -> log.Sealed:
    require_own_changeset()
    with transaction.atomic():
        log.lock()
        span = _span(kind, entity_id, branch, versions, is_hiding=is_hiding)
        held = spans_of([entity_id], branch)[entity_id]
        spans = joined([*held, span]) if is_hiding else without(held, span)
        if spans == held:
            already = "hidden already" if is_hiding else "not hidden"
            raise CannotSuppress(f"{numbered(*versions).capitalize()} is {already}.")
        stream = suppression_stream_id(branch, entity_id)
        event = VersionsSuppressed(
            stream_id=stream,
            version=_next_version(stream),
            kind=kind.label,
            entity_id=entity_id,
            branch=branch,
            spans=spans,
        )
        did = "Hide" if is_hiding else "Show again"
        header = _header(message or f"{did} {numbered(*versions)}")
        call = writing.suppression_call(entity_id, branch, spans)
        return log.append([event], header, projections=[call])


def _next_version(stream: UUID) -> Version:
    newest = next(iter(reading.newest([stream])), None)
    return Version(newest.version + 1 if newest else 1)


def _header(message: str) -> log.Header:
    return log.Header(MAIN, writing.actor.get(), message, ChangesetKind.SUPPRESSION)


def _span(
    kind: Kind, entity_id: UUID, branch: int, versions: tuple[int, int], *, is_hiding: bool
) -> Span:
    first, last = versions
    rows = every_row_in(kind).filter(
        entity_id=entity_id, branch_number=branch, version__range=(first, last)
    )
    found = list(rows.order_by("valid_from").only("version", "valid_to", "valid_from", "deleted"))
    if first > last or {first, last} - {row.version for row in found}:
        raise CannotSuppress(
            f"The branch has no {numbered(first, last)} of its own of this "
            f"{kind.model._meta.verbose_name}."
        )
    if is_hiding and found[-1].valid_to == OPEN and not found[-1].deleted:
        raise CannotSuppress(
            f"Version {last} is what stands there now.",
            "Edit or delete it first; then hide the versions before that.",
        )
    return Position(found[0].valid_from), Position(found[-1].valid_to)


def numbered(first: int, last: int) -> str:
    """Versions by their numbers, in words: `version 3`, `versions 3 to 5`."""
    return f"version {first}" if first == last else f"versions {first} to {last}"


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same spans, those that meet or overlap as one."""
    whole: list[Span] = []
    for first, end in sorted(spans):
        if whole and first <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((first, end))
    return whole


def without(spans: Sequence[Span], taken: Span) -> list[Span]:
    """What is left of spans where one is taken out of them."""
    left = []
    for first, end in spans:
        bounds = [first, *(at for at in taken if first < at < end), end]
        left += [
            (low, high) for low, high in pairwise(bounds) if high <= taken[0] or low >= taken[1]
        ]
    return left
