"""Merge a branch into its parent: plan, look, then record as one changeset."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from eventstore import log, reading
from eventstore.busy import holding_without_end
from eventstore.errors import Refusal
from eventstore.models import Changeset, ChangesetKind
from eventstore.types import ChangesetId, Position
from versioning.branches.bases import Node, ancestry
from versioning.branches.changes import change_of
from versioning.branches.conflicts import Resolutions
from versioning.branches.documents import Entity, chain_at, ever_touched, state, versions_at
from versioning.branches.entity_plans import plan_entity
from versioning.branches.plans import Plan, record
from versioning.branches.recorded import recorded_details
from versioning.branches.results import Base, ThreeSides
from versioning.entities.changes import Change
from versioning.entities.kinds import kind_of
from versioning.merge import virtual_base
from versioning.models import Branch
from versioning.saving import writing
from versioning.saving.context import BranchIsClosed, require_own_changeset
from versioning.schema.missing import require_all_kinds
from versioning.viewpoints.chain import Viewpoint, resolve_number
from versioning.viewpoints.visibility import Link


class NothingToMerge(Refusal):
    """The target has everything that the branch has."""

    code = "nothing-to-merge"
    status = 409
    hint = "Change something on the branch first."


class NotABranch(Refusal):
    """Main has no parent to merge into or to sync from."""

    code = "not-a-branch"
    status = 409
    hint = "Name a branch of it."


@dataclass(frozen=True)
class MergePlan:
    """A merge of everything that `source` holds into the target's head."""

    branch: Branch
    source: Node
    head: ChangesetId
    plan: Plan
    contained: Position
    """How far the target contains the branch already."""

    @property
    def brings_nothing(self) -> bool:
        return not self.plan.changing and not self.plan.conflicts


def plan_merge(branch: Branch, *, upto: Changeset | None = None) -> MergePlan:
    """What merging the branch, or what it was up to a changeset, into its parent would do.

    Raises NotABranch, and KindMissing where it is about all of the branch: who plans steps asks
    once. Cost: what the branch touched, and a walk over the merges between.
    """
    if branch.parent_id is None:
        raise NotABranch("main has no parent branch that it could be merged into.")
    if upto is None:
        require_all_kinds()
    position = reading.last_position()
    head = upto or _head_changeset(branch.number)
    source: Node = (branch.number, Position(head.last_position))
    plan, contained = plan_into(resolve_number(branch.parent_id), source, position)
    return MergePlan(branch, source, ChangesetId(head.pk), plan, contained)


def plan_into(target: Viewpoint, source: Node, position: Position) -> tuple[Plan, Position]:
    """The merge of a node into a branch as it stands, or as it stood at a position.

    And how far the target contains the source's branch already.
    """
    branch, _ = source
    candidates = ever_touched(*source)
    ours = versions_at(target.chain, candidates)
    theirs = versions_at(chain_at(source), candidates)
    common = ancestry(source, (target.branch, position))
    bases = documents_of(common.bases, candidates)
    entities = [
        plan_entity(entity, bases.get(entity), ours.get(entity), theirs.get(entity))
        for entity in sorted(candidates, key=str)
    ]
    plan = Plan(
        target,
        tuple(e for e in entities if e.changes_ours),
        position,
        sides_of=partial(sides_of, common.bases, target.chain, chain_at(source)),
    ).checked_again()
    return plan, common.contained.get(branch, Position(0))


@holding_without_end()
def merge(
    branch: Branch,
    *,
    message: str = "",
    resolutions: Resolutions | None = None,
    together_with: Sequence[Change] = (),
    planned: MergePlan | None = None,
    authored: Changeset | None = None,
) -> log.Sealed:
    """Merge a branch into its parent, as one changeset, all or nothing.

    Merges what `planned` looked at, if given: what came to the branch since
    then waits for the next merge. `together_with` joins the changeset, whose
    author, message and time are those of `authored`, if given. Raises
    NothingToMerge, UnresolvedConflicts, BranchIsClosed, StaleStreams
    (something moved since it was planned: plan again).
    """
    require_own_changeset()
    planned = planned or plan_merge(branch)
    if not branch.is_open:
        raise BranchIsClosed(f"The branch {branch.name!r} is archived.")
    plan = planned.plan.resolved(resolutions or {})
    changes = plan.changes()
    if not changes and _is_contained(planned):
        raise NothingToMerge(f"{plan.target.name} has everything that {branch.name} has.")
    return record(
        plan,
        [*changes, change_of(branch, merged_position=planned.source[1]), *together_with],
        log.Header(
            plan.target.branch,
            authored.actor_id if authored else writing.actor.get(),
            message or f"Merge {_called(branch)} into {plan.target.name}",
            ChangesetKind.MERGE,
            recorded_details(plan, authored),
            merged=(planned.head,),
        ),
        guards=[plan.target.guard] if plan.target.guard else (),
    )


def _called(branch: Branch) -> str:
    """What a merge says of a branch to all who read its target."""
    return "a branch" if branch.is_private else branch.name


def _is_contained(planned: MergePlan) -> bool:
    """The target contains the source already, or the source never had an edit of its own."""
    branch, position = planned.source
    return (
        not Changeset.every.filter(
            branch=branch, last_position__gt=planned.contained, last_position__lte=position
        )
        .exclude(kind__in=[ChangesetKind.FORK, ChangesetKind.BRANCH, ChangesetKind.SYNC])
        .exists()
    )


def _head_changeset(number: int) -> Changeset:
    head = Changeset.every.filter(branch=number).order_by("-last_position").first()
    assert head is not None, "a branch begins with the changeset that forked it"
    return head


type StatesAt = Callable[[Node, set[Entity]], dict[Entity, Base]]
"""Tells each entity as it stood at a node; None where it was not there."""


def documents_of(
    bases: Sequence[Node], entities: set[Entity], states_at: StatesAt | None = None
) -> dict[Entity, Base]:
    """Each entity as the merge base has it; of several bases, their merge.

    Several bases are merged over *their* base, as git's recursive strategy
    does: without it, a deletion on one of them would look like a creation on
    the other. It ends, for each step is about older nodes.
    """
    if not bases:
        return dict.fromkeys(entities)
    first, *others = bases
    states_at = states_at or _states_at
    merged = states_at(first, entities)
    for other in others:
        ancestors = documents_of(ancestry(first, other).bases, entities, states_at)
        states = states_at(other, entities)
        merged = {
            entity: cast(
                "Base",
                virtual_base(
                    kind_of(entity[0]).merge_kinds,
                    [merged[entity], states[entity]],
                    ancestors[entity],
                ),
            )
            for entity in entities
        }
    return merged


def sides_of(
    bases: Sequence[Node],
    ours: Sequence[Link],
    theirs: Sequence[Link],
    entities: Collection[Entity],
) -> dict[Entity, ThreeSides]:
    """Entities in the base and on both sides. Cost: a query a kind for each."""
    before = documents_of(bases, set(entities))
    mine, other = versions_at(ours, entities), versions_at(theirs, entities)
    return {e: (before[e], state(mine.get(e)), state(other.get(e))) for e in entities}


def _states_at(node: Node, entities: set[Entity]) -> dict[Entity, Base]:
    found = versions_at(chain_at(node), entities)
    return {entity: state(found.get(entity)) for entity in entities}
