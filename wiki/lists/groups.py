"""The values of a facet with how many pages have each, as links that narrow by them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Value:
    """A value with the number of pages that have it; `href` narrows by it, or no longer."""

    label: str
    count: int
    href: str
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """The values of one facet."""

    label: str
    values: Sequence[Value]
