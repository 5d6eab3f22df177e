"""What a page of HTML could do: what of it runs, asks other hosts, or belongs to a form.

Read as browsers read it: entities decoded, names folded.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

HARMLESS = frozenset(
    ("a", "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "code", "pre", "ul", "ol",
     "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "del", "ins", "mark", "sup",
     "section", "dl", "dt", "dd", "span", "s", "bdi", "small", "div", "nav", "details", "summary",
     "time", "title", "option", "label", "input")
)  # fmt: skip
"""What a text may bring about, and what pages put around it; an `input` is that of a task."""

_ALLOWED = frozenset(
    ("href", "rel", "class", "title", "id", "type", "checked", "disabled", "start", "colspan",
     "datetime", "value", "lang", "dir")
)  # fmt: skip
_OF_CONTENTS = {("details", "open"), ("nav", "aria-label")}
"""What a table of contents has, where a text has headings."""

_ADDRESSES = frozenset(
    ("href", "src", "action", "formaction", "srcset", "poster", "ping", "data", "xlink:href",
     "background", "cite", "longdesc", "manifest")
)  # fmt: skip
_SCHEME = re.compile("[a-zA-Z][a-zA-Z0-9+.-]*")
"""What else stands before a colon is a part of a path."""


type Tag = tuple[str, list[tuple[str, str | None]]]
"""An element's name and its attributes."""


@dataclass(frozen=True)
class Surface:
    """The elements of a page, its attributes, and the addresses in them."""

    elements: Counter[str]
    attributes: Counter[tuple[str, str]]
    addresses: tuple[tuple[str, str, str], ...]
    ids: tuple[str, ...]

    @property
    def schemes(self) -> set[str]:
        """Of all addresses, as a browser reads them: without blanks and controls."""
        return {_scheme(value) for _, _, value in self.addresses}

    @property
    def fetched(self) -> list[str]:
        """What a browser asks for by itself, from other hosts."""
        return [v for tag, name, v in self.addresses
                if not (tag == "a" and name == "href") and urlsplit(v).netloc]  # fmt: skip

    def beyond(self, plain: "Surface") -> list[str]:
        """What a page has that the same page with harmless words has not."""
        elements = self.elements - plain.elements
        attributes = self.attributes - plain.attributes
        return sorted(
            [f"<{tag}>" for tag in elements if tag not in HARMLESS]
            + [f"{tag} {name}" for tag, name in attributes if not _is_harmless(tag, name)]
        )


def _is_harmless(tag: str, name: str) -> bool:
    return tag in HARMLESS and (name in _ALLOWED or (tag, name) in _OF_CONTENTS)


def _scheme(address: str) -> str:
    settled = "".join(each for each in address if each > " ")
    head, colon, _ = settled.partition(":")
    return head.lower() if colon and _SCHEME.fullmatch(head) else ""


def surface(html: str) -> Surface:
    """Of a page, or a part of one."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = list(_addresses(reader.tags))
    ids = [value for _, attrs in reader.tags for name, value in attrs if name == "id" and value]
    return Surface(
        Counter(tag for tag, _ in reader.tags),
        Counter((tag, name) for tag, attrs in reader.tags for name, _ in attrs),
        tuple(found),
        tuple(ids),
    )


def _addresses(
    tags: list[tuple[str, list[tuple[str, str | None]]]],
) -> Iterator[tuple[str, str, str]]:
    for tag, attrs in tags:
        for name, value in attrs:
            if name in _ADDRESSES:
                yield tag, name, value or ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[Tag] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))
