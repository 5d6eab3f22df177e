"""The events of the schema: what a kind is called, and what its fields mean, from here on.

They stand in one stream, in the order of the migrations that they tell of. An event of an
entity is read by what they said before it.
"""

from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from eventstore.events import Event

SCHEMA_STREAM = UUID("00000000-0000-7000-8000-000000000002")


class Part(BaseModel):
    """What a part of an item holds: its type, and the kind that it names, if it is a reference."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    target: str = ""
    has_default: bool = False
    """Whether an item tells it even where it is blank."""


class Meaning(BaseModel):
    """What a field holds: PostgreSQL's name of its type, and what an event leaves out.

    `parts` are those of the items in a list; None where it is none, or where nothing told them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    blank: Any = None
    parts: dict[str, Part] | None = None


class Carrying(StrEnum):
    """How the values that stood in a field are carried over to what it means now."""

    SAME = "same"
    CAST = "cast"  # as PostgreSQL casts the one type to the other
    LISTED = "listed"  # one reference becomes a list of one
    FIRST = "first"  # a list of one reference becomes that one
    UPCASTER = "upcaster"  # as the function of that name says
    PARTS = "parts"  # items get their parts renamed, removed and added


class PartChanges(BaseModel):
    """What becomes of the parts of every item that stands already."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    renamed: dict[str, str] = Field(default_factory=dict)
    removed: list[str] = Field(default_factory=list)
    added: dict[str, Any] = Field(default_factory=dict)
    """Values, where an item tells none."""


class SchemaEvent(Event):
    """Something was said of one kind; `kind` is its label before."""

    kind: str


class KindDeclared(SchemaEvent):
    """A kind with all of its fields. `former` are names that even older events use."""

    topic: ClassVar[str] = "kind.declared"
    table: str
    fields: dict[str, Meaning]
    former: dict[str, str] = Field(default_factory=dict)


class KindRenamed(SchemaEvent):
    """The same entities under another label, perhaps of another app, or in another table alone."""

    topic: ClassVar[str] = "kind.renamed"
    to: str
    table: str


class KindRemoved(SchemaEvent):
    """The kind is gone: what was said of its entities leads to no row any more."""

    topic: ClassVar[str] = "kind.removed"


class FieldAdded(SchemaEvent):
    """A field, with the value that every version got that stood already."""

    topic: ClassVar[str] = "field.added"
    field: str
    meaning: Meaning
    value: Any = None


class FieldRenamed(SchemaEvent):
    topic: ClassVar[str] = "field.renamed"
    field: str
    to: str


class FieldRemoved(SchemaEvent):
    """The field is gone, and what was said of it; its name may be used again."""

    topic: ClassVar[str] = "field.removed"
    field: str


class FieldChanged(SchemaEvent):
    """A field means something else; `fill` is what stands where nothing stood.

    `settings` are those of PostgreSQL that a cast was made under, its time zone among them; a log
    of before they were recorded has none, and its casts are made under those of the session.
    """

    topic: ClassVar[str] = "field.changed"
    field: str
    meaning: Meaning
    carrying: Carrying = Carrying.SAME
    upcaster: str = ""
    parts: PartChanges | None = None
    fill: Any = None
    settings: dict[str, str] = Field(default_factory=dict)
