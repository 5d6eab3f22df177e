"""A list of items in a form: a row of inputs for each, and empty rows for more.

It works as plain HTML. A site's own JavaScript may do on the spot what the buttons do: the
template's `x-` attributes are for Alpine, and say nothing where it is absent.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, Self
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from versioning.fields.item_rows import (
    ADD,
    BUTTON,
    DOWN,
    LABELS,
    UP,
    Press,
    Row,
    TypedRows,
    read_press,
    rearranged,
)
from versioning.fields.items import IDENTITY, Item, Items, ReferencePart

EMPTY_ROWS = 2
"""Rows to fill in below those that there are."""


class ItemsWidget(forms.Widget):
    """Rows of inputs, each part with the widget of its own form field.

    `has_buttons` is for forms that come back when one of them was pressed: `is_rearranged` says so.
    """

    template_name = "versioning/items.html"
    use_fieldset = True

    def __init__(
        self, parts: Mapping[str, forms.Field], label: str, attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__(attrs)
        self.parts = parts
        self.label = label
        self.has_buttons = False

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        typed = value if isinstance(value, TypedRows) else TypedRows(value or ())
        rows = [*typed, *({} for _ in range(EMPTY_ROWS))]
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "label": self.label,
            "count": len(rows),
            "rows": [
                {
                    **self._row(name, number, row, typed.focus),
                    "buttons": _buttons(number, len(rows), typed.focus),
                }
                for number, row in enumerate(rows)
            ],
            "said": typed.said,
            "has_buttons": self.has_buttons,
            "button_name": f"{name}-{BUTTON}",
            "add": Press(ADD).value,
        }
        return context

    def _row(self, name: str, number: int, row: Row, focus: Press | None) -> dict[str, Any]:
        first = next(iter(self.parts), "")
        return {
            "identity_name": f"{name}-{number}-{IDENTITY}",
            "identity": row.get(IDENTITY, ""),
            "parts": [
                {
                    "label": field.label,
                    "id": f"id_{name}-{number}-{part}",
                    "html": self._input(
                        f"{name}-{number}-{part}",
                        field,
                        row.get(part),
                        has_focus=part == first and focus == Press(ADD, number),
                    ),
                }
                for part, field in self.parts.items()
            ],
        }

    def _input(self, name: str, field: forms.Field, value: Any, *, has_focus: bool) -> str:
        attrs = {"id": f"id_{name}", "autofocus": has_focus}
        return str(field.widget.render(name, field.prepare_value(value), attrs))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> TypedRows | None:
        """What was typed, row by row, as a button has left it; empty rows are left out."""
        count = data.get(f"{name}-count", "")
        if not (count.isdecimal() and len(count) < 5):
            return None
        typed = {}
        for number in range(int(count)):
            row = {
                part: field.widget.value_from_datadict(data, files, f"{name}-{number}-{part}")
                for part, field in self.parts.items()
            }
            if any(_is_told(value) for value in row.values()):
                typed[number] = {IDENTITY: data.get(f"{name}-{number}-{IDENTITY}", ""), **row}
        return rearranged(typed, self._press(data, name))

    def is_rearranged(self, data: Any, name: str) -> bool:
        """Whether a form was sent by a button of this list: nothing is to be saved."""
        return self._press(data, name) is not None

    def _press(self, data: Any, name: str) -> Press | None:
        return read_press(data.get(f"{name}-{BUTTON}", "")) if self.has_buttons else None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-count" not in data


class IdsField(forms.CharField):
    """Several ids in a line."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class ItemsFormField(forms.Field):
    """Reads rows of inputs as items; what cannot be read is refused by row and part."""

    def __init__(
        self,
        *,
        item: type[Item],
        part_field: Callable[[Any], forms.Field | None],
        **options: Any,
    ) -> None:
        self.item = item
        self.parts = {
            name: field
            for name, part in item.parts.items()
            if (field := part_field(part)) is not None
        }
        for name in self.parts:
            self.take_part(name, self.parts[name])
        widget = ItemsWidget(self.parts, str(options.get("label", "")).lower())
        super().__init__(**{**options, "required": False, "widget": widget})

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """The field of one form: what a part of it remembers is that form's alone."""
        copied: Self = super().__deepcopy__(memo)
        copied.parts = deepcopy(self.parts, memo)
        copied.widget.parts = copied.parts
        return copied

    def take_part(self, name: str, field: forms.Field) -> None:
        """Let a part be typed into a form field."""
        field.required = False
        # An empty row must be empty: nothing is chosen in it before somebody does.
        if isinstance(field, forms.ChoiceField):
            chosen: Any = field.choices
            field.choices = [("", "---------"), *(each for each in chosen if each[0] != "")]
        self.parts[name] = field

    def prepare_value(self, value: Any) -> Any:
        """The rows that a form begins with; what was typed, as it was typed."""
        if not isinstance(value, Items):
            return value
        targets = self._targets(value)
        return [self._row(item, targets) for item in value]

    def as_data(self, name: str, items: Items) -> dict[str, str]:
        """Items as a form would send them, under a field's name."""
        data = {f"{name}-count": str(len(items))}
        targets = self._targets(items)
        for number, item in enumerate(items):
            for part, value in self._row(item, targets).items():
                field = self.parts.get(part)
                typed = field.prepare_value(value) if field else value
                data[f"{name}-{number}-{part}"] = "" if typed is None else str(typed)
        return data

    def _targets(self, items: Items) -> dict[str, Any]:
        """What the items name, by id, for fields that show it. Cost: a query for each part."""
        found: dict[str, Any] = {}
        for part, field in self.parts.items():
            of = self.item.parts[part]
            if isinstance(of, ReferencePart) and hasattr(field, "model"):
                ids = {each for item in items for each in of.named(getattr(item, part))}
                targets = of.target_model._default_manager.filter(pk__in=ids) if ids else ()
                found |= {str(target.pk): target for target in targets}
        return found

    def _row(self, item: Item, targets: Mapping[str, Any]) -> Row:
        """An item's parts as the form fields of parts take them."""
        row: dict[str, Any] = {IDENTITY: item.key}
        for part in self.parts:
            of, value = item.parts[part], getattr(item, part)
            if isinstance(of, ReferencePart) and value:
                named = [targets.get(each, UUID(each)) for each in of.named(value)]
                value = named if isinstance(value, list) else named[0]
            row[part] = value
        return row

    def to_python(self, value: Any) -> Items:
        """The items that were typed. Raises ValidationError that names rows and parts."""
        if isinstance(value, Items):
            return value
        items, refusals = [], []
        for number, row in enumerate(value or [], 1):
            read: dict[str, Any] = {}
            for part, field in self.parts.items():
                try:
                    read[part] = field.clean(row.get(part))
                except ValidationError as error:
                    refusals += [f"Row {number}, {field.label}: {m}" for m in error.messages]
            if not refusals:
                items.append(self.item.from_form(str(row.get(IDENTITY, ""))[:40], read))
        if refusals:
            raise ValidationError(refusals)
        return Items(items)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or Items()))
        except ValidationError:
            return True


def _buttons(at: int, count: int, focus: Press | None) -> list[dict[str, Any]]:
    """What a row can be told to do; the first goes no further up, and the last none down."""
    off = (Press(UP, 0), Press(DOWN, count - 1))
    presses = [(label, Press(what, at)) for what, label in LABELS.items()]
    return [
        {"label": label, "value": p.value, "is_off": p in off, "has_focus": p == focus}
        for label, p in presses
    ]


def _is_told(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value not in (None, [])
