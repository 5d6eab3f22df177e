"""Block accounts, protect pages and branches, give roles: each an event that can be undone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied

from versioning.branches.documents import state
from versioning.branches.plans import Plan
from versioning.models import Branch
from versioning.saving.context import branch_context
from wiki.commanding import command
from wiki.limits.spending import Action
from wiki.requests.refusals import CannotBeDone
from wiki.rights.models import ACTS, Block, Protection, holds
from wiki.rights.protections import require_reaches
from wiki.rights.rights import Right, require_under_lock, roles_of
from wiki.rights.roles import ADMINISTRATORS, EDITORS, MODERATORS, READERS, SUPERUSER

ROLES = (READERS, EDITORS, MODERATORS, ADMINISTRATORS)
"""From the fewest rights to the most; an account has one."""


def block(account: User, *, reason: str, ends_at: datetime | None, actor: Any) -> None:
    """Let an account write nothing, until an end or for good. Raises PermissionDenied."""
    _require_below(account, actor)
    with _moderating(actor, f"Block an account: {reason}"):
        Block.objects.update_or_create(
            account_id=account.pk, defaults={"reason": reason, "ends_at": ends_at}
        )


def unblock(account: User, *, actor: Any) -> None:
    """Let an account write again. Raises PermissionDenied."""
    _require_below(account, actor)
    with _moderating(actor, "Unblock an account"):
        Block.objects.filter(account_id=account.pk).delete()


def protect(
    subject_id: UUID, name: str, *, settings: Mapping[str, Any], reason: str, actor: Any
) -> None:
    """Keep acts on a page or a branch for some. Raises PermissionDenied, CannotBeDone.

    `settings` are the fields of a Protection that say who may do what, and until when.
    """
    with _moderating(actor, f"Protect {name}: {reason}"):
        if Branch.every.filter(pk=subject_id, is_private=True).exists():
            raise CannotBeDone(f"{name} is private, and everybody can see protections.")
        _require_own_level(subject_id, actor)
        Protection.objects.update_or_create(
            subject_id=subject_id, defaults={"name": name, "reason": reason, **settings}
        )


def unprotect(subject_id: UUID, name: str, *, actor: Any) -> None:
    """Let everybody do again what a page or a branch was protected from.

    Raises PermissionDenied.
    """
    with _moderating(actor, f"Unprotect {name}"):
        _require_own_level(subject_id, actor)
        Protection.objects.filter(subject_id=subject_id).delete()


def give_role(account: User, role: str, *, actor: Any) -> None:
    """Give an account a role, in place of the one that it has. Raises PermissionDenied."""
    with (
        command(actor, Right.ADMINISTER, Action.MERGE),
        require_under_lock(actor, Right.ADMINISTER),
    ):
        if SUPERUSER in roles_of(account):
            raise PermissionDenied("A superuser may do everything, whatever the role.")
        account.groups.remove(*Group.objects.filter(name__in=ROLES))
        account.groups.add(Group.objects.get(name=role))


def require_may_undo(actor: Any, plan: Plan) -> None:
    """Refuse a revert of a block or a protection to who could not have changed it by hand.

    Raises PermissionDenied.
    """
    for planned in plan.changing:
        sides = [each for each in (state(planned.ours), planned.merged) if each]
        if planned.kind.model is Protection:
            for side in sides:
                require_reaches(actor, (side[act] for act in ACTS))
        elif planned.kind.model is Block:
            for account in User.objects.filter(pk__in=[side["account_id"] for side in sides]):
                _require_below(account, actor)


def _require_own_level(subject_id: UUID, actor: Any) -> None:
    """What keeps something for administrators is theirs to change. Raises PermissionDenied."""
    found = Protection.objects.filter(holds(), subject_id=subject_id).first()
    if found is not None:
        require_reaches(actor, (getattr(found, act) for act in ACTS))


@contextmanager
def _moderating(actor: Any, message: str) -> Iterator[None]:
    with (
        command(actor, Right.MODERATE, Action.MERGE),
        require_under_lock(actor, Right.MODERATE),
        branch_context(message=message),
    ):
        yield


def _require_below(account: User, actor: Any) -> None:
    """Moderators block no moderators, and nobody themselves. Raises PermissionDenied."""
    if account.pk == actor.pk:
        raise PermissionDenied("You cannot block your own account.")
    if _rank(account) >= _rank(actor):
        raise PermissionDenied("This account's role is as high as yours, or higher.")


def _rank(account: Any) -> int:
    roles = roles_of(account)
    if SUPERUSER in roles:
        return len(ROLES)
    return max((ROLES.index(role) for role in roles if role in ROLES), default=-1)
