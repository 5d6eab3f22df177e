"""What an import left aside that ended in the middle: taken up by the next run, or withdrawn."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eventstore.models import Changeset, ChangesetKind
from eventstore.pipeline import Sent
from eventstore.types import ChangesetId, Position
from versioning.branches import aside
from versioning.models import Branch
from wiki.exchange.git.lines import Line
from wiki.exchange.git.purpose import Purpose, by_purpose
from wiki.exchange.git.repository import Commit


@dataclass(frozen=True)
class Remains:
    """Branches by their names, and what commits became."""

    branches: Mapping[str, Branch] = field(default_factory=dict)
    commits: Mapping[str, Sent] = field(default_factory=dict)


def taken_up(purpose: Purpose, commits: Sequence[Commit], lines: Mapping[str, Line]) -> Remains:
    """What earlier runs recorded for a purpose; what stands in its way is withdrawn.

    That is whatever was begun of this history otherwise: other files, an older HEAD, another
    target. Whoever asks is the only import that runs.
    """
    begun = by_purpose(list(aside.unfinished().order_by("number")))
    remains = _remains_of(begun.get(purpose, []))
    if _is_beginning(remains, commits, lines):
        del begun[purpose]
    else:
        remains = Remains()
    names = {line.name for line in lines.values()}
    for other, branches in begun.items():
        if other.root == purpose.root or names & {branch.name for branch in branches}:
            aside.withdraw(branches)
    return remains


def _remains_of(branches: Sequence[Branch]) -> Remains:
    recorded = Changeset.every.filter(
        branch__in=[branch.number for branch in branches], kind=ChangesetKind.IMPORT
    )
    told = recorded.values_list("recorded_details", "id", "last_position")
    return Remains(
        {branch.name: branch for branch in branches},
        {
            json.loads(details)["git"]: Sent(ChangesetId(changeset), Position(last))
            for details, changeset, last in told
        },
    )


def _is_beginning(remains: Remains, commits: Sequence[Commit], lines: Mapping[str, Line]) -> bool:
    """Whether it can be gone on from: the first commits, each on its line, and nothing else.

    Another git may tell commits in another order; a moderator may have opened a branch and
    written there.
    """
    first = [commit.name for commit in commits[: len(remains.commits)]]
    names = {lines[name].name for name in (commits[-1].name, *first)}
    numbers = [branch.number for branch in remains.branches.values()]
    others = Changeset.every.filter(branch__in=numbers).exclude(
        kind__in=[ChangesetKind.FORK, ChangesetKind.IMPORT]
    )
    return (
        remains.commits.keys() == set(first)
        and remains.branches.keys() == names
        and not others.exists()
    )
