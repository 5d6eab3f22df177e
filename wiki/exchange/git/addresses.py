"""Addresses and names of pages that were files."""

from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from versioning.entities.kinds import kind_of
from wiki.exchange.tables.addresses import address_for
from wiki.fields.letters import with_shown_letters
from wiki.kinds.articles import Article
from wiki.pages.addresses import address_of

LONGEST_NAME: Final = Article._meta.get_field("name").max_length or 0


def addresses_for(page_ids: Mapping[str, UUID], taken: Collection[str]) -> dict[str, str]:
    """An address for each path; two paths never share one, nor take one that is `taken`.

    They are the same whenever the same history comes to the same wiki.
    """
    label, occupied = kind_of(Article).label, set(taken)
    addresses: dict[str, str] = {}
    for path, page_id in sorted(page_ids.items()):
        # Of 雪国列車.md the ending alone would be left.
        says_something = address_of(PurePosixPath(path).stem)
        address = address_for(label, path if says_something else "", page_id)
        address = address_beside(occupied, address, page_id)
        occupied.add(address)
        addresses[path] = address
    return addresses


def address_beside(occupied: Collection[str], address: str, page_id: UUID) -> str:
    """The address; where it is occupied, one that some or all of the page's id is in."""
    if address not in occupied:
        return address
    longer = f"{address}-{page_id.hex[:8]}"
    return page_id.hex if longer in occupied else longer


def name_for(path: str) -> str:
    """What a page is called that was a file: its path, as much of it as a name holds."""
    return with_shown_letters(path)[:LONGEST_NAME].strip() or "page"
