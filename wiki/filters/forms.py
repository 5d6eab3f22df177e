"""Filters as fields of a form, in lists and in search: `pages/_filter.html` shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wiki.forms.form_fields import PageInput
from wiki.pages.models import Page


@dataclass(frozen=True)
class FilterInput:
    """An input of a filter: a choice where there are `choices`, a line of text otherwise.

    `label` is its whole name, for those who cannot see where it stands; `hint` what to type.
    """

    name: str
    label: str
    value: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    pages: type[Page] | None = None
    hint: str = ""
    is_refused: bool = False

    @property
    def page_input(self) -> str:
        """The line that names a page, with suggestions; nothing where it names none."""
        if self.pages is None:
            return ""
        attributes = {"id": f"filter-{self.name}", "placeholder": self.hint}
        return PageInput(self.pages).render(self.name, self.value, attributes)


@dataclass(frozen=True)
class FilterField:
    """A filter: an input, or one for each end of a range."""

    label: str
    inputs: Sequence[FilterInput]
