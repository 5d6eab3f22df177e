"""Bars of time, in templates: that of a page, and that of the whole site."""

from typing import Any
from uuid import UUID

from django import template

from wiki.frame.site_time import time_of_site as of_site
from wiki.frame.time_bar import TimeBar
from wiki.frame.time_bar import time_of_page as of_page
from wiki.viewpoints.addresses import path_here, viewpoint_of

register = template.Library()


@register.inclusion_tag("components/time.html", takes_context=True)
def time_of_page(
    context: template.Context, plural: str, entity_id: UUID, slug: str, view: str = "page"
) -> dict[str, Any]:
    """The bar of a page: `{% time_of_page plural page.pk page.slug %}`."""
    seen = viewpoint_of(context["request"])
    return _shown(context, of_page(plural, entity_id, slug, seen, view))


@register.inclusion_tag("components/time.html", takes_context=True)
def time_of_site(context: template.Context, of: str = "") -> dict[str, Any]:
    """The bar of any other page that is read; `of` is the kind of pages that it shows."""
    request = context["request"]
    return _shown(context, of_site(viewpoint_of(request), path_here(request), of))


def _shown(context: template.Context, bar: TimeBar | None) -> dict[str, Any]:
    known = ("banner", "path_here", "request")
    return {"bar": bar, **{name: context.get(name) for name in known}}
