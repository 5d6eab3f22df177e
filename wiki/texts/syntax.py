"""What bodies can say beyond Markdown: links to pages, facts of other pages, citations.

    [[Kestrel]]  [[ride:Kestrel]]  [[rides/kestrel|the ride]]     a page, by name or by address
    {{rides/kestrel.height}}                                      a fact of another page
    [@annual-report-1998]  [@annual-report-1998, p. 12]           a source

Each becomes one token; nothing is looked up here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

PAGE, FACT, CITE = "page_link", "page_fact", "cite"

_PAGE: Final = re.compile(r"\[\[([^\[\]|\n]{1,200})(?:\|([^\[\]|\n]{1,200}))?\]\]")
_FACT: Final = re.compile(r"\{\{([^{}|\n.]{1,200})\.([a-z_]{1,60})\}\}")
_CITE: Final = re.compile(r"\[@([a-z0-9]+(?:-[a-z0-9]+)*)(?:,\s*([^\[\]\n]{1,100}))?\]")
_QUALIFIED: Final = re.compile(r"([a-z]+)\s*([:/])\s*(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """The page that somebody meant. `kind` is the word before `:` or `/`, or empty.

    `is_address` says that the rest is an address (`rides/kestrel`), not a name.
    """

    kind: str
    name: str
    is_address: bool = False


def read_target(text: str) -> Target:
    """What stands between double brackets."""
    plain = " ".join(text.split())
    match = _QUALIFIED.fullmatch(plain)
    if match is None:
        return Target("", plain)
    return Target(match[1].lower(), match[3], is_address=match[2] == "/")


def page_syntax(parser: MarkdownIt) -> None:
    """Teach a parser the three forms."""
    for name, pattern, opening in (
        (PAGE, _PAGE, "[["), (CITE, _CITE, "[@"), (FACT, _FACT, "{{"),
    ):  # fmt: skip
        parser.inline.ruler.before("link", name, _rule(name, pattern, opening))


def _rule(name: str, pattern: re.Pattern[str], opening: str) -> Callable[[StateInline, bool], bool]:
    def rule(state: StateInline, silent: bool) -> bool:
        if not state.src.startswith(opening, state.pos):
            return False
        match = pattern.match(state.src, state.pos, state.posMax)
        if match is None:
            return False
        if not silent:
            token = state.push(name, "", 0)
            token.content = match[0]
            token.meta = {"first": match[1].strip(), "second": (match[2] or "").strip()}
        state.pos = match.end()
        return True

    return rule
