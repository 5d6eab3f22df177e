"""The page of one branch: what it is for, who wrote it, what it brings, and what is in its way."""

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import QuerySet

from eventstore.models import OF_NO_BRANCH, Changeset, ChangesetKind
from eventstore.types import Position
from versioning.branches.compare import Distance, distance
from versioning.branches.documents import ever_touched
from versioning.branches.merge import plan_merge
from versioning.entities.tables import LATEST
from versioning.models import Branch, Proposal, ProposalPurpose
from versioning.viewpoints.names import merge_name
from wiki.accounts.names import authors_of, names_of
from wiki.branches.commands import may_change
from wiki.branches.comments import talk_on
from wiki.branches.merges import decisions_of, merges_of
from wiki.branches.plans import shown_plan
from wiki.branches.sides import behind, labels_of
from wiki.branches.story import MOST_DRAWN, Story
from wiki.branches.verdict import Brings, verdict
from wiki.changes.listed import Listed, counted, listed
from wiki.rights.rights import Right, may
from wiki.viewpoints.addresses import prefix_named

MOST_PLANNED: Final = 500
"""Pages that a branch may have touched for its merge to be looked at here: it is work for each."""

MOST_LISTED: Final = 20
"""Changes of the branch that its page lists; all of them stand on a page of their own."""

_OWN_KINDS: Final = (ChangesetKind.FORK, ChangesetKind.BRANCH, *OF_NO_BRANCH)
"""What stands on a branch and changes no page of it."""


def overview(branch: Branch, user: Any, *, comments_before: int = 0) -> dict[str, Any]:
    """A branch for a template. Cost: that of a plan of its merge, where it is not very large."""
    assert branch.parent is not None
    own, since = _written(branch)
    proposals = list(Proposal.objects.filter(branch=branch).order_by("-number")[:MOST_LISTED])
    merges = merges_of(branch)
    talk = talk_on(branch, comments_before)
    spoke = [
        *(p.opened_by_id for p in proposals),
        *(each.comment.author_id for each in talk.comments),
    ]
    names = names_of([branch.owner_id, *branch.member_ids, *spoke])
    apart = distance(branch)
    return {
        "branch": branch,
        "distance": apart,
        "members": [names.get(key, "") for key in branch.member_ids],
        "people": _people(own, names.get(branch.owner_id)),
        "changesets": own,
        "talk": talk,
        "comments": [(each, names.get(each.comment.author_id)) for each in talk.comments],
        "may_comment": may(user, Right.EDIT),
        "proposals": [(each, names.get(each.opened_by_id)) for each in proposals],
        "merged": merges[0] if merges else None,
        "merged_by": authors_of(merges[:1]).get(merges[0].pk) if merges else None,
        "merges": len(merges),
        "decisions": decisions_of(merges[0]) if merges else [],
        "may_change": may_change(user, branch.owner_id),
        "may_moderate": may(user, Right.MODERATE),
        "parent_at": prefix_named(branch.parent.name),
        "preview": prefix_named(merge_name(branch.parent.name, branch.name)),
        **_outlook(branch, apart, user, own, since, merges),
    }


def _written(branch: Branch) -> tuple[list[Listed], list[Listed]]:
    """What was written last on a branch, and on its parent since. Cost: four queries."""
    own = _newest(branch.number, 0, _OWN_KINDS)[:MOST_LISTED]
    since = _newest(branch.parent_id or 0, branch.base_position or 0, OF_NO_BRANCH)[:MOST_DRAWN]
    told = listed([*own, *since])
    return told[: len(own)], told[len(own) :]


def _newest(number: int, after: int, left_out: Sequence[str]) -> "QuerySet[Any]":
    found = Changeset.objects.filter(branch=number, last_position__gt=after)
    return counted(found.exclude(kind__in=left_out)).order_by("-last_position")


def _people(own: Sequence[Listed], owner: str | None) -> list[str]:
    """Who wrote on a branch, its owner first."""
    wrote = [each.by for each in reversed(own) if each.by]
    return list(dict.fromkeys([*([owner] if owner else []), *wrote]))


def _outlook(
    branch: Branch,
    apart: Distance,
    user: Any,
    own: Sequence[Listed],
    since: Sequence[Listed],
    merges: Sequence[Changeset],
) -> dict[str, Any]:
    """What merging it would bring, whether it can be, and the picture of that."""
    story = Story(branch, _began(branch), own, since, merges[0] if merges else None)
    if len(ever_touched(branch.number, Position(LATEST))) > MOST_PLANNED:
        return {"is_large": True, **story.drawn()}
    shown = shown_plan(
        plan_merge(branch).plan,
        labels=labels_of(branch, ProposalPurpose.MERGE),
        behind=behind(branch, ProposalPurpose.MERGE),
    )
    pages = len(shown["planned_pages"]) + shown["planned_more"]
    brings = Brings(pages, shown["questions"])
    told = verdict(branch, brings, apart, user, was_merged=bool(merges))
    return {**shown, "brings": brings, "verdict": told, **story.drawn(brings)}


def _began(branch: Branch) -> Changeset | None:
    """The changeset that forked a branch."""
    forks = Changeset.objects.filter(branch=branch.number, kind=ChangesetKind.FORK)
    return forks.order_by("last_position").first()
