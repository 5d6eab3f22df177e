"""Fork a branch: one event, whatever the size of the wiki."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from eventstore import log, reading
from eventstore.connection import server_cursor
from eventstore.errors import Refusal
from eventstore.models import ChangesetKind
from eventstore.sqlfiles import statement
from eventstore.types import ChangesetId, Position, Version
from versioning.changesets import newest_of
from versioning.entities.changes import Change, Operation
from versioning.entities.historical import new_id
from versioning.entities.kinds import kind_of
from versioning.events import MAIN
from versioning.models import Branch, BranchState
from versioning.saving import writing
from versioning.saving.context import require_own_changeset
from versioning.viewpoints.chain import NestedTooDeep, resolve
from versioning.viewpoints.moments import position_of
from versioning.viewpoints.sql_views import LONGEST_CHAIN

RESERVED = frozenset({"main", "new", "compare", "sync", "merge", "head", "api", "static", "admin"})
"""Names that addresses or people already use for something else."""

_READS_AS_MOMENT = re.compile(r"[pc][0-9]+")
"""A position or a changeset, wherever a branch could be named as well."""


class NameTaken(Refusal):
    """Another branch has the name."""

    code = "name-taken"
    status = 409
    hint = "Choose another name."


class CannotBePrivate(Refusal):
    """What the branch says is elsewhere by now, where everybody reads it."""

    code = "cannot-be-private"
    status = 409
    hint = "Fork a private branch from it, and go on there."


@dataclass(frozen=True)
class Fork:
    """A branch to come, once all is decided; `forked_at` is the newest changeset of its base."""

    number: int
    name: str
    parent: int
    base_position: Position
    forked_at: ChangesetId | None
    description: str = ""
    members: Sequence[int] | None = None
    """The accounts that alone may see it; None where everybody may. Where it is nobody, it stands
    aside, and is closed to all but its maker (see `aside.py`)."""
    details: dict[str, Any] = field(default_factory=dict)
    title: str = ""

    def change(self) -> Change:
        """What it is as a new entity."""
        kind = kind_of(Branch)
        document = kind.full(
            {
                "number": self.number,
                "name": self.name,
                "title": self.title,
                "description": self.description,
                "parent": self.parent,
                "base_position": self.base_position,
                "state": self._state.value,
                "owner_id": writing.actor.get(),
                "is_private": self.members is not None,
                "member_ids": list(self.members or ()),
            }
        )
        return Change(kind, new_id(), Operation.CREATE, Version(0), values=document)

    def header(self, message: str) -> log.Header:
        """What its changeset says of itself."""
        return log.Header(
            self.number,
            writing.actor.get(),
            message,
            ChangesetKind.FORK,
            self.details,
            merged=() if self.forked_at is None else (self.forked_at,),
        )

    @property
    def _state(self) -> BranchState:
        is_aside = self.members is not None and not self.members
        return BranchState.ARCHIVED if is_aside else BranchState.OPEN


def fork(
    name: str,
    *,
    parent: str = "main",
    at: str | int | datetime | None = None,
    title: str = "",
    description: str = "",
    message: str = "",
    is_private: bool = False,
) -> Branch:
    """Fork `parent` at a moment (or its head). Cost: O(1).

    `title` is what people call it, where that is no `name` that an address could hold.
    One that `is_private` is for the account that forks it, and for whom it invites; what is forked
    from a private one is private as well, for the same accounts. Raises ValidationError (a bad
    name, or that of a branch that the account may not see), NameTaken, NoSuchBranch, NoSuchMoment,
    NestedTooDeep, CannotBePrivate.
    """
    require_own_changeset()
    check_name(name)
    with transaction.atomic():
        log.lock()
        position = reading.last_position() if at is None else position_of(at)
        base = resolve(parent, position)
        check_depth(parent, len(base.chain))
        number = next_number(name)
        forked_at = newest_of(base.branch, position)
        above = None if base.branch == MAIN else Branch.every.get(number=base.branch)
        members = members_of_fork(above, is_private=is_private)
        forked = Fork(
            number, name, base.branch, position, forked_at, description, members, title=title
        )
        writing.record([forked.change()], forked.header(message or f"Fork {name} from {parent}"))
        return Branch.every.get(number=number)


def members_of_fork(parent: Branch | None, *, is_private: bool) -> list[int] | None:
    """The members of a branch to come; None where it is public.

    Raises CannotBePrivate where nobody would own it.
    """
    inherited = parent.member_ids if parent is not None and parent.is_private else None
    if inherited is None and not is_private:
        return None
    owner = writing.actor.get()
    if owner is None and not inherited:
        raise CannotBePrivate("A private branch has an owner.", "Fork it inside acting_as(...).")
    return sorted({*(inherited or ()), *(() if owner is None else (owner,))})


def check_depth(parent: str, length: int) -> None:
    """Refuse a branch of one whose chain is this long already. Raises NestedTooDeep."""
    if length + 1 > LONGEST_CHAIN:
        raise NestedTooDeep(
            f"A branch of {parent!r} would have more than {LONGEST_CHAIN - 1} ancestors."
        )


_NEXT_NUMBER = statement(__file__, "next_number")


def next_number(*names: str) -> int:
    """The number of the next branch, if none of the names is taken.

    Raises NameTaken, or ValidationError where it may not tell.
    """
    with server_cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, [list(names)], prepare=True)
        (number, taken), *_ = cursor.fetchall()
    if taken:
        raise name_taken(taken)
    return int(number)


def name_taken(name: str) -> Exception:
    """The refusal of a name that a branch has.

    Of one that is hidden from whoever reads it says what it would of a name that means something
    else here, and not that there is such a branch.
    """
    if Branch.objects.filter(name=name).exists():
        return NameTaken(f"There is a branch called {name!r} already.")
    return _means_something(name)


def check_name(name: str) -> None:
    """Refuse a name that no address could hold. Raises ValidationError."""
    field = Branch._meta.get_field("name")
    field.clean(name, None)
    if name in RESERVED or _READS_AS_MOMENT.fullmatch(name):
        raise _means_something(name)


def _means_something(name: str) -> ValidationError:
    return ValidationError(f"{name!r} has a meaning of its own here. Choose another name.")
