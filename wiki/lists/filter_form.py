"""The form of a list's filters, as templates show it."""

from collections.abc import Mapping, Sequence

from django.template.loader import render_to_string

from wiki.filters.forms import FilterField, FilterInput
from wiki.lists.listing import Answer, Asked, Filter

SHOWN = 4
"""Filters that the form shows; the others are unfolded, but for those in use."""


def form_of(asked: Asked) -> Mapping[str, Sequence[FilterField]]:
    """The fields of the form: the first few and those in use, and the others to be unfolded."""
    shown = [f for at, f in enumerate(asked.filters) if at < SHOWN or f.is_used]
    folded = [f for f in asked.filters if f not in shown]
    if len(folded) == 1:
        shown, folded = list(asked.filters), []
    return {"shown_filters": [_field(f) for f in shown], "folded": [_field(f) for f in folded]}


def refused(asked: Asked, place: str) -> str:
    """What stands in the place of results, by its id, where filters cannot be read: why."""
    return render_to_string("pages/_refused.html", {"refusals": asked.refusals, "place": place})


def _field(narrowed: Filter) -> FilterField:
    return FilterField(narrowed.label, [_input(answer) for answer in narrowed.answers])


def _input(answer: Answer) -> FilterInput:
    asks = answer.question
    return FilterInput(
        asks.name,
        asks.label,
        answer.text,
        asks.choices,
        asks.pages,
        asks.hint,
        is_refused=answer.refusal is not None,
    )
