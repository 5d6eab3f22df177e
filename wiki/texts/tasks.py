"""Lists of tasks: `- [ ] to do` and `- [x] done`, each with a box that nobody can tick."""

import re
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_TASK: Final = re.compile(r"\[([ xX])\]\s+")


def task_lists(parser: MarkdownIt) -> None:
    """Teach a parser tasks. (The plugin there is looks back over all of a list for each item.)"""
    parser.core.ruler.after("inline", "task_lists", _mark_tasks)


def _mark_tasks(state: StateCore) -> None:
    tokens = state.tokens
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if (item.type, paragraph.type) != ("list_item_open", "paragraph_open"):
            continue
        match = _TASK.match(inline.content)
        if match is None or not inline.children:
            continue
        item.attrSet("class", "task-list-item")
        first = inline.children[0]
        first.content = first.content[match.end() :]
        checked = "" if match[1] == " " else " checked"
        box = _html(f'<label><input type="checkbox" disabled{checked}> ')
        inline.children = [box, *inline.children, _html("</label>")]


def _html(content: str) -> Token:
    token = Token("html_inline", "", 0)
    token.content = content
    return token
