"""Merge a branch changeset by changeset: each becomes one of the target, and stays its author's.

The steps are merges of what the branch was after each of its changesets, so that the graph tells
how far the target contains the branch, and a step reconciles what that changeset changed. It stops
at a conflict, whose answer waits on a proposal, and goes on from there.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from eventstore import log, reading
from eventstore.models import OF_NO_BRANCH, Changeset, ChangesetKind
from eventstore.types import Position
from versioning.branches.bases import ancestry
from versioning.branches.conflicts import EntityConflict, Resolutions
from versioning.branches.merge import MergePlan, NotABranch, merge, plan_merge
from versioning.entities.changes import Change
from versioning.models import Branch
from versioning.saving.context import require_own_changeset
from versioning.schema.missing import require_all_kinds

_NO_STEPS = (ChangesetKind.FORK, ChangesetKind.BRANCH, ChangesetKind.SYNC, *OF_NO_BRANCH)
"""What is of the branch itself, or came from the parent: nothing to bring there."""


@dataclass(frozen=True)
class Replayed:
    """The changesets that were merged, each as one of its own; and what the next one asks."""

    sealed: tuple[log.Sealed, ...]
    remaining: int
    conflicts: tuple[EntityConflict, ...] = ()


def steps_of(branch: Branch) -> list[Changeset]:
    """The changesets of a branch that its parent does not contain, oldest first.

    Raises NotABranch.
    """
    if branch.parent_id is None:
        raise NotABranch("main has no parent branch that it could be merged into.")
    now = reading.last_position()
    common = ancestry((branch.number, now), (branch.parent_id, now))
    contained = common.contained.get(branch.number, Position(0))
    later = Changeset.every.filter(branch=branch.number, last_position__gt=contained)
    return list(later.exclude(kind__in=_NO_STEPS).order_by("id"))


def plan_step(branch: Branch) -> MergePlan:
    """What the next step would do; where there is none, what merging the branch would."""
    require_all_kinds()
    steps = steps_of(branch)
    return plan_merge(branch, upto=steps[0] if steps else None)


def merge_each(
    branch: Branch,
    *,
    resolutions: Resolutions | None = None,
    closing: Callable[[], Sequence[Change]] = list,
    around: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Replayed:
    """Merge the branch's changesets one after the other, until one has a conflict without answer.

    What was merged stays. `closing` are changes that join the last one; `around` is entered for
    each. Raises NotABranch, BranchIsClosed, KindMissing, StaleStreams.
    """
    require_own_changeset()
    require_all_kinds()
    steps = steps_of(branch)
    sealed: list[log.Sealed] = []
    for place, step in enumerate(steps, start=1):
        branch.refresh_from_db()
        planned = plan_merge(branch, upto=step)
        open_conflicts = planned.plan.resolved(resolutions or {}).conflicts
        if open_conflicts:
            remaining = len(steps) - len(sealed)
            return Replayed(tuple(sealed), remaining, tuple(open_conflicts))
        with around():
            sealed.append(
                merge(
                    branch,
                    message=step.message,
                    resolutions=resolutions,
                    together_with=closing() if place == len(steps) else (),
                    planned=planned,
                    authored=step,
                )
            )
    return Replayed(tuple(sealed), 0)
