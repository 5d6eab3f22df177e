"""Who may do what, asked by every command; no view, form or API decides it."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from eventstore import log
from eventstore.busy import holding_for
from wiki.rights.blocks import AccountIsBlocked, block_of
from wiki.rights.roles import ADMINISTRATORS, EDITORS, MODERATORS, SUPERUSER

NEW_FOR = timedelta(days=4)
"""How long an account is new; as long as in other large wikis."""


class Right(Enum):
    EDIT = "edit pages"
    MODERATE = "block accounts, protect pages, hide versions or roll edits back"
    ADMINISTER = "give roles to accounts"
    BRANCH = "fork, sync and archive branches"
    MERGE = "merge and revert"


_ROLES = {
    Right.EDIT: {EDITORS, MODERATORS, ADMINISTRATORS},
    Right.BRANCH: {EDITORS, MODERATORS, ADMINISTRATORS},
    Right.MERGE: {MODERATORS, ADMINISTRATORS},
    Right.MODERATE: {MODERATORS, ADMINISTRATORS},
    Right.ADMINISTER: {ADMINISTRATORS},
}


def roles_with(right: Right) -> frozenset[str]:
    """The roles that have a right; a superuser has every one."""
    return frozenset(_ROLES[right])


def may(user: Any, right: Right) -> bool:
    """Whether an account has a right now, whatever it had when it was read. Cost: one query."""
    if not user.is_authenticated:
        return False
    has_right = Q(is_superuser=True) | Q(groups__name__in=_ROLES[right])
    return User.objects.filter(has_right, pk=user.pk, is_active=True).exists()


def require(user: Any, right: Right) -> None:
    """Refuse an account that lacks a right, or is blocked. Cost: two queries.

    Raises PermissionDenied, AccountIsBlocked.
    """
    if not may(user, right):
        raise PermissionDenied(f"Your account may not {right.value}.")
    if blocked := block_of(user.pk):
        raise AccountIsBlocked(blocked)


@contextmanager
def require_under_lock(user: Any, right: Right) -> Iterator[None]:
    """A transaction that holds the log's lock, begun with the right still there.

    What decides an append holds under the lock or does not hold. Raises PermissionDenied.
    """
    # What is done there, a merge perhaps, ends by itself.
    with transaction.atomic(), holding_for(math.inf):
        log.lock()
        require(user, right)
        yield


def roles_of(user: User) -> list[str]:
    """The roles that an account has, and the rank of a superuser. Cost: one query."""
    roles = list(user.groups.order_by("name").values_list("name", flat=True))
    return [*roles, SUPERUSER] if user.is_superuser else roles


def is_new(user: Any) -> bool:
    """Whether an account was made so lately that it may do less than others."""
    return bool(user.date_joined > timezone.now() - NEW_FOR)
