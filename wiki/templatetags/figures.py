"""Figures in tables, where digits stand below each other."""

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_FIGURE = re.compile(r"(?P<number>[0-9.,]+) (?P<unit>\S+)")


@register.filter
def unit_apart(text: str) -> SafeString:
    """The number and, in a column of its own, the unit; words that say more stay as they are."""
    match = _FIGURE.fullmatch(text)
    if match is None:
        return format_html("{}", text)
    return format_html('{}<span class="unit"> {}</span>', match["number"], match["unit"])
