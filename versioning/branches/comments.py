"""Comments: what people say about a branch while they make it, and after it was merged."""

from django.db import transaction
from django.db.models import Max

from eventstore import log
from eventstore.errors import Refusal
from eventstore.types import Version
from versioning.branches.changes import change_of, record_about
from versioning.entities.changes import Change, Operation
from versioning.entities.historical import new_id
from versioning.entities.kinds import kind_of
from versioning.models import Branch, Comment
from versioning.saving import writing
from versioning.saving.context import require_own_changeset


class NothingSaid(Refusal):
    """A comment without a word."""

    code = "nothing-said"
    status = 400
    hint = "Write something, or take the comment back."


def comment(branch: Branch, text: str) -> Comment:
    """Say something about a branch; sent twice in a row by the same account, it is said once.

    Raises NothingSaid.
    """
    require_own_changeset()
    _require_words(text)
    author = writing.actor.get()
    with transaction.atomic():
        log.lock()
        newest = Comment.every.filter(branch=branch).order_by("-number").first()
        if newest and (newest.author_id, newest.text) == (author, text):
            return newest
        number = (Comment.every.aggregate(last=Max("number"))["last"] or 0) + 1
        document = kind_of(Comment).full(
            {"number": number, "branch": str(branch.pk), "text": text, "author_id": author}
        )
        entity_id = new_id()
        change = Change(kind_of(Comment), entity_id, Operation.CREATE, Version(0), values=document)
        record_about(branch, [change], f"Comment on {branch.name}")
        return Comment.every.select_related("branch").get(pk=entity_id)


def reword(comment: Comment, text: str) -> None:
    """Say something else in a comment's place. Raises NothingSaid, StaleStreams."""
    _require_words(text)
    if text != comment.text:
        _change(comment, text, f"Reword a comment on {comment.branch.name}")


def take_back(comment: Comment) -> None:
    """Leave a comment's place empty. Raises StaleStreams."""
    if comment.text:
        _change(comment, "", f"Take back a comment on {comment.branch.name}")


def _require_words(text: str) -> None:
    if not text.strip():
        raise NothingSaid("This comment says nothing.")


def _change(comment: Comment, text: str, message: str) -> None:
    require_own_changeset()
    record_about(comment.branch, [change_of(comment, text=text)], message)
    comment.refresh_from_db()
