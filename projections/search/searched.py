"""Which fields of a kind are searched: told by whoever owns the kind, never guessed here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from versioning.entities.kinds import Kind, kind_of


@dataclass(frozen=True)
class Searched:
    """What search looks in, by the names of a kind's fields.

    `names` are what the entity is or was called (the first is its title),
    `facts` short texts, `texts` long ones: words in them weigh less in that
    order. `facets` are fields to narrow and to count by. `numbers` maps a name
    to a column of numbers or dates that can be asked for a range.
    """

    names: tuple[str, ...]
    facts: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)


_searched: dict[str, Searched] = {}


def register_searched(label: str, how: Searched) -> None:
    """Let a kind be found. Rows that are kept follow at the next migrate."""
    _searched[label] = how


def searched_kinds() -> list[tuple[Kind, Searched]]:
    """Every kind that can be found, in a stable order."""
    return [(kind_of(label), _searched[label]) for label in sorted(_searched)]
