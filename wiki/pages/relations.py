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


@dataclass(frozen=True)
class Siblings:
    """Some pages of the same kind that name, in a field, the page that this one names there.

    `title` has a place for the name of that page: `Also at {}`. Shown are the nearest in time, by
    the date of the field `by`.
    """

    title: str
    field: str
    by: str
