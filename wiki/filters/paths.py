"""Where the filters of a kind's lists look, as its class says in `list_filters`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from versioning.entities.kinds import DocumentField, kind_of
from wiki.pages.models import Page


@dataclass(frozen=True)
class Path:
    """A field of the kind itself; or, with `via`, of the page that it names in that field."""

    f: DocumentField
    via: str = ""

    def to(self, column: str) -> str:
        """The lookup of a column beside the field, or of the field itself, for the ORM."""
        return f"{self.via}__{column}" if self.via else column


def paths_of(model: type[Page]) -> Iterator[Path]:
    """What a kind's lists are narrowed by, in order: `status`, `height`, `park__country`."""
    for said in model.list_filters:
        via, _, name = said.rpartition("__")
        owner: Any = model._meta.get_field(via).related_model if via else model
        yield Path(kind_of(owner).fields[name], via)
