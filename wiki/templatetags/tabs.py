"""The views of a page, in templates."""

from django import template

from wiki.pages.tabs import Tab, tabs_of

register = template.Library()


@register.simple_tag(takes_context=True)
def page_tabs(context: template.Context, plural: str, slug: str) -> list[Tab]:
    """What a page's tabs lead to: `{% page_tabs plural slug as tabs %}`."""
    user = context.get("user")
    return tabs_of(
        plural,
        slug,
        is_writable=bool(context.get("is_writable")),
        is_signed_in=user is not None and user.is_authenticated,
    )
