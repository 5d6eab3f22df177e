"""Marks of a search in a text, as HTML."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from wiki.search.excerpts import MARK_END, MARK_START

register = template.Library()


@register.filter
def marked(text: str) -> SafeString:
    """The text, escaped, with <mark> around what was searched for."""
    safe = escape(text).replace(MARK_START, "<mark>").replace(MARK_END, "</mark>")
    return mark_safe(safe)  # noqa: S308  # escaped above
