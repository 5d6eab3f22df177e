"""Instances that know what they were read as: an edit is what differs from it."""

import copy
from collections.abc import Iterable, Mapping
from types import MappingProxyType, NoneType
from typing import Any
from uuid import UUID

from eventstore.rollbacks import Mark, newest_mark
from versioning.entities.expressions import is_expression
from versioning.entities.historical import HistoricalModel
from versioning.entities.kinds import Document, DocumentField, kind_of
from versioning.entities.values import as_column
from versioning.saving import edits

_SCALARS = frozenset({NoneType, bool, int, float, str, UUID})
"""What most values are; a set of types is asked sooner than isinstance()."""
_NOTHING = object()

VERSION_NAMES = frozenset({"version", "on_branch"})
"""What tells the version that an instance was read as. The engine's: what is assigned is unread."""


class TrackedModel(HistoricalModel):
    """A historical model that keeps what it was read as, and tells what was edited since."""

    class Meta:
        abstract = True

    _loaded: Mapping[str, Any] = MappingProxyType({})
    _read_after: Mark | None = None
    """Where the transaction stood in which it was read or saved, if that had recorded anything."""

    def remember(self, unsaved: Mapping[str, Any] | None = None) -> None:
        """Keep what was read: an edit is what differs from it.

        `unsaved` tells what edits began from that are still to be saved, by attribute.
        """
        self._read_after = newest_mark()
        held = self.__dict__.copy()
        held.pop("_loaded", None)
        held |= {
            name: copy.deepcopy(value)
            for name, value in held.items()
            if type(value) not in _SCALARS and isinstance(value, list | dict)
        }
        for attribute, value in (unsaved or {}).items():
            if value is _NOTHING:
                held.pop(attribute, None)
            else:
                held[attribute] = value
        self._loaded = held

    def edit_from(self, attribute: str, value: Any) -> None:
        """Take another value for the one that was read: an edit is what differs from it."""
        self._loaded = {**self._loaded, attribute: value}

    def loaded_values(self) -> Mapping[str, Any]:
        """The fields as they were read, in JSON form."""
        return edits.HeldDocument(kind_of(type(self)), self._loaded)

    def assign_references(
        self, name: str, targets: Iterable[UUID], *, before: Iterable[UUID] = ()
    ) -> None:
        """Give a references field a list that the next save records with everything else.

        `before` is the list that it had in the version that this instance was read as.
        """
        self.__dict__[name] = list(dict.fromkeys(targets))
        if not self._state.adding:
            self.edit_from(name, list(before))

    def values_to_save(self, fields: Iterable[str] | None = None) -> Document:
        """The loaded fields (or those named) as they are now, in JSON form."""
        kind = kind_of(type(self))
        self._normalise(kind.column_fields)
        return self._only(fields, edits.values_of(self, kind))

    def touched_values(self, fields: Iterable[str] | None = None) -> Document:
        """The same without those that still hold the very object that was read."""
        touched = self._touched()
        self._normalise(touched)
        values = {f.name: f.to_json(self.__dict__[f.attribute]) for f in touched}
        return self._only(fields, values)

    def _touched(self) -> list[DocumentField]:
        """The loaded fields that hold another object than the one that was read."""
        held, read = self.__dict__, self._loaded
        return [
            f
            for f in kind_of(type(self)).fields.values()
            if f.attribute in held and held[f.attribute] is not read.get(f.attribute, _NOTHING)
        ]

    def _normalise(self, fields: Iterable[DocumentField]) -> None:
        """Hold values as their fields have them: what was assigned as "78" is the number."""
        held = self.__dict__
        for f in fields:
            if f.attribute in held and not is_expression(value := held[f.attribute]):
                held[f.attribute] = as_column(f.model_field, value)

    def _only(self, fields: Iterable[str] | None, values: Document) -> Document:
        if fields is None:
            return values
        wanted = self._names(fields)
        return {name: value for name, value in values.items() if name in wanted}

    def _unsaved(self, saved: Iterable[str] | None) -> dict[str, Any]:
        """What edits of other fields than those began from, by attribute."""
        if saved is None:
            return {}
        names = set(saved)
        return {
            f.attribute: self._loaded.get(f.attribute, _NOTHING)
            for f in self._touched()
            if f.name not in names
        }

    def _names(self, fields: Iterable[str]) -> set[str]:
        """The names of fields that are named by these, or by their attributes."""
        return {self._meta.get_field(name).name for name in fields}
