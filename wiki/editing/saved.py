"""What is said of an edit that was just saved, and the ways from there."""

from django.urls import reverse
from django.utils.html import format_html

from eventstore.types import ChangesetId


def said_of(name: str, changeset: ChangesetId | None, place_in_browser: str = "") -> str:
    """A sentence with links: to the change, and to its undoing.

    What the browser keeps of the form at a place, it may forget now.
    """
    if changeset is None:
        nothing = '<span data-saved="{}">Nothing of {} was changed.</span>'
        return format_html(nothing, place_in_browser, name)
    see = reverse("changeset", args=[changeset])
    return format_html(
        '<span data-saved="{}">{} is saved.</span> <a href="{}">See the change</a>, '
        'or <a href="{}">undo it</a>',
        place_in_browser, name, see, reverse("revert", args=[changeset]),
    )  # fmt: skip
