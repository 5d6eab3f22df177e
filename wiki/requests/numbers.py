"""Numbers in addresses: where a list goes on, which page of it."""

from wiki.requests.refusals import RequestRefused

LONGEST = 18
"""Digits: every one of these numbers fits PostgreSQL's bigint."""


def read_number(text: str, otherwise: int = 0) -> int:
    """A whole number, or `otherwise` where none is given. Raises RequestRefused."""
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST):
        raise RequestRefused(
            f"{text[:40]!r} is not a number that an address of this wiki can have."
        )
    return int(text)
