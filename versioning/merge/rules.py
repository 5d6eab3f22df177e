"""What a site demands of its documents together: unique values, references, hierarchies, validity.

`Rules` reads it off the kinds of fields, which is all that a command knows. Whoever knows more
(a model's constraints) says it in a subclass; the checks are the same.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from versioning.merge.conflict import Path
from versioning.merge.kinds import Kinds
from versioning.merge.places import values_of
from versioning.merge.values import Document, Value, identity_of

type KindsOf = Callable[[str], Kinds]

_UNIQUE: Final = frozenset({"slug", "unique"})
_REFERENCE: Final = frozenset({"reference"})


@dataclass(frozen=True, slots=True)
class Key:
    """What an entity has to itself: the same `value` twice within one `scope` is a double.

    `paths` lead to the values it is made of, in this entity; `shown` is what people read.
    """

    scope: Hashable
    value: Hashable
    paths: tuple[Path, ...]
    shown: str


@dataclass(frozen=True, slots=True)
class Link:
    """A reference: where it stands, what stands there, and the entity that it leads to."""

    path: Path
    value: Value
    target: str
    is_hierarchy: bool = False
    """Whether an entity may not come to stand above itself by such links."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a document says that it may not: by which of its values, and a sentence.

    Without paths it is the document as a whole.
    """

    sentence: str
    paths: tuple[Path, ...] = ()


def unique_everywhere(_entity: str, field: str) -> Hashable:
    """The scope in which a value is unique by default: the field, over all entities."""
    return field


@dataclass(frozen=True)
class Rules:
    """What a site demands beyond the kinds of its fields.

    `unique_scope` says within what a unique value must be one of a kind, `exists`
    knows entities that lie outside of the maps given, `acyclic` names the
    reference fields that form hierarchies (all of them by default), and `invalid`
    is the model's own validation: sentences on what is wrong with a document.
    """

    unique_scope: Callable[[str, str], Hashable] = unique_everywhere
    exists: Callable[[str], bool] | None = None
    acyclic: frozenset[str] | None = None
    invalid: Callable[[str, Document], Iterable[str]] | None = None

    def keys(self, kinds: Kinds, entity: str, document: Document) -> Iterator[Key]:
        """What the entity must have to itself. Nulls are not equal to each other."""
        for path, value in values_of(kinds, document, _UNIQUE):
            if value is not None:
                scope = self.unique_scope(entity, path[-1])
                yield Key(scope, identity_of(value), (path,), str(value))

    def links(self, kinds: Kinds, _entity: str, document: Document) -> Iterator[Link]:
        """What the entity refers to."""
        for path, target in values_of(kinds, document, _REFERENCE):
            if isinstance(target, str):
                is_hierarchy = len(path) == 1 and (self.acyclic is None or path[0] in self.acyclic)
                yield Link(path, target, target, is_hierarchy)

    def faults(self, entity: str, document: Document) -> Iterator[Fault]:
        """What is wrong with a document by itself."""
        if self.invalid is not None:
            yield from map(Fault, self.invalid(entity, document))

    def held(self, _entity: str) -> str:
        """The sentence for an entity that may not go, for something outside refers to it."""
        return ""

    def doubled(self, _entity: str, key: Key, others: Sequence[str]) -> str:
        """The sentence for a value that `others` have too; none, where it stands twice here."""
        also = ", ".join(others)
        return f"{key.shown} is also used by {also}." if also else f"{key.shown} is used twice."

    def lost(self, _entity: str, link: Link) -> str:
        """The sentence for a reference to what is not there."""
        return f"{link.target} no longer exists."

    def circular(self, _entity: str, _link: Link, circle: Sequence[str]) -> str:
        """The sentence for a link that is part of a circle."""
        return " → ".join((*circle, circle[0]))
