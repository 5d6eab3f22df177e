"""Markdown to safe HTML: CommonMark, tables, footnotes, lists of tasks and terms, our own forms.

Raw HTML in a text is shown as text, and the result is sanitised after rendering. A link to
another page of the wiki (`/rides/kestrel/`) stays in the viewpoint.

    text = read(page.body)              # parsed; text.cited are the sources that it cites
    rendered = text.render(notes)       # HTML, headings, and what it was made from
"""

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final
from uuid import UUID

import nh3
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from wiki.names.lookup import By, Called
from wiki.pages.addresses import address_of
from wiki.requests.preferences import UNITS
from wiki.texts.bounds import BoundedRenderer, TooHeavy, bound, work_of
from wiki.texts.facts import FactFound, find_facts
from wiki.texts.links import Meant, address_of_names, address_to_create, find_pages
from wiki.texts.syntax import CITE, FACT, PAGE, Target, page_syntax, read_target
from wiki.texts.tasks import task_lists

LONGEST: Final = 200_000
"""Characters that are rendered; forms refuse more."""

MOST_COLUMNS: Final = 50
"""Of a table: cells that a row lacks are filled in, so that a short text could become huge."""

MOST_REFERENCES: Final = 1_000
"""Links of one text that are looked up; what is beyond stays as typed."""

MOST_FACTS: Final = 300
"""The same of facts, each of which is a page to be read and a value to be laid out."""

_ATTRIBUTES: Final = {
    tag: allowed - {"class", "style", "id", "name"}
    for tag, allowed in nh3.ALLOWED_ATTRIBUTES.items()
} | {
    **{heading: {"id"} for heading in ("h2", "h3", "h4", "h5", "h6")},
    "li": {"id"},
    "a": {"href", "id", "title", "hreflang", "aria-label"},
    "input": {"type", "checked", "disabled"},
    "span": {"data-system", "data-by"},
}
_CLASSES: Final = {
    "a": {"missing", "footnote-backref"},
    "sup": {"note", "footnote-ref"},
    "section": {"footnotes"},
    "li": {"task-list-item"},
    "span": {"missing", "measure", "given", "converted", "bracket", "words"},
    "th": {"align-center", "align-right"},
    "td": {"align-center", "align-right"},
}
_TAGS: Final = (nh3.ALLOWED_TAGS - {"img"}) | {"input", "label", "section"}
_OUR_IDS: Final = re.compile(r"text-[a-z0-9-]+|fn(ref)?[0-9]+(:[0-9]+)?")


@dataclass(frozen=True)
class Heading:
    """A heading of a text: its level (2 or 3), its words and its anchor."""

    level: int
    text: str
    anchor: str


@dataclass
class Rendered:
    """A text as HTML. `pages` are those that it shows something of."""

    html: str
    headings: Sequence[Heading] = ()
    pages: frozenset[UUID | str] = frozenset()
    called: frozenset[str] = frozenset()
    """The names that its links were looked up by."""


@dataclass(frozen=True)
class Text:
    """A text that was parsed; nothing is looked up yet."""

    tokens: Sequence[Token] | None
    """None: it would take long, or become huge, and is shown as it was typed."""
    env: MutableMapping[str, Any]
    source: str

    @property
    def cited(self) -> list[tuple[str, str]]:
        """The addresses of the sources that it cites, and the place in each, in their order."""
        return [
            (t.meta["first"], t.meta["second"]) for t in _walk(self.tokens or ()) if t.type == CITE
        ]

    def render(self, notes: Mapping[str, int] | None = None) -> Rendered:
        """The HTML at this viewpoint. `notes` numbers the cited sources, by address.

        Cost: a query for all links, and one for each kind that facts are shown of; time and memory
        are bounded.
        """
        try:
            return self._render(notes or {})
        except TooHeavy:
            return _as_typed(self.source)

    def render_parts(
        self, parts: Sequence[Sequence[Token]], notes: Mapping[str, int], notes_on: str
    ) -> list[str]:
        """The HTML of each part of its tokens by itself; the notes stand on another page.

        Costs what `render` does. Raises TooHeavy.
        """
        self._look_up(notes, notes_on)
        list(_headings(self.tokens or ()))  # they are given their anchors
        return [_sanitised(self._html(part)) for part in parts]

    def _render(self, notes: Mapping[str, int]) -> Rendered:
        if self.tokens is None:
            raise TooHeavy
        meant, facts = self._look_up(notes)
        headings = list(_headings(self.tokens))
        html = self._html(self.tokens)
        linked_to = (page.entity_id for page in meant.pages.values())
        in_facts = (entity_id for fact in facts.values() for entity_id in fact.named)
        shown: frozenset[UUID | str] = frozenset({*linked_to, *in_facts})
        return Rendered(_sanitised(html), headings, shown, meant.words)

    def _look_up(
        self, notes: Mapping[str, int], notes_on: str = ""
    ) -> tuple[Meant, Mapping[tuple[Target, str], FactFound]]:
        """Find whatever its tokens name: the renderer asks for it token by token."""
        tokens = self.tokens or ()
        linked = {t.meta["first"] for t in _walk(tokens) if t.type == PAGE}
        facts_asked = {_fact(t) for t in _walk(tokens) if t.type == FACT}
        targets = {text: read_target(text) for text in sorted(linked)[:MOST_REFERENCES]}
        asked = set(sorted(facts_asked, key=str)[:MOST_FACTS])
        about = {target for target, _ in asked}
        meant = find_pages({*targets.values(), *about})
        facts = find_facts(asked, meant.pages)
        self.env["resolved"] = _Resolved(targets, meant, facts, notes, notes_on)
        return meant, facts

    def _html(self, tokens: Sequence[Token]) -> str:
        with work_of(self.env).counted():
            html: str = _PARSER.renderer.render(tokens, _PARSER.options, self.env)
        return html


@dataclass(frozen=True)
class _Resolved:
    targets: Mapping[str, Target]
    meant: Meant
    facts: Mapping[tuple[Target, str], FactFound]
    notes: Mapping[str, int]
    notes_on: str = ""
    """The address of the page that the notes stand on, where it is another."""
    said: dict[tuple[Target, str], str] = field(default_factory=dict)
    """The facts that were made HTML already."""


def read(text: str) -> Text:
    """Parse a body. Cost: time and memory are bounded, whatever it is."""
    text = text[:LONGEST]
    widest = max((line.count("|") for line in text.split("\n")), default=0)
    parser = _PARSER if widest <= MOST_COLUMNS else _WITHOUT_TABLES
    env: dict[str, Any] = {}
    try:
        with work_of(env).counted():
            return Text(parser.parse(text, env), env, text)
    except TooHeavy:
        return Text(None, env, text)


def _as_typed(text: str) -> Rendered:
    """What is shown of a text that would take too long, or become too much."""
    told = "This text is too complex to be laid out, so it is shown as it was typed."
    return Rendered(f"<p><em>{told}</em></p>\n<pre>{escape(text)}</pre>")


def render(text: str) -> str:
    """The HTML of a body, at this viewpoint."""
    return read(text).render().html


def _walk(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _walk(token.children or ())


def _fact(token: Token) -> tuple[Target, str]:
    return read_target(token.meta["first"]), token.meta["second"]


def _headings(tokens: Sequence[Token]) -> Iterator[Heading]:
    """Give each heading its anchor, made of its words; a page has one h1, its name."""
    taken: dict[str, int] = {}
    lower = 1 if any(token.tag == "h1" for token in tokens) else 0
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type != "heading_open":
            continue
        opening.tag = closing.tag = f"h{min(int(opening.tag[1]) + lower, 6)}"
        words = "".join(
            t.content for t in inline.children or () if t.type in ("text", "code_inline")
        )
        plain = address_of(words)[:80] or "section"
        taken[plain] = taken.get(plain, 0) + 1
        anchor = f"text-{plain}" if taken[plain] == 1 else f"text-{plain}-{taken[plain]}"
        opening.attrSet("id", anchor)
        if opening.tag in ("h2", "h3"):
            yield Heading(int(opening.tag[1]), words, anchor)


_REL: Final = "nofollow ugc noopener noreferrer"
"""Of links that readers wrote: nothing that others wish to be found by is told to be ours."""

_OWN_LINK: Final = re.compile(
    rf'(<a (?:[^>]* )?href="(?:/[\w~@%]|/(?=")|#)[^"]*"[^>]*?) rel="{_REL}"'
)
"""A link within this wiki, in what the sanitiser wrote: it quotes every value. (`//x`
and `/\\x` lead elsewhere.)"""


def _sanitised(html: str) -> str:
    return _OWN_LINK.sub(r"\1", _allowed(html))


def _allowed(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_our_values_alone,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel=_REL,
    )


def _our_values_alone(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "id" and not _OUR_IDS.fullmatch(value):
        return None
    if tag == "input" and attribute == "type" and value != "checkbox":
        return None
    if attribute == "data-system" and value not in UNITS:
        return None
    if attribute == "data-by" and not value.isdecimal():
        return None
    return value


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


def _image(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    """A link to it: a page shows no picture from elsewhere."""
    src = str(tokens[at].attrGet("src") or "")
    words = renderer.renderInlineAsText(tokens[at].children, options, env) or src
    return f'<a href="{escape(src)}">{escape(words)}</a>'


def _cell_open(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    """A cell of a table, whose alignment is a class: no style of a text's own is let through."""
    _, _, side = str(tokens[at].attrs.pop("style", "")).partition("text-align:")
    if side in ("center", "right"):
        tokens[at].attrSet("class", f"align-{side}")
    return renderer.renderToken(tokens, at, options, env)


def _page_link(token: Token, resolved: _Resolved) -> str:
    """A link to a page; to where several are told apart; a red one to the form of a missing one."""
    target = resolved.targets.get(token.meta["first"])
    if target is None:
        return escape(token.content)
    page = resolved.meant.pages.get(target)
    label = escape(token.meta["second"] or (_said_as(page, target) if page else target.name))
    if page is not None:
        return f'<a href="{escape(page.href)}">{label}</a>'
    if target in resolved.meant.ambiguous:
        href = escape(address_of_names(target))
        return f'<a href="{href}" title="Several pages have this name">{label}</a>'
    href = escape(address_to_create(target))
    return f'<a class="missing" href="{href}" title="There is no such page yet">{label}</a>'


def _said_as(page: Called, target: Target) -> str:
    """The name of a page; what was typed where that is another of its names."""
    return target.name if page.by is By.OTHER_NAME else page.name


def _page_fact(token: Token, resolved: _Resolved) -> str:
    """What another page says at this viewpoint: a link to it, or links to what it names."""
    fact = _fact(token)
    if fact not in resolved.said:
        resolved.said[fact] = _said(token, resolved.facts.get(fact))
    return resolved.said[fact]


def _said(token: Token, found: FactFound | None) -> str:
    if found is None:
        words = f"{token.content}: there is no such fact"
        return f'<span class="missing">{escape(words)}</span>'
    said = render_to_string("components/values.html", {"values": found.values})
    return said if found.has_links else f'<a href="{escape(found.href)}">{said}</a>'


def _cite(token: Token, resolved: _Resolved) -> str:
    """The number of a source's note; as typed where there is no such source."""
    number = resolved.notes.get(token.meta["first"])
    if number is None:
        return f'<span class="missing">{escape(token.content)}</span>'
    href, label = f"{escape(resolved.notes_on)}#source-{number}", f"Source {number}"
    return f'<sup class="note"><a href="{href}" aria-label="{label}">{number}</a></sup>'


def _rule(say: Callable[[Token, _Resolved], str]) -> Callable[..., str]:
    """A renderer's rule for tokens of our own: they need nothing of what is around them."""

    def rule(
        renderer: RendererHTML,
        tokens: Sequence[Token],
        at: int,
        options: OptionsDict,
        env: MutableMapping[str, Any],
    ) -> str:
        return say(tokens[at], env["resolved"])

    return rule


def _parser(*, tables: bool) -> MarkdownIt:
    parser = MarkdownIt(
        "commonmark", {"html": False, "maxNesting": 20}, renderer_cls=BoundedRenderer
    )
    parser.use(footnote_plugin, inline=False).use(deflist_plugin)
    task_lists(parser)
    page_syntax(parser)
    bound(parser)
    parser.add_render_rule("link_open", _link_open)
    parser.add_render_rule("image", _image)
    for cell in ("th_open", "td_open"):
        parser.add_render_rule(cell, _cell_open)
    for name, say in ((PAGE, _page_link), (FACT, _page_fact), (CITE, _cite)):
        parser.add_render_rule(name, _rule(say))
    return parser.enable("table") if tables else parser


_PARSER: Final = _parser(tables=True)
_WITHOUT_TABLES: Final = _parser(tables=False)
