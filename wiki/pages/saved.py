"""What is said of an edit that was just saved, and the ways from there."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from wiki.accounts.rights import Right, may


def said_of(actor: Any, page: Any, has_changed: bool) -> str:
    """A sentence with links: to the change, and to its undoing for who may. Cost: some queries."""
    newest = page.history.all().first() if has_changed else None
    if newest is None:
        return f"Nothing of {page.name} was changed."
    number = newest.changeset.pk
    see = reverse("changeset", args=[number])
    if not may(actor, Right.MERGE):
        return format_html('{} is saved. <a href="{}">See the change</a>', page.name, see)
    return format_html(
        '{} is saved. <a href="{}">See the change</a>, or <a href="{}">undo it</a>',
        page.name, see, reverse("revert", args=[number]),
    )  # fmt: skip
