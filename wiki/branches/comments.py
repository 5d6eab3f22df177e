"""The comments on a branch, for people to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from versioning.changesets import changesets_of
from versioning.entities.kinds import kind_of
from versioning.models import Branch, Comment
from versioning.viewpoints.versions import rows_in

MOST_COMMENTS: Final = 50


@dataclass(frozen=True)
class Said:
    """A comment, and when it was made; nobody knows of one whose beginning is hidden."""

    comment: Comment
    at: datetime | None
    is_reworded: bool


@dataclass(frozen=True)
class Talk:
    """The newest comments before one of a number, in the order in which they were made."""

    comments: Sequence[Said]
    before: int | None
    """The number to go on from, where there are earlier ones."""
    is_earlier: bool
    """Whether these are not the newest of all."""


def talk_on(branch: Branch, before: int = 0) -> Talk:
    """What was said about a branch, before a comment if one is named. Cost: four queries."""
    found = Comment.objects.filter(branch=branch).order_by("-number")
    if before:
        found = found.filter(number__lt=before)
    newest = list(found[: MOST_COMMENTS + 1])
    shown = newest[:MOST_COMMENTS][::-1]
    made = _made(shown)
    comments = [Said(each, made.get(each.pk), each.version > 1) for each in shown]
    earliest = shown[0].number if len(newest) > MOST_COMMENTS else None
    return Talk(comments, earliest, is_earlier=before > 0)


def _made(comments: Sequence[Comment]) -> dict[Any, datetime]:
    """When each was made, as the log tells it. Cost: three queries."""
    first = rows_in(kind_of(Comment)).filter(entity_id__in=[c.pk for c in comments], version=1)
    positions = dict(first.values_list("entity_id", "valid_from"))
    changesets = changesets_of(positions.values())
    return {key: changesets[at].recorded_at for key, at in positions.items() if at in changesets}
