"""What the components of the styleguide show: made up, and of every sort."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message

from wiki.forms.typed import Typed
from wiki.frame.time_bar import Moment, TimeBar
from wiki.pages.changed import Changed
from wiki.pages.values import Fact, FactGroup, FieldDiff, Piece, Shown, in_words
from wiki.search.offers import Offer, OfferGroup

WHEN = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)

FRAMES = {
    "now": "",
    "past": "The wiki as it was on",
    "branch": "Branch spring",
    "both": "Branch spring, as it was on",
    "preview": "Preview: main, with spring merged in",
}
"""What a page says of its viewpoint, by its kind."""

HEIGHT = Shown([Piece("325 ft", converted="99 m", system="imperial")])
TALLER = Shown([Piece("330 ft", converted="101 m", system="imperial")])
PARK = Shown([Piece("Hill Park", "/parks/")])
AREAS = [in_words("Old Town"), in_words("Harbour")]

FACTS = [
    FactGroup("", [Fact("park", "Park", [PARK], [1]), Fact("areas", "Areas", AREAS)]),
    FactGroup("Figures", [Fact("height", "Height", [HEIGHT], [1, 2])]),
]

WORDS = [
    ("same", "It "), ("del", "flies"), ("ins", "dives"), ("same", " high."),
    ("gap", "… 1,200 characters that did not change …"), ("ins", " It lands softly."),
]  # fmt: skip

DIFFERENCES = [
    FieldDiff("height", "Height", [HEIGHT], [TALLER], difference="+5 ft"),
    FieldDiff("park", "Park", [], [PARK]),
    FieldDiff("areas", "Areas", AREAS, []),
    FieldDiff("body", "Text", [], [], WORDS),
]

CHANGED = [
    Changed(what="created"),
    Changed(DIFFERENCES[:2], ["Duration", "Theme"], "12 characters longer"),
    Changed(what="deleted"),
]


def _change(number: int, message: str, kind: str, **told: str) -> Any:
    changeset = SimpleNamespace(id=number, message=message, kind=kind, recorded_at=WHEN)
    return SimpleNamespace(changeset=changeset, **({"pages": "", "by": "", "account": ""} | told))


CHANGESETS = [
    _change(3, "Corrected by the annual report", "edit", pages="Kestrel", by="ann"),
    _change(2, "", "edit", pages="Kestrel, Hill Park", by="ann", account="ann"),
    _change(1, "The spring tidy-up", "merge", by="bob"),
]

SAID = [
    Message(constants.INFO, "Somebody else is writing here, too."),
    Message(constants.SUCCESS, "Saved."),
    Message(constants.WARNING, "This version deleted the page."),
    Message(constants.ERROR, "Nothing was saved yet."),
]

OFFERS = [
    OfferGroup("Pages", [Offer("Kestrel", "/rides/", "Ride, Hill Park, 1999")]),
    OfferGroup("This page", [Offer("History", "/changes/", "")]),
]

TYPED = [Typed("Name", "Kestrel"), Typed("Text", "It flies.\n\nIt lands softly.\n")]

PAGE_OPTIONS = [{"told": "Kestrel", "name": "Kestrel"}, {"told": "kestrel-2", "name": "Kestrel"}]

TEXT_OPTIONS = [
    {"written": "[[Kestrel]]", "title": "Kestrel", "kind": "ride"},
    {"written": "[[Hill Park]]", "title": "Hill Park", "kind": ""},
]


def banner(frame: str) -> dict[str, Any]:
    """What stands at the head of a page that is not main's present."""
    is_past = frame in ("past", "both")
    return {
        "kind": frame,
        "title": FRAMES[frame],
        "branch": "spring" if frame in ("branch", "both") else "",
        "merge": ["main", "spring"] if frame == "preview" else [],
        "is_past": is_past,
        "position": 12 if is_past else None,
        "moment": WHEN if is_past else None,
        "back": "/styleguide/",
    }


def time_bar(frame: str) -> TimeBar:
    """Five changes; the one before the last is shown where one is in the past."""
    is_past = frame in ("past", "both")
    moments = [
        Moment(WHEN.replace(month=month), f"Change {month}", "/styleguide/", month == 4)
        for month in range(1, 6)
    ]
    here = 3 if is_past else 4
    return TimeBar(
        moments,
        here=moments[here],
        before=moments[here - 1],
        after=moments[here + 1] if is_past else None,
        branch="main" if frame == "past" else "spring",
        changes="/changes/",
        beside="/changes/" if is_past else "",
    )
