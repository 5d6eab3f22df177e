"""The views of a page, in templates."""

from django import template

from wiki.frame.tabs import Tab, tabs_of, tabs_of_deleted

register = template.Library()


@register.simple_tag(takes_context=True)
def page_tabs(context: template.Context, plural: str, slug: str) -> list[Tab]:
    """What a page's tabs lead to: `{% page_tabs plural slug as tabs %}`."""
    traced = context.get("traced")
    if traced is not None and traced.is_deleted:
        return tabs_of_deleted(plural, slug)
    user = context.get("user")
    return tabs_of(
        plural,
        slug,
        is_writable=bool(context.get("is_writable")),
        is_signed_in=user is not None and user.is_authenticated,
    )
