"""The sides of a merge or a sync: what they are called, and what they read."""

from versioning.models import Branch, ProposalPurpose
from versioning.viewpoints.chain import resolve_number
from wiki.branches.origins import Behind
from wiki.branches.questions import Labels


def labels_of(branch: Branch, purpose: str) -> Labels:
    """What our side and theirs say, as cards are headed."""
    ours, theirs = _in_order(branch, purpose)
    return f"{ours.called} says", f"{theirs.called} says"


def behind(branch: Branch, purpose: str) -> Behind:
    """What both sides read. Cost: one query or two for each that is not main."""
    ours, theirs = _in_order(branch, purpose)
    return Behind(resolve_number(ours.number).chain, resolve_number(theirs.number).chain)


def _in_order(branch: Branch, purpose: str) -> tuple[Branch, Branch]:
    """Ours and theirs: a merge is into the parent, a sync into the branch."""
    assert branch.parent is not None
    parent = branch.parent
    return (branch, parent) if purpose == ProposalPurpose.SYNC else (parent, branch)
