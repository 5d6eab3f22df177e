"""Who may do what, asked by every command; no view, form or API decides it."""

from enum import Enum
from typing import Any

from django.core.exceptions import PermissionDenied

from wiki.accounts.roles import ADMINISTRATORS, EDITORS, MODERATORS


class Right(Enum):
    EDIT = "edit pages"
    BRANCH = "fork, sync and archive branches"
    MERGE = "merge and revert"


_ROLES = {
    Right.EDIT: {EDITORS, MODERATORS, ADMINISTRATORS},
    Right.BRANCH: {EDITORS, MODERATORS, ADMINISTRATORS},
    Right.MERGE: {MODERATORS, ADMINISTRATORS},
}


def may(user: Any, right: Right) -> bool:
    """Whether an account has a right. Cost: one query, none for superusers."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_superuser:
        return True
    return bool(user.groups.filter(name__in=_ROLES[right]).exists())


def require(user: Any, right: Right) -> None:
    """Refuse an account that lacks a right. Raises PermissionDenied."""
    if not may(user, right):
        raise PermissionDenied(f"Your account may not {right.value}.")
