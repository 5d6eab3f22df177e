"""One line of text for one value, refused with a sentence where it cannot be read."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class ValueFormField(forms.CharField):
    """Reads a value out of a line of text, and shows it as the text that reads back the same."""

    def __init__(self, *, read: Callable[[str], Any], **kwargs: Any) -> None:
        super().__init__(empty_value="", **kwargs)
        self._read = read

    def to_python(self, value: Any) -> Any:
        """The value, or None where nothing was typed. Raises ValidationError."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return self._read(text)
        except ValueError as reason:
            raise ValidationError(f"“{shortened(text)}” {reason}.", code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return value.as_input() if hasattr(value, "as_input") else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True

    def run_validators(self, value: Any) -> None:
        """Nothing: whatever was read is a value already."""


def shortened(text: str) -> str:
    """What somebody typed, short enough to be quoted in a sentence."""
    return text if len(text) <= 60 else f"{text[:59]}…"
