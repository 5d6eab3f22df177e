"""What an import is for: another run for the same goes on with what was begun."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from eventstore.models import Changeset, ChangesetKind
from versioning.models import Branch

_MARK: Final = "importing"


@dataclass(frozen=True)
class Purpose:
    """A history, the files of it that are wanted, and the branch where they are to go."""

    head: str
    root: str
    """The history's first commit."""
    glob: str
    target: int
    """The number of a branch."""

    def details(self) -> dict[str, Any]:
        """What the fork of each branch says of itself."""
        return {_MARK: asdict(self)}


def by_purpose(branches: Sequence[Branch]) -> dict[Purpose, list[Branch]]:
    """Branches by what they were forked for. Cost: one query."""
    numbers = [branch.number for branch in branches]
    forks = Changeset.every.filter(branch__in=numbers, kind=ChangesetKind.FORK)
    told = {
        number: json.loads(said) for number, said in forks.values_list("branch", "recorded_details")
    }
    grouped: dict[Purpose, list[Branch]] = defaultdict(list)
    for branch in branches:
        if _MARK in told[branch.number]:
            grouped[Purpose(**told[branch.number][_MARK])].append(branch)
    return grouped
