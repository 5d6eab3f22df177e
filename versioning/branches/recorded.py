"""What the changeset of a merge tells of how it was made, so that it can be derived again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from eventstore.models import Changeset
from eventstore.types import Position
from versioning.branches.plans import Plan
from versioning.merge import is_one_value
from versioning.saving import writing
from versioning.schema.past import MergeKinds

RULES: Final = 2
"""Counts up whenever the rules of merging lead to another result than before."""

_MERGE = "merge"


@dataclass(frozen=True)
class Recorded:
    """By which rules a merge was made, with which answers; by whom, where it tells an author.

    `of` is the changeset that was replayed, where it was one of many. `at` is the position that the
    target was planned at. `kinds` say how the fields of the kinds in it were merged that are not
    merged as one value: the models may say otherwise later, and the schema in the log says nothing
    of it. Merges of before these were recorded tell neither.
    """

    rules: int
    answers: Sequence[tuple[str, Mapping[str, Any]]]
    by: int | None = None
    of: int | None = None
    at: Position | None = None
    kinds: MergeKinds = field(default_factory=dict)


def recorded_details(plan: Plan, authored: Changeset | None = None) -> dict[str, Any]:
    """The details of a merge's changeset; it keeps whose work `authored` was, and when."""
    told: dict[str, Any] = {
        "rules": RULES,
        "answers": plan.answers,
        "at": plan.position,
        "kinds": _kinds_of(plan),
    }
    if authored is None:
        return {_MERGE: told}
    held = json.loads(authored.recorded_details)
    author = {"author": held["author"]} if "author" in held else {}
    authored_at = held.get("authored_at", authored.recorded_at.isoformat(timespec="seconds"))
    told |= {"by": writing.actor.get(), "of": authored.pk}
    return author | {"authored_at": authored_at, _MERGE: told}


def _kinds_of(plan: Plan) -> MergeKinds:
    kinds = {entity.kind.label: entity.kind for entity in plan.entities}
    return {
        label: {n: how for n, how in kind.merge_kinds.items() if not is_one_value(how)}
        for label, kind in sorted(kinds.items())
    }


def recorded_merge(changeset: Changeset) -> Recorded | None:
    """What a changeset tells; None of one from before merges told it."""
    told = json.loads(changeset.recorded_details).get(_MERGE)
    return None if told is None else Recorded(**told)
