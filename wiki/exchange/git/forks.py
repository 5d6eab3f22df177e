"""The branches of lines, forked aside: nobody's, until all of the history can be shown."""

from collections.abc import Iterable

from django.db import transaction

from eventstore import log, reading
from eventstore.types import ChangesetId, Position
from versioning.branches.fork import Fork, next_number
from versioning.changesets import newest_of
from versioning.models import Branch
from versioning.saving import writing
from wiki.exchange.git.purpose import Purpose


def fork_aside(
    purpose: Purpose,
    number: int,
    name: str,
    parent: int,
    position: Position,
    forked_at: ChangesetId | None,
) -> Fork:
    """A line's branch to come, which says what it is for."""
    return Fork(number, name, parent, position, forked_at, members=(), details=purpose.details())


def fork_of_head(purpose: Purpose, name: str, others: Iterable[str]) -> Branch:
    """The branch of HEAD's line, forked from the target as it stands. Raises NameTaken.

    It is refused where any of the other lines' names is taken, before there is anything.
    """
    with transaction.atomic():
        log.lock()
        position = reading.last_position()
        number = next_number(name, *others)
        forked_at = newest_of(purpose.target, position)
        fork = fork_aside(purpose, number, name, purpose.target, position, forked_at)
        writing.record([fork.change()], fork.header(message_of(name)))
        return Branch.every.get(number=number)


def message_of(name: str) -> str:
    """What the changeset of a line's fork says."""
    return f"Import {name}"
