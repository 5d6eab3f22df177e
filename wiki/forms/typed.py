"""What somebody put into a page's form, field by field, for people to read and to copy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

LONGEST_LINE: Final = 80
"""Characters that are shown in one line."""

_NOT_TYPED: Final = frozenset({"csrfmiddlewaretoken", "base", "identity", "action"})


@dataclass(frozen=True)
class Typed:
    """What somebody put into a field."""

    label: str
    value: str

    @property
    def is_long(self) -> bool:
        return len(self.value) > LONGEST_LINE or "\n" in self.value


def typed_in(form: QueryDict) -> Iterator[Typed]:
    """Whatever was put into a form, but for what nobody types."""
    for name, value in form.items():
        is_count = name.endswith("-count")
        is_chosen = name.startswith("answer-") and "-own" not in name
        if name not in _NOT_TYPED and not is_count and not is_chosen and str(value).strip():
            yield Typed(_label_of(name), str(value))


def _label_of(name: str) -> str:
    if name.startswith("answer-"):
        return "In other words"
    return "Text" if name == "body" else name.replace("_", " ").capitalize()
