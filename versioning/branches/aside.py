"""What is recorded aside: on private branches of nobody, until all of it can be shown at once.

A long history is appended in many transactions, and meant to come in whole. So its branches have
no members: nobody but moderators finds them (`viewpoints/readers.py`). They are archived, so that
whoever finds one does not write there. In the end they are shown, in the transaction that merges
what they came to; or, where that never happened, withdrawn.
"""

from collections.abc import Sequence
from typing import Final

from django.db.models import Q, QuerySet

from eventstore.errors import Refusal
from versioning.branches.changes import change_of, record_about
from versioning.models import Branch, BranchState

ASIDE: Final = Q(is_private=True, member_ids=[])

_WITHDRAWN: Final = "withdrawn-"


class StandsAside(Refusal):
    """The branch is half of something, and shown by nothing but its other half."""

    code = "stands-aside"
    status = 409
    hint = "Finish the import that made it: run it again."


def require_not_aside(branch: Branch) -> None:
    """Refuse to decide who sees a branch that nobody is to see yet. Raises StandsAside."""
    if branch.is_private and not branch.member_ids:
        raise StandsAside(f"{branch.name} is a part of what an import has not finished.")


def unfinished() -> "QuerySet[Branch]":
    """Branches that wait for the rest of what they are a part of."""
    return Branch.every.filter(ASIDE).exclude(name__startswith=_WITHDRAWN)


def show(branches: Sequence[Branch], members: Sequence[int] | None, message: str) -> None:
    """Open branches that stand aside, to everybody or to some members, as one changeset.

    Inside the transaction that finishes what they are a part of, with the log's lock held.
    """
    shown = {
        "is_private": members is not None,
        "member_ids": list(members or ()),
        "state": BranchState.OPEN.value,
    }
    record_about(branches[0], [change_of(branch, **shown) for branch in branches], message)


def withdraw(branches: Sequence[Branch]) -> None:
    """Give up what stands aside: it stays in the log, unseen, and lets go of its names."""
    renamed = [change_of(branch, name=f"{_WITHDRAWN}{branch.pk.hex[-12:]}") for branch in branches]
    record_about(branches[0], renamed, f"Withdraw an unfinished import of {len(branches)} branches")
