"""Steps of the sample's history: when, by whom, why, and what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class PageEdit:
    """What one edit did to a page; where there is none at the address, it made it.

    `page` is the kind and the last part of the address: `rides/kingda-ka`.
    """

    page: str
    name: str = ""
    body: str | None = None
    """The text from then on."""
    passage: tuple[str, str] | None = None
    """A passage of the text, and what stands in its place from then on."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Fields with their values, in JSON form or as one types them.

    A page that a value names stands there by its address: `/parks/kennywood/`.
    """
    elements: Sequence[str] = ()
    """The addresses of the elements of a coaster's track, in their order."""
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """The source's address, and the place in it, of each field that is cited."""


@dataclass(frozen=True)
class Edit:
    """Pages that were changed together, on a branch."""

    pages: Sequence[PageEdit]
    branch: str = "main"


@dataclass(frozen=True)
class Fork:
    """A branch that began; `title` is what people call it."""

    branch: str
    title: str
    description: str


@dataclass(frozen=True)
class Comment:
    """What was said about a branch."""

    branch: str


@dataclass(frozen=True)
class Proposal:
    """A branch whose merge was asked for."""

    branch: str


@dataclass(frozen=True)
class Merge:
    """A proposal that was carried out."""

    branch: str


@dataclass(frozen=True)
class Archive:
    """A branch that was closed."""

    branch: str


@dataclass(frozen=True)
class Revert:
    """A step that was undone, by its name."""

    step: str


type Act = Edit | Fork | Comment | Proposal | Merge | Archive | Revert


@dataclass(frozen=True)
class Step:
    """One changeset of the history. `name` is what a later step calls it by."""

    on: datetime
    by: str
    why: str
    act: Act
    name: str = ""
