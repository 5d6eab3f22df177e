"""The site's own addresses in templates, at the viewpoint of the page."""

from dataclasses import dataclass

from allauth.account.utils import get_next_redirect_url
from allauth.core.context import request_context
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
    """Where to sign in and come back to this page from."""
    return _and_back(context, str(settings.LOGIN_URL))


@register.simple_tag(takes_context=True)
def sign_up(context: template.Context) -> str:
    """Where to make an account and come back to this page from."""
    return _and_back(context, "/account/signup/")


@register.simple_tag(takes_context=True)
def sign_out(context: template.Context) -> str:
    """Where to sign out and come back to this page from."""
    return _and_back(context, "/account/logout/")


def _and_back(context: template.Context, door: str) -> str:
    """A door from which one comes back; what is about accounts is left for where one came from."""
    request = context.get("request")
    if request is None:
        return door
    is_at_a_door = request.path.startswith("/account/")
    with request_context(request):  # an error page is made outside of allauth's middleware
        back = get_next_redirect_url(request) if is_at_a_door else request.get_full_path()
    return f"{door}?{urlencode({'next': back})}" if back else door


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
