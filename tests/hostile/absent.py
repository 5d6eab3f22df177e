"""Entries that nothing can be driven of, because the wiki has nothing of the kind.

Each says so, by number; `test_absent.py` holds that it is true. Whoever builds such a thing finds
its entries here, and moves them to a driver.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Absence:
    """What there is not, why, and the words by which it would be called."""

    sentence: str
    words: tuple[str, ...]
    numbers: tuple[int, ...]


ABSENCES: Final = {
    "links that let in": Absence(
        "No link gives a right: what is previewed is for whoever may read both branches.",
        ("share", "preview_link", "shared"),
        (232,),
    ),
    "notifications": Absence(
        "Nobody is told of a change: the only mail is about an account, to its own address.",
        ("notify", "subscri", "watch", "digest", "recipient"),
        (233,),
    ),
    "webhooks": Absence(
        "The wiki asks no other server for anything.",
        ("webhook", "callback", "hook"),
        (44,),
    ),
    "replicas": Absence(
        "There is one database, which every page is read from.",
        ("replica", "standby"),
        (250,),
    ),
    "pictures": Absence(
        "No form takes a file, and no model keeps one: photos have a place in the design alone.",
        ("photo", "picture", "upload", "media", "image"),
        (298, 299, 301, 302, 304, 307, 308, 311),
    ),
}

ABSENT: Final = {
    number: absence.sentence for absence in ABSENCES.values() for number in absence.numbers
}
