"""What stands beside a page's name, where it is one of several."""

from versioning.entities.kinds import Document, kind_of
from wiki.pages.models import Page
from wiki.pages.values import Shelf, Shown, shown


def facts_beside(model: type[Page], told: Document, shelf: Shelf) -> list[Shown]:
    """The facts that were chosen to tell a page of a kind apart, one after the other."""
    fields = kind_of(model).fields
    return [each for name, value in told.items() for each in shown(fields[name], value, shelf)]
