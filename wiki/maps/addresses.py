"""The addresses of maps: `/map/?at=48.2,7.7&zoom=6`, with filters as a list of parks has them."""

from urllib.parse import urlencode

from django.urls import reverse

from wiki.lists.listing import Asked
from wiki.maps.window import Window

LIST = "#parks"
"""Where the list begins on the page of a map."""


def address(seen: Window, asked: Asked | None = None, *, page: int = 1) -> str:
    """A window, with the parks that filters keep, and a page of their list."""
    query = {"at": seen.at, "zoom": str(seen.zoom), **_filters(asked)}
    if page > 1:
        query["page"] = str(page)
    # A comma needs no code in a query, and is easier to read without.
    return f"{reverse('map')}?{urlencode(query, safe=',')}"


def address_of_country(code: str, asked: Asked) -> str:
    """The parks of a country that filters keep, in whatever window shows them."""
    return f"{reverse('map')}?{urlencode(_filters(asked) | {'country': code})}"


def _filters(asked: Asked | None) -> dict[str, str]:
    answers = asked.answers if asked else ()
    return {each.question.name: each.text for each in answers}
