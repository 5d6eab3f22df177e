"""Markdown to safe HTML: CommonMark and tables, sanitised after rendering."""

import nh3
from markdown_it import MarkdownIt

LONGEST = 200_000
"""Characters that are rendered; forms refuse more."""

_ATTRIBUTES = {
    tag: allowed - {"class", "style", "id", "name"}
    for tag, allowed in nh3.ALLOWED_ATTRIBUTES.items()
}
_markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")


def render(text: str) -> str:
    """The HTML of a body. Raw HTML in it is shown as text."""
    html: str = _markdown.render(text[:LONGEST])
    return nh3.clean(html, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"})
