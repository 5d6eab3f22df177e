"""Forms that take no letters which nobody sees."""

from collections.abc import Iterator
from typing import Any

from django import forms

from versioning.fields.items import Item, Items
from wiki.fields.letters import refusal_of


class LettersForm(forms.Form):
    """Mixed into a form: whatever is typed anew is looked at, in lists of items too."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.changed_data:
            before = self.get_initial_for_field(self.fields[name], name)
            if sentence := refusal_in(self.fields[name], cleaned.get(name), before):
                self.add_error(name, sentence)
        return cleaned


def refusal_in(field: forms.Field, value: Any, before: Any = None) -> str:
    """Why what was typed into a field cannot be taken; empty where it can. Of `before`, all may."""
    is_line = not isinstance(field.widget, forms.Textarea)
    known = "".join(_texts(before))
    sentences = (refusal_of(text, known, is_line=is_line) for text in _texts(value))
    return next(filter(None, sentences), "")


def _texts(value: Any) -> Iterator[str]:
    """The texts of a value: itself, or those of its items."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple | Items):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, Item):
        for name in value.parts:
            yield from _texts(getattr(value, name))
