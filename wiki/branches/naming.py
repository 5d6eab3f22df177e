"""What people call a branch, and the name that addresses have of it.

`My Alton Towers tidy-up` is called just that, and stands at `my-alton-towers-tidy-up`. Two titles
that look alike come to one name, which one branch alone has.
"""

import re
from typing import NamedTuple

from django.core.exceptions import ValidationError

from versioning.models import BRANCH_NAME
from wiki.pages.addresses import address_of

LONGEST = 60
"""Characters of a title, and of a name."""

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*")
_WORDS = re.compile(r"[^\W_]+(?:[ ,.:!?()&'’–-]+[^\W_]+)*[.!?)]*")


class Naming(NamedTuple):
    """A branch's name in addresses, and its title; no title where the name says it all."""

    name: str
    title: str


def read_naming(typed: str) -> Naming:
    """The naming that somebody typed. Raises ValidationError.

    What holds no blank is read as a name: plain letters, which may be capitals.
    """
    if re.fullmatch(BRANCH_NAME, typed):
        return Naming(typed, "")
    rule = _WORDS if " " in typed else _WORD
    if not rule.fullmatch(typed) or "  " in typed or _has_unknown_letters(typed):
        raise ValidationError(
            "Use words of Latin letters and digits, with blanks or single hyphens between them: "
            "My Alton Towers tidy-up."
        )
    name = address_of(typed)
    if not name[0].isalpha():
        name = f"branch-{name}"
    return Naming(name[:LONGEST].rstrip("-"), typed)


def _has_unknown_letters(typed: str) -> bool:
    """Whether a letter has none in addresses that it could stand there as."""
    return any(letter.isalnum() and not address_of(letter) for letter in typed)
