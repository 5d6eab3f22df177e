"""Addresses of pages that people, or an import, wrote into a plain text."""

import re

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from wiki.fields.web_addresses import followed
from wiki.kinds.registry import KINDS

register = template.Library()

_ADDRESS = re.compile(rf"(?<![\w/.~@-])/(?:{'|'.join(KINDS)})/[\w-]+/")


register.filter(followed)


@register.filter
def addresses_linked(text: str, viewpoint: str) -> SafeString:
    """The text, escaped, in which addresses of pages lead there, at a viewpoint (`/~spring`)."""
    linked = _ADDRESS.sub(
        lambda found: format_html('<a href="{}{}">{}</a>', viewpoint, found[0], found[0]),
        escape(text),
    )
    return mark_safe(linked)  # noqa: S308  # escaped above
