"""Whether pages have years, in templates."""

from django import template

from wiki.pages.kinds import model_of
from wiki.years.then import tells_years

register = template.Library()


@register.filter
def has_years(plural: str) -> bool:
    """Whether a kind's pages can be asked what was true of them in a year."""
    return tells_years(model_of(plural))
