"""What a page of a kind lists of others, as its class declares it."""

from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True)
class Relation:
    """A list of the pages that name this one: under a title, those of a kind, in a field.

    `plural` is the kind's address; empty are all kinds. The field is a reference, several, or a
    list of items that name pages. `where` says which of them.
    """

    title: str
    plural: str
    field: str
    where: Q = Q()  # noqa: RUF009  # never changed
