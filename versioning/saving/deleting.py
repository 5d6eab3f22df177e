"""Deletions as Django's users know them, with the signals of all that goes.

Those come before anything is recorded, and after all of it is; a `BatchOperation` records
deletions without any.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models.signals import post_delete, pre_delete

from eventstore import log
from versioning.saving import context, unversioned
from versioning.saving.batches import BatchOperation
from versioning.saving.cascades import Cascade, cascading
from versioning.saving.recorded import RecordedModel

if TYPE_CHECKING:
    from django.db.models import QuerySet


def delete(instances: Sequence[RecordedModel], *, origin: Any) -> tuple[int, dict[str, int]]:
    """Delete entities and what cascades, as one changeset; how many, and how many of each model.

    Rows without versions that go along are counted too.

    `origin` is the instance or the queryset of which it was asked. Raises ProtectedError,
    RestrictedError.
    """
    context.require_writable()
    cascade = cascading(instances)
    with unversioned.counting() as rows, _signals(cascade.gone, origin), BatchOperation() as batch:
        # By now: a receiver may have saved some of them.
        for change in cascade.changes(context.writing_to()):
            batch.add(change)
    deleted = dict(Counter(batch.deleted) + rows)
    return sum(deleted.values()), deleted


def delete_alone(matches: "QuerySet[Any]") -> int:
    """Delete entities, whatever refers to them, without signals; how many."""
    with transaction.atomic():
        log.lock()
        cascade = Cascade(list(matches), ())
        with BatchOperation() as batch:
            for change in cascade.changes(context.writing_to()):
                batch.add(change)
    return batch.changed


@contextmanager
def _signals(gone: Sequence[RecordedModel], origin: Any) -> Iterator[None]:
    """Django's signals around a deletion, all in its transaction; none where nobody listens."""
    models = {type(instance) for instance in gone}
    if not any(s.has_listeners(model) for model in models for s in (pre_delete, post_delete)):
        yield
        return
    with transaction.atomic():
        _send(pre_delete, gone, origin)
        yield
        _send(post_delete, gone, origin)


def _send(signal: Any, gone: Sequence[RecordedModel], origin: Any) -> None:
    for instance in gone:
        signal.send(sender=type(instance), instance=instance, using=DEFAULT_DB_ALIAS, origin=origin)
