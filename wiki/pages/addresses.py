"""The last part of a page's address: what it may be, and how it follows from a name."""

import re

from django.core.exceptions import ValidationError

from wiki.fields.folding import APOSTROPHES, fold

RESERVED = frozenset({"new", "options"})
"""Words that mean something else in a page's place in an address."""


def check_address(slug: str) -> str:
    """Refuse what no page may stand at. Raises ValidationError."""
    if slug in RESERVED:
        raise ValidationError(f"{slug!r} has another meaning in addresses. Choose another one.")
    if slug and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise ValidationError(
            "An address consists of lower-case letters, digits and single hyphens."
        )
    return slug


def address_of(name: str) -> str:
    """The address that follows from a name: `Kärnan` stands at `karnan`, `Ærø’s` at `aeros`.

    The database function `wiki_called` says the same.
    """
    plain = fold(name.translate(APOSTROPHES)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:120].rstrip("-")
