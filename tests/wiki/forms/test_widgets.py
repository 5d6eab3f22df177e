"""What is made without a template is what Django's templates make."""

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from wiki.forms.widgets import WidgetRenderer

VALUES = st.one_of(
    st.text(), st.none(), st.integers(), st.booleans(),
    st.sampled_from([mark_safe("<b>"), gettext_lazy("yes"), 1.5]),
)  # fmt: skip
ATTRIBUTES = st.dictionaries(st.text(min_size=1), VALUES, max_size=4)
CHOICES = st.lists(
    st.one_of(
        st.tuples(VALUES, VALUES),
        st.tuples(st.text(min_size=1), st.lists(st.tuples(VALUES, VALUES), max_size=3)),
    ),
    max_size=5,
)


BETWEEN_TAGS = re.compile(r">\s+<")


def both(widget: forms.Widget, name: str, value: Any, attributes: dict[str, Any]) -> list[str]:
    renderers = (WidgetRenderer(), TemplatesSetting())
    made = [widget.render(name, value, attributes, renderer=each) for each in renderers]
    return [BETWEEN_TAGS.sub("><", each) for each in made]


@pytest.mark.parametrize(
    "kind",
    [forms.TextInput, forms.NumberInput, forms.HiddenInput, forms.EmailInput, forms.URLInput,
     forms.PasswordInput, forms.DateInput],
)  # fmt: skip
@given(name=st.text(), value=VALUES, attributes=ATTRIBUTES)
def test_an_input_is_as_its_template_has_it(
    kind: type[forms.Widget], name: str, value: Any, attributes: dict[str, Any]
) -> None:
    made, wanted = both(kind(), name, value, attributes)
    assert made == wanted


@given(name=st.text(), value=st.text(), attributes=ATTRIBUTES, choices=CHOICES)
def test_choices_are_as_their_templates_have_them(
    name: str, value: Any, attributes: dict[str, Any], choices: list[Any]
) -> None:
    made, wanted = both(forms.Select(choices=choices), name, value, attributes)
    assert made == wanted
