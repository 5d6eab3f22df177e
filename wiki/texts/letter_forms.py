"""Forms that take no letters which nobody sees."""

from collections.abc import Iterator
from typing import Any

from django import forms

from versioning.fields.items import Item, Items
from wiki.texts.letters import refusal_of


class LettersForm(forms.Form):
    """Mixed into a form: whatever is typed anew is looked at, in lists of items too."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.changed_data:
            is_line = not isinstance(self.fields[name].widget, forms.Textarea)
            before = "".join(_texts(self.get_initial_for_field(self.fields[name], name)))
            for text in _texts(cleaned.get(name)):
                if sentence := refusal_of(text, before, is_line=is_line):
                    self.add_error(name, sentence)
                    break
        return cleaned


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
