"""The widgets that forms have a hundred of, made without a template for each: the same, sooner.

The form of a ride has 90 inputs and 270 options. Templates that include each other for each of
them were half of its time.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


class WidgetRenderer(TemplatesSetting):
    """Django's renderer by the project's templates, but for inputs and choices."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if make := _MADE_HERE.get(template_name):
            return mark_safe(make(context["widget"]))  # noqa: S308  # each part is escaped below
        return super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_escaped(widget["value"])}"'
    name, kind = _escaped(widget["name"]), _escaped(widget["type"])
    return f'<input type="{kind}" name="{name}"{value}{_attributes(widget["attrs"])}>'


def _select(widget: Mapping[str, Any]) -> str:
    name, attributes = _escaped(widget["name"]), _attributes(widget["attrs"])
    return f'<select name="{name}"{attributes}>{"".join(_groups(widget["optgroups"]))}</select>'


def _groups(groups: Any) -> Iterator[str]:
    for label, choices, _ in groups:
        options = "".join(_option(each) for each in choices)
        yield (f'<optgroup label="{_escaped(label)}">{options}</optgroup>' if label else options)


def _option(option: Mapping[str, Any]) -> str:
    value, label = _escaped(option["value"]), _escaped(localize(option["label"]))
    return f'<option value="{value}"{_attributes(option["attrs"])}>{label}</option>'


def _attributes(attributes: Mapping[str, Any]) -> str:
    return "".join(
        f" {_escaped(name)}" if value is True else f' {_escaped(name)}="{_escaped(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _escaped(value: Any) -> SafeString:
    return value if isinstance(value, SafeString) else escape(str(value))


_OF_INPUTS = ("text", "number", "hidden", "email", "url", "password", "date")

_MADE_HERE: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "django/forms/widgets/select.html": _select,
    **{f"django/forms/widgets/{name}.html": _input for name in _OF_INPUTS},
}
"""By Django's templates, whose text they make, but for the lines between tags."""
