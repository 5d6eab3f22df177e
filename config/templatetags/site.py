"""The site's own addresses in templates, at the viewpoint of the page."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.urls import get_script_prefix
from django.utils.http import urlencode

register = template.Library()


@dataclass(frozen=True)
class Entry:
    label: str
    path: str


# Branches are pages about viewpoints, and so stand outside any.
NAVIGATION = [
    Entry("Parks", "/parks/"),
    Entry("Map", "/map/"),
    Entry("Rides", "/rides/"),
    Entry("Models", "/models/"),
    Entry("Companies", "/companies/"),
    Entry("People", "/people/"),
    Entry("Articles", "/articles/"),
    Entry("Changes", "/changes/"),
]
OUTSIDE_VIEWPOINTS = [Entry("Branches", "/branches/")]


@dataclass(frozen=True)
class Link:
    label: str
    href: str
    is_current: bool


@register.simple_tag
def here(path: str = "/") -> str:
    """The address of a path at this page's viewpoint: `{% here "/rides/" %}`."""
    return get_script_prefix().rstrip("/") + path


@register.simple_tag(takes_context=True)
def sign_in(context: template.Context) -> str:
    """Where to sign in and come back to this page from; what is about accounts is left for good."""
    request = context.get("request")
    if request is None or request.path.startswith("/account/"):
        return str(settings.LOGIN_URL)
    return f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}"


@register.inclusion_tag("components/navigation.html", takes_context=True)
def navigation(context: template.Context) -> dict[str, object]:
    """The site's main links. Error pages have no request, and so no current one."""
    request = context.get("request")
    path = request.path_info if request is not None else ""
    links = [Link(each.label, here(each.path), path.startswith(each.path)) for each in NAVIGATION]
    links += [
        Link(each.label, each.path, path.startswith(each.path)) for each in OUTSIDE_VIEWPOINTS
    ]
    return {"links": links}
