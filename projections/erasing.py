"""Erase versions of an entity everywhere: log, rows, snapshots, search, cache."""

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from eventstore import log
from eventstore.busy import holding_without_end
from eventstore.models import Changeset
from eventstore.sqlfiles import statement
from projections.cache.store import store
from projections.models import Tracking
from projections.rebuild import mend_entity
from projections.search.entries import SearchEntries
from versioning import suppression
from versioning.erasure import CannotErase, Erasure, record_erasure
from versioning.saving.context import require_own_changeset
from versioning.suppression import CannotSuppress

_TOLD = statement(__file__, "told")

Forget = Callable[[UUID], None]

_keepers: list[Forget] = []


def register_keeper(forget: Forget) -> None:
    """Let whoever keeps words of entities beside the log forget those of one that is erased."""
    _keepers.append(forget)


def erase(erasure: Erasure, *, changesets: Collection[Changeset] = (), message: str) -> log.Sealed:
    """Take what versions said out of everything that is kept, and hide that they were.

    `changesets` are those whose messages and details go as well. In one transaction, which holds
    the log's lock while the entity's events are replayed; readers go on. Raises CannotErase with
    nothing changed; CacheIsAway where Redis may hold pages still, which nobody is shown.
    """
    require_own_changeset()
    kind, entity_id = erasure.kind, erasure.entity_id
    with holding_without_end(), _permitted(), transaction.atomic():
        log.lock()
        sealed = record_erasure(erasure, changesets=changesets, message=message)
        for span in erasure.spans:
            with suppress(CannotSuppress), transaction.atomic():  # it may be hidden already
                suppression.suppress(kind, entity_id, span.branch, span.first, span.last)
        mend_entity(kind, entity_id)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Tracking._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        SearchEntries().renew(kind, entity_id)
        for forget in _keepers:
            forget(entity_id)
    store().forget()
    return sealed


@contextmanager
def _permitted() -> Iterator[None]:
    try:
        yield
    except ProgrammingError as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        raise CannotErase(
            "The role that the wiki signs in to the database as may not change the log.",
            "Run this as the role that runs the migrations: see "
            "docs/how-to/production-database.md.",
        ) from None


def told(words: str) -> Iterator[str]:
    """Where the log says some words, one place after the other.

    To know what is to be erased, or that it is. Cost: a look at everything that was ever said.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"words": json.dumps(words, ensure_ascii=False)[1:-1]})
        for kind, entity_id, branch, version, changeset in cursor.fetchall():
            if changeset is not None:
                yield f"changeset {changeset}, in what it says of itself"
            else:
                yield f"{kind} {entity_id}, version {version} on branch {branch}"
