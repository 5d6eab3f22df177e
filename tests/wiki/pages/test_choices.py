"""The words of choices, as lists, forms and facts show them."""

from collections.abc import Iterator
from typing import Any

import pytest

from versioning.entities.kinds import kind_of
from versioning.fields.items import ItemsField
from wiki.kinds.registry import KINDS
from wiki.pages.items import NameSort


def labels_of(field: Any) -> Iterator[str]:
    if isinstance(field, ItemsField):
        for part in field.item.parts.values():
            yield from labels_of(part)
    item = getattr(field, "base_field", field)
    yield from (str(label) for _, label in getattr(item, "flatchoices", ()))


@pytest.mark.parametrize("plural", KINDS)
def test_words_begin_with_a_capital_or_a_figure_but_for_those_in_brackets(plural: str) -> None:
    fields = kind_of(KINDS[plural]).fields.values()
    labels = {label for f in fields for label in labels_of(f.model_field)} - set(NameSort.labels)
    assert [label for label in labels if label[:1].islower()] == []
