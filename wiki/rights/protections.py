"""Whether somebody may do something to a page or on a branch that is protected."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection

from eventstore.sqlfiles import statement
from versioning.branches.entity_plans import EntityPlan
from versioning.branches.plans import Plan
from wiki.rights.models import Level
from wiki.rights.rights import is_new, roles_of
from wiki.rights.roles import ADMINISTRATORS, MODERATORS, SUPERUSER

_PROTECTIONS = statement(__file__, "protections")

_ROLES = {
    Level.KNOWN: {MODERATORS, ADMINISTRATORS, SUPERUSER},
    Level.MODERATORS: {MODERATORS, ADMINISTRATORS, SUPERUSER},
    Level.ADMINISTRATORS: {ADMINISTRATORS, SUPERUSER},
}


RENAMING = frozenset({"name", "slug"})
"""The fields of a page by which a change is a rename, wherever it is made."""


class Act(Enum):
    """What is done to a page (a deleted one is brought back by who may delete it).

    To a branch: writing to it, renaming it, archiving it.
    """

    EDIT = "edited"
    RENAME = "renamed"
    DELETE = "deleted"


def require_unprotected(user: Any, subjects: Iterable[UUID], act: Act, *, branch: int = 0) -> None:
    """Refuse what a protection keeps for others. `branch`: the number of one that is written to.

    Cost: a query, and another where something is protected. Raises PermissionDenied.
    """
    require_acts(user, {each: {act} for each in subjects}, branch=branch)


def require_acts(user: Any, acts: Mapping[UUID, Collection[Act]], *, branch: int = 0) -> None:
    """Refuse what protections keep for others: of each subject, what is done to it.

    `branch` and cost as above. Raises PermissionDenied.
    """
    for _, sentence in _refusals(user, acts, branch):
        raise PermissionDenied(sentence)


def protected_from(user: Any, subjects: Iterable[UUID], act: Act) -> set[UUID]:
    """Those of some pages to which somebody may not do something. Cost as above."""
    return {subject for subject, _ in _refusals(user, {each: {act} for each in subjects}, 0)}


def _refusals(
    user: Any, acts: Mapping[UUID, Collection[Act]], branch: int
) -> Iterator[tuple[UUID, str]]:
    """Each subject that keeps something for others, and the sentence that says so."""
    with connection.cursor() as cursor:
        cursor.execute(_PROTECTIONS, {"subjects": list(acts), "branch": branch})
        protections = cursor.fetchall()
    for subject, name, editing, renaming, deleting, reason in protections:
        levels = {Act.EDIT: editing, Act.RENAME: renaming, Act.DELETE: deleting}
        # Whatever is done to a page, to its branch it is that somebody writes to it.
        for act in acts.get(subject, {Act.EDIT}):
            level = Level(levels[act])
            if not _reaches(user, level):
                yield subject, f"{name} can be {act.value} by {level.label} only: {reason}"


def require_plan_unprotected(user: Any, plan: Plan) -> None:
    """Refuse a merge, sync or revert that does to something what it is protected from.

    Raises PermissionDenied.
    """
    acts = {each.entity[1]: _acts_of(each) for each in plan.changing}
    require_acts(user, acts, branch=plan.target.branch)


def require_reaches(user: Any, levels: Iterable[str]) -> None:
    """Refuse who changes a protection that keeps something for others. Raises PermissionDenied."""
    beyond = [level for each in levels if not _reaches(user, level := Level(each))]
    if beyond:
        raise PermissionDenied(f"This protection can be changed by {beyond[0].label} only.")


def _acts_of(planned: EntityPlan) -> set[Act]:
    """What a plan does to a page, as if somebody did it there by hand."""
    if planned.ours is None:
        return {Act.EDIT}
    if planned.merged is None or planned.ours.is_deleted:
        return {Act.DELETE}
    return {Act.EDIT, Act.RENAME} if planned.differing.keys() & RENAMING else {Act.EDIT}


def _reaches(user: Any, level: Level) -> bool:
    if level is Level.EVERYBODY or (level is Level.KNOWN and not is_new(user)):
        return True
    return bool(_ROLES[level] & set(roles_of(user)))
