"""Sync a branch from its parent: move its base, merge what both touched.

What only the parent touched needs nothing but the new base. What came out
equal to the parent's is released: the branch shows the parent's again.
Cost: what the branch touched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from eventstore import log, reading
from eventstore.busy import holding_without_end
from eventstore.errors import Refusal
from eventstore.models import ChangesetKind
from eventstore.types import ChangesetId, Position
from versioning.branches.bases import Node, ancestry
from versioning.branches.changes import change_of
from versioning.branches.compare import changes_between
from versioning.branches.conflicts import Resolutions
from versioning.branches.documents import chain_at, state, touched, versions_at
from versioning.branches.entity_plans import EntityPlan, plan_entity
from versioning.branches.merge import NotABranch, documents_of, sides_of
from versioning.branches.plans import Plan, record
from versioning.branches.recorded import recorded_details
from versioning.changesets import newest_of
from versioning.entities.changes import Change, Operation
from versioning.models import Branch
from versioning.saving import writing
from versioning.saving.context import BranchIsClosed, require_own_changeset
from versioning.schema.missing import require_all_kinds
from versioning.viewpoints.chain import Viewpoint, resolve_number


class NothingToSync(Refusal):
    """The branch has everything that its parent has."""

    code = "nothing-to-sync"
    status = 409
    hint = "Wait until its parent changes."


@dataclass(frozen=True)
class SyncPlan:
    """A sync of a branch from its parent at a position."""

    branch: Branch
    source: Node
    head: ChangesetId
    plan: Plan


def plan_sync(branch: Branch) -> SyncPlan:
    """What a sync from the parent's head would do.

    Raises NotABranch, NothingToSync, KindMissing.
    """
    if branch.parent_id is None:
        raise NotABranch("main has no parent branch that it could be synced from.")
    require_all_kinds()
    position = reading.last_position()
    source: Node = (branch.parent_id, position)
    head = newest_of(branch.parent_id, position)
    if head is None or not _parent_moved(branch, position):
        raise NothingToSync(f"{branch.name} has everything that its parent has.")
    plan = plan_onto(resolve_number(branch.number), source, position)
    return SyncPlan(branch, source, head, plan)


def plan_onto(target: Viewpoint, source: Node, position: Position) -> Plan:
    """The sync of a branch, as it stands or stood at a position, from a node of its parent."""
    number = target.branch
    ours = touched(number, target.position)
    theirs = versions_at(chain_at(source), ours)
    common = ancestry((number, position), source).bases
    bases = documents_of(common, set(ours))
    entities = [
        plan_entity(entity, bases.get(entity), ours[entity], theirs.get(entity))
        for entity in sorted(ours, key=str)
    ]
    # What the branch did not touch comes with the new base: the result stands beside that.
    beside = (target.chain[0], *chain_at(source))
    return Plan(
        target,
        tuple(entities),
        position,
        beside,
        partial(sides_of, common, target.chain, chain_at(source)),
    ).checked_again()


@holding_without_end()
def sync(
    branch: Branch,
    *,
    message: str = "",
    resolutions: Resolutions | None = None,
    together_with: Sequence[Change] = (),
    planned: SyncPlan | None = None,
) -> log.Sealed:
    """Bring a branch up to its parent's head, as one changeset that `together_with` joins.

    Raises NothingToSync, UnresolvedConflicts, BranchIsClosed, StaleStreams
    (something moved since it was planned: plan again).
    """
    require_own_changeset()
    if not branch.is_open:
        raise BranchIsClosed(f"The branch {branch.name!r} is archived.")
    planned = planned or plan_sync(branch)
    plan = planned.plan.resolved(resolutions or {})
    plan.changes()  # refuses while conflicts are open
    changes = [
        change for entity in plan.entities if (change := _change(entity, branch.number)) is not None
    ]
    return record(
        plan,
        [*changes, change_of(branch, base_position=planned.source[1]), *together_with],
        log.Header(
            branch.number,
            writing.actor.get(),
            message or f"Sync {branch.name} from {resolve_number(planned.source[0]).name}",
            ChangesetKind.SYNC,
            recorded_details(plan),
            merged=(planned.head,),
        ),
    )


def _change(entity: EntityPlan, branch: int) -> Change | None:
    """Release what came out equal to the parent's; change what did not."""
    assert entity.ours is not None
    if entity.merged == state(entity.theirs):
        return Change(
            entity.kind,
            entity.entity[1],
            Operation.RELEASE,
            entity.ours.version,
            branch,
            entity.ours.branch,
            base=entity.ours.document,
        )
    return entity.change(branch)


def _parent_moved(branch: Branch, position: Position) -> bool:
    assert branch.parent_id is not None
    return changes_between(branch.parent_id, Position(branch.base_position or 0), position)
