"""What the head of every page tells: title, description, address; by blocks that pages fill.

    {% told_title %}{% block title %}ThrillWiki{% endblock %}{% endtold_title %}

gives the title twice, as search engines and as previews of links read it.
"""

from html import unescape

from django import template
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wiki.discovery.linked_data import SITE_NAME
from wiki.discovery.texts import shortened
from wiki.viewpoints.addresses import viewpoint_of

register = template.Library()


class _Told(template.Node):
    """Renders its blocks and gives their text to several tags."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def text(self, context: template.Context) -> str:
        """Plain: the blocks' output is HTML."""
        return " ".join(unescape(self.nodelist.render(context)).split())


class _Title(_Told):
    def render(self, context: template.Context) -> SafeString:
        title = self.text(context)
        short = title.removesuffix(f" · {SITE_NAME}")
        return format_html(
            '<title>{}</title>\n<meta property="og:title" content="{}">', title, short
        )


class _Description(_Told):
    def render(self, context: template.Context) -> SafeString:
        text = shortened(self.text(context))
        return format_html(
            '<meta name="description" content="{0}">\n'
            '<meta property="og:description" content="{0}">',
            text,
        )


@register.tag
def told_title(parser: template.base.Parser, token: template.base.Token) -> _Title:
    return _Title(_blocks(parser, "endtold_title"))


@register.tag
def told_description(parser: template.base.Parser, token: template.base.Token) -> _Description:
    return _Description(_blocks(parser, "endtold_description"))


def _blocks(parser: template.base.Parser, end: str) -> template.NodeList:
    found = parser.parse((end,))
    parser.delete_first_token()
    return found


@register.simple_tag(takes_context=True)
def told_address(context: template.Context) -> SafeString | str:
    """The page's one address, on the host that the request came to; error pages have none.

    Of the query only what the view put into `canonical_query` counts. Other viewpoints than
    main's head are not indexed, and so have no canonical address.
    """
    request: HttpRequest | None = context.get("request")
    if request is None:
        return ""
    path = escape_uri_path(request.path) + str(context.get("canonical_query", ""))
    address = request.build_absolute_uri(path)
    og = format_html(
        '<meta property="og:url" content="{}">\n<meta property="og:site_name" content="{}">',
        address,
        SITE_NAME,
    )
    if not viewpoint_of(request).is_head_of_main:
        return og
    return format_html('<link rel="canonical" href="{}">\n{}', address, og)
