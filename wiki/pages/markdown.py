"""Markdown to safe HTML: CommonMark and tables, sanitised after rendering.

A link to another page of the wiki (`/rides/kestrel/`) stays in the viewpoint.
"""

from collections.abc import MutableMapping, Sequence
from typing import Any

import nh3
from django.urls import get_script_prefix
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

LONGEST = 200_000
"""Characters that are rendered; forms refuse more."""

MOST_COLUMNS = 50
"""Of a table: cells that a row lacks are filled in, so that a short text could become huge."""

_ATTRIBUTES = {
    tag: allowed - {"class", "style", "id", "name"}
    for tag, allowed in nh3.ALLOWED_ATTRIBUTES.items()
}


def _link_open(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    href = str(tokens[at].attrGet("href") or "")
    if href.startswith("/") and not href.startswith(("//", "/~", "/@", "/branches/")):
        tokens[at].attrSet("href", get_script_prefix().rstrip("/") + href)
    return renderer.renderToken(tokens, at, options, env)


def _parser(*, tables: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20})
    parser.add_render_rule("link_open", _link_open)
    return parser.enable("table") if tables else parser


_WITH_TABLES, _WITHOUT_TABLES = _parser(tables=True), _parser(tables=False)


def render(text: str) -> str:
    """The HTML of a body, at this viewpoint. Raw HTML in it is shown as text."""
    text = text[:LONGEST]
    widest = max((line.count("|") for line in text.split("\n")), default=0)
    parser = _WITH_TABLES if widest <= MOST_COLUMNS else _WITHOUT_TABLES
    html: str = parser.render(text)
    return nh3.clean(html, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"})
