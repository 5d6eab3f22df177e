"""Addresses on the web that people give: what a link may lead to, and what is read of it."""

import unicodedata
from urllib.parse import urlsplit

from confusable_homoglyphs import confusables

_SCHEMES = frozenset(("http", "https"))


def fault_of(address: str) -> str:
    """Why nobody should be led there, in a sentence; empty where they may."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:  # letters that become others of an address, when browsers read them
        return "This address cannot be read: look at the part before the first slash."
    if parts.scheme.lower() not in _SCHEMES or not host:
        return "An address on the web begins with https:// or http://, and a name."
    if not all(map(_is_of_hosts, host)):
        return f"{host} is not the name of a host: it contains a character that none can have."
    if "@" in parts.netloc:
        return "What comes before the @ is not part of where the link leads: leave it out."
    return ""


def _is_of_hosts(letter: str) -> bool:
    """Whether names of hosts have a letter; the colon and the per cent sign are of numbers."""
    return letter.isalnum() or letter in "-._:%" or unicodedata.category(letter)[0] == "M"


def read_as(address: str) -> str:
    """What people read of an address: a host whose letters deceive, in the spelling of machines."""
    shown = address.removeprefix("https://").removesuffix("/")
    try:
        host = urlsplit(address).hostname or ""
        if host.isascii() or not confusables.is_dangerous(host):
            return shown
        return shown.replace(host, host.encode("idna").decode(), 1)
    except ValueError:
        return shown


def followed(address: str) -> str:
    """The address for a link to lead to; nothing where nobody may be led."""
    return "" if fault_of(address) else address
