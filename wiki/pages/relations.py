"""What a page of a kind lists of others, as its class declares it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Relation:
    """A list of the pages that name this one: under a title, those of a kind, in a field.

    `plural` is the kind's address; empty are all kinds. The field is a reference, several, or a
    list of items that name pages. `asked` says which of them, as the query of their list's
    address does: `former=true`.
    """

    title: str
    plural: str
    field: str
    asked: str = ""
