"""What the changeset of a merge tells of how it was made, so that it can be derived again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from eventstore.models import Changeset
from versioning import writing
from versioning.branches.plans import Plan

RULES: Final = 2
"""Counts up whenever the rules of merging lead to another result than before."""

_MERGE = "merge"


@dataclass(frozen=True)
class Recorded:
    """By which rules a merge was made, with which answers; by whom, where it tells an author.

    `of` is the changeset that was replayed, where it was one of many.
    """

    rules: int
    answers: Sequence[tuple[str, Mapping[str, Any]]]
    by: int | None = None
    of: int | None = None


def recorded_details(plan: Plan, authored: Changeset | None = None) -> dict[str, Any]:
    """The details of a merge's changeset; it keeps whose work `authored` was, and when."""
    told: dict[str, Any] = {"rules": RULES, "answers": plan.answers}
    if authored is None:
        return {_MERGE: told}
    held = json.loads(authored.details)
    author = {"author": held["author"]} if "author" in held else {}
    authored_at = held.get("authored_at", authored.recorded_at.isoformat(timespec="seconds"))
    told |= {"by": writing.actor.get(), "of": authored.pk}
    return author | {"authored_at": authored_at, _MERGE: told}


def recorded_merge(changeset: Changeset) -> Recorded | None:
    """What a changeset tells; None of one from before merges told it."""
    told = json.loads(changeset.details).get(_MERGE)
    return None if told is None else Recorded(**told)
