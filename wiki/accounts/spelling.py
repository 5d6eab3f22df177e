"""Names of accounts that people would take for each other: one skeleton, one account.

A skeleton is a name with each letter as the one that it looks like, after Unicode's list of
confusables (UTS 39); capitals and marks of compatibility (full width, say) make no difference.
"""

import unicodedata
from functools import cache

from confusable_homoglyphs import confusables

RESERVED = (
    "admin", "administrator", "administrators", "anonymous", "bot", "deleted", "editor", "help",
    "mod", "moderator", "moderators", "nobody", "official", "root", "staff", "superuser", "support",
    "sysop", "system", "the system", "thrillwiki", "wiki", "wikipedia",
)  # fmt: skip
"""Names that say what an account is, or that it is none."""


_DIGITS = str.maketrans("01i", "oll")
"""What small letters hide: a one, an I and an l, a zero and an O."""


def settled_name(name: str) -> str:
    """A name in the one spelling that is kept of it: NFKC, without blanks around it."""
    return unicodedata.normalize("NFKC", name).strip()


def skeleton(name: str) -> str:
    """What two names have in common that look alike. Never shown."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    letters = (_prototype(each) for each in unicodedata.normalize("NFD", folded))
    return unicodedata.normalize("NFC", "".join(letters).casefold()).translate(_DIGITS)


def is_reserved(name: str) -> bool:
    """Whether a name looks like one that nobody may have."""
    return skeleton(name) in _reserved()


def mixes_scripts(name: str) -> bool:
    """Whether letters of a name are of another script, and look like those of its own."""
    return bool(confusables.is_dangerous(name))


@cache
def _reserved() -> frozenset[str]:
    return frozenset(map(skeleton, RESERVED))


@cache
def _prototype(letter: str) -> str:
    """The letter that stands for all that look like it: a plain one, if there is any."""
    alike: list[str] = [each["c"] for each in confusables.confusables_data.get(letter, ())]
    single = [each for each in (letter, *alike) if len(each) == 1]
    return min(single, key=lambda each: (not each.isascii(), not each.islower(), each))
