"""Whether somebody may do something to a page or on a branch that is protected."""

from collections.abc import Iterable
from enum import Enum
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection

from eventstore.sqlfiles import statement
from versioning.branches.plans import Plan
from wiki.accounts.rights import is_new, roles_of
from wiki.accounts.roles import ADMINISTRATORS, MODERATORS, SUPERUSER
from wiki.moderation.models import Level

_PROTECTIONS = statement(__file__, "protections")

_ROLES = {
    Level.KNOWN: {MODERATORS, ADMINISTRATORS, SUPERUSER},
    Level.MODERATORS: {MODERATORS, ADMINISTRATORS, SUPERUSER},
    Level.ADMINISTRATORS: {ADMINISTRATORS, SUPERUSER},
}


class Act(Enum):
    """What is done to a page; to a branch: writing to it, renaming it, archiving it."""

    EDIT = "edited"
    RENAME = "renamed"
    DELETE = "deleted"


def require_unprotected(user: Any, subjects: Iterable[UUID], act: Act, *, branch: int = 0) -> None:
    """Refuse what a protection keeps for others. `branch`: the number of one that is written to.

    Cost: a query, and another where something is protected. Raises PermissionDenied.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PROTECTIONS, {"subjects": list(subjects), "branch": branch})
        protections = cursor.fetchall()
    for name, editing, renaming, deleting, reason in protections:
        level = Level({Act.EDIT: editing, Act.RENAME: renaming, Act.DELETE: deleting}[act])
        if not _reaches(user, level):
            raise PermissionDenied(f"{name} can be {act.value} by {level.label} only: {reason}")


def require_plan_unprotected(user: Any, plan: Plan) -> None:
    """Refuse a merge, sync or revert that changes what is protected. Raises PermissionDenied."""
    pages = [entity.entity[1] for entity in plan.changing]
    require_unprotected(user, pages, Act.EDIT, branch=plan.target.branch)


def _reaches(user: Any, level: Level) -> bool:
    if level is Level.EVERYBODY or (level is Level.KNOWN and not is_new(user)):
        return True
    return bool(_ROLES[level] & set(roles_of(user)))
