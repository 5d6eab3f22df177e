"""Private branches: there for their members alone, whoever else looks for them.

What was forked from a private branch is private too, for the same members, and follows when they
change: it shows what its parent says. How others do not see it stands in `viewpoints/readers.py`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction

from eventstore import log
from eventstore.errors import Refusal
from versioning.branches.aside import ASIDE, require_not_aside
from versioning.branches.changes import change_of, record_about
from versioning.branches.fork import CannotBePrivate
from versioning.models import Branch
from versioning.saving.context import require_own_changeset
from versioning.viewpoints.readers import reading_everything

MOST_MEMBERS = 200


class CannotBePublic(Refusal):
    """The branch shows what its parent says, which is private."""

    code = "cannot-be-public"
    status = 409
    hint = "Make its parent public first, or merge it there."


class MembersRefused(Refusal):
    """The members cannot be changed so, or not on this branch."""

    code = "members-refused"
    status = 409
    hint = "Look at who is a member of it."


def make_private(branch: Branch) -> None:
    """Show a branch to its owner alone, until others are invited. Raises CannotBePrivate."""
    _change(branch, _made_private)


def make_public(branch: Branch) -> None:
    """Show a branch to everybody, with all that was ever said on it. Raises CannotBePublic."""
    _change(branch, _made_public)


def invite(branch: Branch, account_id: int) -> None:
    """Show a private branch, and what was forked from it, to one account more.

    Raises MembersRefused.
    """
    _change(branch, lambda now: _with_members(now, {*now.member_ids, account_id}))


def remove(branch: Branch, account_id: int) -> None:
    """Hide a private branch, and what was forked from it, from one of its members.

    Raises MembersRefused.
    """

    def removed(now: Branch) -> dict[str, Any]:
        if account_id == now.owner_id:
            raise MembersRefused(
                "The owner of a branch is always one of its members.",
                "Make it public, or archive it.",
            )
        return _with_members(now, {*now.member_ids} - {account_id})

    _change(branch, removed)


def _made_private(now: Branch) -> dict[str, Any]:
    if now.parent_id is None:
        raise CannotBePrivate("main is for everybody.")
    if now.owner_id is None:
        raise CannotBePrivate("A private branch has an owner, and this one has none.")
    if now.merged_position is not None:
        raise CannotBePrivate(
            f"{now.name} was merged: what it brought, and that it did, is everybody's by now."
        )
    if Branch.every.filter(parent__number=now.number).exists():
        raise CannotBePrivate(f"Others were forked from {now.name}, and show what it says.")
    return {"is_private": True, "member_ids": [now.owner_id]}


def _made_public(now: Branch) -> dict[str, Any]:
    parent = now.parent
    if parent is not None and parent.is_private:
        raise CannotBePublic(f"{now.name} was forked from {parent.name}, which is private.")
    return {"is_private": False, "member_ids": []}


def _with_members(now: Branch, members: Iterable[int]) -> dict[str, Any]:
    if not now.is_private:
        raise MembersRefused(f"{now.name} is for everybody.", "Make it private first.")
    parent = now.parent
    if parent is not None and parent.is_private:
        raise MembersRefused(
            f"The members of {now.name} are those of {parent.name}, from which it was forked.",
            f"Invite or remove them at {parent.name}.",
        )
    told = sorted(members)
    if len(told) > MOST_MEMBERS:
        raise MembersRefused(f"A branch has up to {MOST_MEMBERS} members.", "Make it public.")
    return {"member_ids": told}


def _change(branch: Branch, decide: Callable[[Branch], dict[str, Any]]) -> None:
    """Record what is decided of the branch as it is under the log's lock; nothing, if it is so."""
    require_own_changeset()
    with transaction.atomic():
        log.lock()
        now = Branch.every.select_related("parent").get(pk=branch.pk)
        require_not_aside(now)
        values = decide(now)
        if any(getattr(now, name) != value for name, value in values.items()):
            changes = [change_of(now, **values)]
            if now.is_private and values.get("is_private", True):
                members = values["member_ids"]
                changes += [change_of(each, member_ids=members) for each in _forked_from(now)]
            record_about(now, changes, f"Change who sees {now.name}")
    with reading_everything():  # whoever left it reads it no more
        branch.refresh_from_db()


def _forked_from(branch: Branch) -> list[Branch]:
    """What was forked from a branch, and from that again. Cost: a query a generation.

    Without what stands aside, whose members are those that it will find when it is shown.
    """
    found: list[Branch] = []
    numbers = [branch.number]
    while numbers:
        forked = Branch.every.filter(parent__number__in=numbers).exclude(ASIDE)
        children = list(forked.order_by("number"))
        found += children
        numbers = [each.number for each in children]
    return found
