"""Fork a branch: one event, whatever the size of the wiki."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction

from eventstore import log, reading
from eventstore.connection import server_cursor
from eventstore.models import ChangesetKind
from eventstore.types import Position, Version
from versioning import writing
from versioning.changesets import newest_of
from versioning.entities.kinds import kind_of
from versioning.entities.model import new_id
from versioning.models import Branch, BranchState
from versioning.viewpoints.chain import NestedTooDeep, resolve
from versioning.viewpoints.views import LONGEST_CHAIN
from versioning.writing import Change, Operation

RESERVED = frozenset({"main", "new", "compare", "sync", "merge", "head", "api", "static", "admin"})
"""Names that addresses or people already use for something else."""

_READS_AS_MOMENT = re.compile(r"[pc][0-9]+")
"""A position or a changeset, wherever a branch could be named as well."""


class NameTaken(Exception):
    """Another branch has the name."""


def fork(
    name: str,
    *,
    parent: str = "main",
    at: Position | None = None,
    description: str = "",
    message: str = "",
) -> Branch:
    """Fork `parent` at a position (or its head). Cost: O(1).

    Raises ValidationError (a bad name), NameTaken, NoSuchBranch, NestedTooDeep.
    """
    check_name(name)
    with transaction.atomic():
        log.lock()
        position = reading.last_position() if at is None else at
        base = resolve(parent, position)
        if len(base.chain) + 1 > LONGEST_CHAIN:
            raise NestedTooDeep(
                f"A branch of {parent!r} would have more than {LONGEST_CHAIN - 1} ancestors."
            )
        number = _next_number(name)
        kind = kind_of(Branch)
        document = kind.full(
            {
                "number": number,
                "name": name,
                "description": description,
                "parent": base.branch,
                "base_position": position,
                "state": BranchState.OPEN.value,
                "owner_id": writing.actor.get(),
            }
        )
        forked_at = newest_of(base.branch, position)
        change = Change(kind, new_id(), Operation.CREATE, Version(0), values=document)
        writing.record(
            [change],
            log.Header(
                number,
                writing.actor.get(),
                message or f"Fork {name} from {parent}",
                ChangesetKind.FORK,
                merged=() if forked_at is None else (forked_at,),
            ),
        )
        return Branch.objects.get(number=number)


_NUMBERS_AND_NAMES = """
SELECT coalesce(max(number), 0) + 1,
       EXISTS (SELECT FROM public.versioning_branch WHERE name = %s)
  FROM public.versioning_branch
"""


def _next_number(name: str) -> int:
    """The number of a branch to come. Raises NameTaken."""
    with server_cursor() as cursor:
        cursor.execute(_NUMBERS_AND_NAMES, [name], prepare=True)
        (number, is_taken), *_ = cursor.fetchall()
    if is_taken:
        raise NameTaken(f"There is a branch called {name!r} already. Choose another name.")
    return int(number)


def check_name(name: str) -> None:
    """Refuse a name that no address could hold. Raises ValidationError."""
    field = Branch._meta.get_field("name")
    field.clean(name, None)
    if name in RESERVED or _READS_AS_MOMENT.fullmatch(name):
        raise ValidationError(f"{name!r} has a meaning of its own here. Choose another name.")
