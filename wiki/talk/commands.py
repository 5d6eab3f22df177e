"""Comment on a branch, reword a comment, take it back."""

from typing import Any

from django.core.exceptions import PermissionDenied

from eventstore.types import Version
from versioning import suppression
from versioning.branches import comments
from versioning.entities.kinds import kind_of
from versioning.events import MAIN
from versioning.models import Branch, Comment
from wiki.accounts.rights import Right, may, require_under_lock
from wiki.commanding import command
from wiki.limits.spending import Action


def comment(branch: Branch, text: str, *, actor: Any) -> Comment:
    """Say something about a branch. Raises PermissionDenied, TooMuch, NothingSaid."""
    with command(actor, Right.EDIT, Action.COMMENT), require_under_lock(actor, Right.EDIT):
        return comments.comment(branch, text)


def reword(comment: Comment, text: str, *, actor: Any) -> None:
    """Say something else in a comment of one's own. Raises PermissionDenied, TooMuch."""
    with command(actor, Right.EDIT, Action.COMMENT):
        if comment.author_id != actor.pk:
            raise PermissionDenied("This comment is another account's: only its author rewords it.")
        with require_under_lock(actor, Right.EDIT):
            comments.reword(comment, text)


def take_back(comment: Comment, *, actor: Any) -> None:
    """Leave a comment's place empty, by its author or a moderator.

    What a moderator takes back of somebody else is hidden from everybody. Raises PermissionDenied,
    TooMuch.
    """
    with command(actor, Right.EDIT, Action.COMMENT):
        is_own = comment.author_id == actor.pk
        if not is_own and not may(actor, Right.MODERATE):
            raise PermissionDenied(
                "This comment is another account's: only its author or a moderator takes it back."
            )
        with require_under_lock(actor, Right.EDIT if is_own else Right.MODERATE):
            comments.take_back(comment)
            if not is_own:
                _hide(comment)


def _hide(comment: Comment) -> None:
    """Hide every version of a comment but the newest, which says nothing."""
    last = Version(comment.version - 1)
    message = f"Hide a comment on {comment.branch.name}"
    suppression.suppress(kind_of(Comment), comment.pk, MAIN, 1, last, message=message)
