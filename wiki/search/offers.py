"""What the search box offers while somebody types: links, in groups."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """A link by its name, with what tells it from others of that name."""

    name: str
    href: str
    about: str = ""


@dataclass(frozen=True)
class OfferGroup:
    """Offers of one sort."""

    label: str
    offers: Sequence[Offer]
