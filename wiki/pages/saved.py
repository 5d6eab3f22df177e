"""What is said of an edit that was just saved, and the ways from there."""

from django.urls import reverse
from django.utils.html import format_html

from eventstore.types import ChangesetId


def said_of(name: str, changeset: ChangesetId | None) -> str:
    """A sentence with links: to the change, and to its undoing."""
    if changeset is None:
        return f"Nothing of {name} was changed."
    see = reverse("changeset", args=[changeset])
    return format_html(
        '{} is saved. <a href="{}">See the change</a>, or <a href="{}">undo it</a>',
        name, see, reverse("revert", args=[changeset]),
    )  # fmt: skip
