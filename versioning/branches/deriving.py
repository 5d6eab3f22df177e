"""Derive a merge or a sync of the log once more, and compare it with what was recorded.

What both parents had stands in the versions, and the answers in the changeset itself; so whoever
doubts a merge can make it again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.db.models import Q

from eventstore.models import Changeset, ChangesetKind
from eventstore.types import Position
from versioning.branches.documents import Entity, entities_where, state, title_of, versions_at
from versioning.branches.merge import plan_into
from versioning.branches.plans import Plan
from versioning.branches.recorded import RULES, Recorded, recorded_merge
from versioning.branches.sync import plan_onto
from versioning.entities.kinds import Document
from versioning.viewpoints.chain import resolve_number
from versioning.viewpoints.visibility import written_within

_BEFORE_MERGES_TOLD = Recorded(rules=0, answers=())

DERIVABLE = (ChangesetKind.MERGE, ChangesetKind.SYNC)


class Verdict(Enum):
    """What came of deriving a merge again."""

    SAME = "same"
    DIFFERENT = "different"
    UNTOLD = "untold"
    """It comes out otherwise, but was made by earlier rules, or before merges told the answers."""


@dataclass(frozen=True)
class Derived:
    """A merge, the verdict about it, and of each entity that is not as derived a sentence."""

    changeset: Changeset
    verdict: Verdict
    sentences: tuple[str, ...] = ()


def derive(changeset: Changeset) -> Derived:
    """Make a merge or a sync again from its parents and the answers that it recorded.

    Cost: that of planning it.
    """
    recorded = recorded_merge(changeset) or _BEFORE_MERGES_TOLD
    sentences = tuple(_differences(changeset, _plan(changeset, recorded)))
    if not sentences:
        return Derived(changeset, Verdict.SAME)
    if recorded.rules != RULES:
        return Derived(changeset, Verdict.UNTOLD)
    return Derived(changeset, Verdict.DIFFERENT, sentences)


def _plan(changeset: Changeset, recorded: Recorded) -> Plan:
    """What was planned, with the answers that were given."""
    before = Position(changeset.first_position - 1)
    target = resolve_number(changeset.branch, before)
    merged = Changeset.objects.get(
        Q(id__in=changeset.parents) & ~Q(branch=changeset.branch),
    )
    source = (merged.branch, Position(merged.last_position))
    if changeset.kind == ChangesetKind.SYNC:
        plan = plan_onto(target, source, before)
    else:
        plan, _ = plan_into(target, source, before)
    told = dict(recorded.answers)
    plan = plan.reconciled(told)
    taken = {key for key, _ in plan.answers}
    return plan.answered([each for each in recorded.answers if each[0] not in taken])


def _differences(changeset: Changeset, plan: Plan) -> Iterator[str]:
    after = resolve_number(changeset.branch, Position(changeset.last_position)).chain
    derived: dict[Entity, Document | None] = {e.entity: e.merged for e in plan.entities}
    changed = entities_where(
        written_within(
            changeset.branch, Position(changeset.first_position), Position(changeset.last_position)
        )
    )
    present = versions_at(after, changed | derived.keys())
    for entity in sorted(changed | derived.keys(), key=str):
        found = state(present.get(entity))
        if entity not in derived:
            yield f"it changed {title_of(entity, found)}, which no side had changed."
        elif found != derived[entity]:
            title = title_of(entity, found or derived[entity])
            yield f"{title} is not what its parents and its answers lead to."
