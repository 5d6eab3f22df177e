"""Bounds of what a text may cost: a page is shown in a second, whatever somebody typed.

Markdown's grammar lets a short text take long (brackets that never close), or become huge (one
definition of a link, used a thousand times). Parsing and rendering count their steps and stop;
the text is then shown as it was typed.
"""

import time
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

LONGEST_HTML: Final = 2_000_000
"""Characters of HTML that a text may become."""

MOST_SECONDS: Final = 0.9
"""Of the processor, for parsing and rendering together. An ordinary text of the greatest length
takes a quarter of a second.
"""

MOST_BLOCKS: Final = 40_000
MOST_INLINES: Final = 25_000
"""Tokens of a text that are paragraphs and the like, and of one paragraph: what they take of
memory is bounded so."""

MOST_DELIMITERS: Final = 5_000
"""Stars and underscores of one paragraph: to find which of them belong together is quadratic."""

MOST_FOOTNOTES: Final = 1_000

_STEPS: Final = 64
"""Between two looks at the clock."""

_WORK: Final = "work"


class TooHeavy(Exception):
    """A text takes more than any text may."""


class Work:
    """What parsing or rendering one text has cost so far."""

    def __init__(self) -> None:
        self._left = MOST_SECONDS
        self._until = 0.0
        self._steps = 0
        self._size = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the time of what is done inside, in whatever thread that is."""
        self._until = time.thread_time() + self._left
        try:
            yield
        finally:
            self._left = self._until - time.thread_time()

    def step(self) -> None:
        """Count a step. Raises TooHeavy."""
        self._steps += 1
        if self._steps % _STEPS == 0 and time.thread_time() > self._until:
            raise TooHeavy

    def made(self, html: str) -> str:
        """Count what was made, and hand it on. Raises TooHeavy."""
        self._size += len(html)
        if self._size > LONGEST_HTML:
            raise TooHeavy
        self.step()
        return html


def work_of(env: MutableMapping[str, Any]) -> Work:
    """What was done so far with an environment, which parser and renderer are handed."""
    if _WORK not in env:
        env[_WORK] = Work()
    work: Work = env[_WORK]
    return work


def bound(parser: MarkdownIt) -> None:
    """Have a parser count its steps."""
    parser.block.ruler.before("code", "bound", _block)
    parser.inline.ruler.before("text", "bound", _inline)


def _block(state: StateBlock, _start: int, _end: int, _silent: bool) -> bool:
    work_of(state.env).step()
    notes = state.env.get("footnotes", {}).get("refs", ())
    if len(state.tokens) > MOST_BLOCKS or len(notes) > MOST_FOOTNOTES:
        raise TooHeavy
    return False


def _inline(state: StateInline, _silent: bool) -> bool:
    work_of(state.env).step()
    if len(state.tokens) > MOST_INLINES or len(state.delimiters) > MOST_DELIMITERS:
        raise TooHeavy
    return False


class BoundedRenderer(RendererHTML):
    """Counts what it makes, piece by piece, before any of it is put together."""

    def render(
        self, tokens: Sequence[Token], options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return "".join(
            self.renderInline(token.children or (), options, env)
            if token.type == "inline"
            else self._piece(tokens, at, options, env)
            for at, token in enumerate(tokens)
        )

    def renderInline(  # noqa: N802  # the library's name
        self, tokens: Sequence[Token], options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return "".join(self._piece(tokens, at, options, env) for at in range(len(tokens)))

    def _piece(
        self,
        tokens: Sequence[Token],
        at: int,
        options: OptionsDict,
        env: MutableMapping[str, Any],
    ) -> str:
        rule = self.rules.get(tokens[at].type)
        made = (
            rule(tokens, at, options, env) if rule else self.renderToken(tokens, at, options, env)
        )
        return work_of(env).made(made)
