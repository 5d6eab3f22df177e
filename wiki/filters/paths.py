"""Where the filters of a kind's lists look, as its class says in `list_filters`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from versioning.entities.kinds import DocumentField, kind_of
from wiki.pages.models import Page


@dataclass(frozen=True)
class Path:
    """A field of the kind itself; or, with `via`, of the page that it names in that field.

    With `group`, whether the field has one of a group of values.
    """

    f: DocumentField
    via: str = ""
    group: str = ""
    values: tuple[str, ...] = ()

    def to(self, column: str) -> str:
        """The lookup of a column beside the field, or of the field itself, for the ORM."""
        return f"{self.via}__{column}" if self.via else column


def paths_of(model: type[Page]) -> Iterator[Path]:
    """What a kind's lists are narrowed by, in order: `status`, `park__country`, `former`."""
    for said in model.list_filters:
        via, _, name = said.rpartition("__")
        owner: Any = model._meta.get_field(via).related_model if via else model
        fields = kind_of(owner).fields
        if (group := owner.value_groups.get(name)) is not None:
            yield Path(fields[group.field], via, name, group.values)
        else:
            yield Path(fields[name], via)
