"""Comment on a branch, reword a comment, take it back."""

from typing import Any

from django.core.exceptions import PermissionDenied

from eventstore.types import Version
from versioning import suppression
from versioning.branches import comments
from versioning.entities.kinds import kind_of
from versioning.events import MAIN
from versioning.models import Branch, Comment
from versioning.viewpoints.versions import rows_in
from wiki.commanding import command
from wiki.limits.spending import Action
from wiki.requests.refusals import CannotBeDone
from wiki.rights.rights import Right, may, require_under_lock


def comment(branch: Branch, text: str, *, actor: Any) -> Comment:
    """Say something about a branch. Raises PermissionDenied, TooMuch, NothingSaid."""
    with command(actor, Right.EDIT, Action.COMMENT), require_under_lock(actor, Right.EDIT):
        return comments.comment(branch, text)


def reword(comment: Comment, text: str, *, actor: Any) -> None:
    """Say something else in a comment of one's own, unless it was taken back.

    Raises PermissionDenied, TooMuch, NothingSaid, CannotBeDone.
    """
    with command(actor, Right.EDIT, Action.COMMENT):
        if comment.author_id != actor.pk:
            raise PermissionDenied(
                "This comment is by somebody else: only its author can reword it."
            )
        if not comment.text:
            raise CannotBeDone("This comment was taken back.", "Write another one.")
        with require_under_lock(actor, Right.EDIT):
            comments.reword(comment, text)


def take_back(comment: Comment, *, actor: Any) -> None:
    """Leave a comment's place empty, by its author or a moderator.

    What a moderator takes back of somebody else is hidden from everybody, also if its author has
    taken it back before; on a private branch once that is public. Raises PermissionDenied, TooMuch.
    """
    with command(actor, Right.EDIT, Action.EDIT):
        is_own = comment.author_id == actor.pk
        if not is_own and not may(actor, Right.MODERATE):
            raise PermissionDenied(
                "This comment is by somebody else: only its author or a moderator can take it back."
            )
        with require_under_lock(actor, Right.EDIT if is_own else Right.MODERATE):
            comments.take_back(comment)
            if not is_own and can_be_hidden(comment):
                _hide(comment)


def can_be_hidden(comment: Comment) -> bool:
    """Whether everybody can read what a comment said before; of a private branch nobody else can.

    That something is hidden is recorded on main, for all to see.
    """
    if comment.branch.is_private:
        return False
    earlier = rows_in(kind_of(Comment)).filter(entity_id=comment.pk, version__lt=comment.version)
    return bool(earlier.exists())


def _hide(comment: Comment) -> None:
    """Hide every version of a comment but the newest, which says nothing."""
    last = Version(comment.version - 1)
    kind = kind_of(Comment)
    suppression.suppress(kind, comment.pk, MAIN, 1, last, message="Hide a comment")
