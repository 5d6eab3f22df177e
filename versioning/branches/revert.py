"""Revert changesets: a three-way merge, so that what came after survives.

The base is what a changeset left, theirs what was there before it, ours what
stands now. Several are undone newest first, as one changeset.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from eventstore import log, reading
from eventstore.busy import holding_without_end
from eventstore.errors import Refusal
from eventstore.foreign import NO_BRANCH
from eventstore.models import Changeset, ChangesetKind
from eventstore.types import ChangesetId, Position
from versioning.branches.conflicts import Resolutions
from versioning.branches.documents import Entity, entities_where, state, versions_at
from versioning.branches.entity_plans import EntityPlan, plan_entity
from versioning.branches.plans import Plan, record
from versioning.merge import Conflict
from versioning.saving import writing
from versioning.saving.context import BranchIsClosed, require_own_changeset
from versioning.schema.missing import require_all_kinds
from versioning.suppression import spans_of
from versioning.viewpoints.chain import resolve_number
from versioning.viewpoints.versions import EntityVersion
from versioning.viewpoints.visibility import written_within

REVERTIBLE = (
    ChangesetKind.EDIT,
    ChangesetKind.MERGE,
    ChangesetKind.REVERT,
    ChangesetKind.IMPORT,
)


class CannotRevert(Refusal):
    """These changesets cannot be reverted together, or not at all."""

    code = "cannot-revert"
    status = 409
    hint = "Choose another changeset."


@dataclass(frozen=True)
class Part:
    """What alone of a changeset is undone: an entity, or one field of it."""

    entity: Entity
    field: str = ""


@dataclass(frozen=True)
class RevertPlan:
    """The undoing of some changesets of one branch, or of a part of them."""

    changesets: tuple[ChangesetId, ...]
    plan: Plan
    is_whole: bool = True
    """Whether nothing of the changesets is left out, and it happens on their own branch."""


def plan_revert(
    wanted: Iterable[int | Changeset], *, only: Part | None = None, onto: int | None = None
) -> RevertPlan:
    """What reverting would do now, in whatever order they are given, by themselves or by number.

    `only` a part of them, and `onto` a branch that was forked from theirs, by its number. Raises
    CannotRevert, KindMissing.
    """
    numbers = [each.pk if isinstance(each, Changeset) else each for each in wanted]
    changesets = list(Changeset.objects.filter(id__in=numbers).order_by("-id"))
    _check(changesets)
    require_all_kinds()
    position = reading.last_position()
    target = resolve_number(onto or changesets[0].branch)
    plans: dict[Entity, EntityPlan] = {}
    for changeset in changesets:
        entities = _entities_of(changeset, only)
        before_it = Position(changeset.first_position - 1)
        after = versions_at(_chain(changeset, Position(changeset.last_position)), entities)
        before = versions_at(_chain(changeset, before_it), entities)
        if only is not None and only.field:
            before = {each: _with_field(only.field, after, before, each) for each in entities}
        now = versions_at(target.chain, entities)
        _require_readable(changeset, before, after)
        for entity in entities:
            ours = now.get(entity)
            earlier = plans.get(entity)
            if earlier is not None and ours is not None:
                ours = _as_planned(ours, earlier)
            plan = plan_entity(entity, state(after.get(entity)), ours, before.get(entity))
            kept = earlier.conflicts if earlier else ()
            asked = _asked_once([*kept, *plan.conflicts])
            plans[entity] = replace(plan, ours=now.get(entity), conflicts=asked)
    return RevertPlan(
        tuple(ChangesetId(c.pk) for c in changesets),
        Plan(
            target, tuple(plan for plan in plans.values() if plan.changes_ours), position
        ).checked_again(),
        is_whole=only is None and onto is None,
    )


@holding_without_end()
def revert(
    changesets: Iterable[int | Changeset],
    *,
    message: str = "",
    resolutions: Resolutions | None = None,
    planned: RevertPlan | None = None,
) -> log.Sealed:
    """Undo changesets as one new changeset on their branch.

    Raises CannotRevert, UnresolvedConflicts, BranchIsClosed, StaleStreams
    (something moved since it was `planned`: plan again).
    """
    require_own_changeset()
    planned = planned or plan_revert(changesets)
    plan = planned.plan.resolved(resolutions or {})
    if not plan.target.is_open:
        raise BranchIsClosed(f"The branch {plan.target.name!r} is archived.")
    changes = plan.changes()
    if not changes:
        raise CannotRevert("Nothing of this change is left, so there is nothing to undo.")
    numbers = ", ".join(str(number) for number in planned.changesets)
    return record(
        plan,
        changes,
        log.Header(
            plan.target.branch,
            writing.actor.get(),
            message or f"Revert changeset {numbers}",
            ChangesetKind.REVERT,
            # A merge of which a part stands is none that can be made again.
            {} if planned.is_whole else {"undoes_something_of_changeset": numbers},
            reverts=planned.changesets if planned.is_whole else (),
        ),
        guards=[plan.target.guard] if plan.target.guard else (),
    )


def _check(changesets: Sequence[Changeset]) -> None:
    if not changesets:
        raise CannotRevert("There is no such changeset.")
    if len({changeset.branch for changeset in changesets}) > 1:
        raise CannotRevert(
            "The changesets are of different branches.", "Revert each branch's alone."
        )
    for changeset in changesets:
        if changeset.branch == NO_BRANCH:
            raise CannotRevert(
                f"Changeset {changeset.pk} was recorded by an application, and changed no entity.",
                "The application alone can undo it.",
            )
        if changeset.kind not in REVERTIBLE:
            raise CannotRevert(
                f"Changeset {changeset.pk} is a {changeset.get_kind_display()}, which changes no "
                "page; it cannot be reverted."
            )


def _entities_of(changeset: Changeset, only: Part | None) -> list[Entity]:
    """What a changeset changed on its branch, or the part of it. Raises CannotRevert."""
    found = entities_where(
        written_within(
            changeset.branch, Position(changeset.first_position), Position(changeset.last_position)
        )
    )
    if only is None:
        return sorted(found, key=str)
    if only.entity not in found:
        raise CannotRevert(f"Changeset {changeset.pk} did not change this page.")
    return [only.entity]


def _with_field(
    name: str,
    after: Mapping[Entity, EntityVersion],
    before: Mapping[Entity, EntityVersion],
    entity: Entity,
) -> EntityVersion:
    """What a changeset left, but for one field as it was before. Raises CannotRevert."""
    newer, older = after.get(entity), before.get(entity)
    if newer is None or older is None or newer.is_deleted or older.is_deleted:
        raise CannotRevert(
            "This change created or deleted the page, so no field of it can be undone alone.",
            "Undo all that the change did to the page.",
        )
    if name not in newer.document:
        raise CannotRevert(f"The page has no field {name!r}.")
    return replace(newer, document={**newer.document, name: older.document[name]})


def _require_readable(
    changeset: Changeset, before: Collection[Entity], after: Mapping[Entity, EntityVersion]
) -> None:
    """Refuse where what stood before is hidden: it would not be put back, but taken for nothing."""
    ids = [entity_id for label, entity_id in after if (label, entity_id) not in before]
    if any(
        first < changeset.first_position <= end
        for spans in spans_of(ids, changeset.branch).values()
        for first, end in spans
    ):
        raise CannotRevert(
            f"What stood before changeset {changeset.pk} is hidden, and cannot be put back."
        )


def _chain(changeset: Changeset, position: Position) -> Sequence[tuple[int, Position]]:
    position = max(position, Position(1))
    return resolve_number(changeset.branch, position).chain


def _asked_once(conflicts: Iterable[Conflict]) -> tuple[Conflict, ...]:
    """One question for each place, whatever the steps asked of it, newest first.

    It is between what stands now and what stood before the oldest step. Nothing else is asked of an
    entity of which it is asked whether it is to be there.
    """
    asked: dict[str, Conflict] = {}
    for conflict in conflicts:
        if (newer := asked.get(conflict.path)) is not None:
            conflict = Conflict(conflict.path, newer.type, newer.base, newer.ours, conflict.theirs)
        asked[conflict.path] = conflict
    return (asked[""],) if "" in asked else tuple(asked.values())


def _as_planned(now: EntityVersion, earlier: EntityPlan) -> EntityVersion:
    """The entity as an earlier step of this revert would leave it."""
    return replace(
        now,
        is_deleted=earlier.merged is None,
        document=earlier.merged if earlier.merged is not None else now.document,
    )
