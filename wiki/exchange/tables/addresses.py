"""The address that a row's page gets, where its name may lead to none."""

from uuid import UUID

from versioning.entities.kinds import kind_of
from wiki.pages.addresses import RESERVED, address_of


def address_for(label: str, name: str, page_id: UUID) -> str:
    """The address that follows from a page's name, or from what it is and its lasting id.

    A name in a script from which no address follows, say, gives a ride `ride-1f3a9c04`: the same
    whenever the table is read.
    """
    address = address_of(name)[:100].rstrip("-")
    if address and address not in RESERVED:
        return address
    what = address_of(str(kind_of(label).model._meta.verbose_name))
    return f"{what}-{page_id.hex[:8]}"
