"""Versions as lines of COPY: what a version shares with the one before it is written once.

psycopg writes a row by looking at each value anew, which took two fifths of a replay.
"""

import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from psycopg.adapt import PyFormat, Transformer

from projections.replay import Version
from versioning.entities.kinds import DocumentField, Kind
from versioning.entities.values import hstore_text

_NULL = rb"\N"
_ESCAPES = (("\\", r"\\"), ("\t", r"\t"), ("\n", r"\n"), ("\r", r"\r"))
"""What would end a cell or a line, or be taken for an escape; the backslash itself first."""


class Cells:
    """How the versions of a kind are written, in the order of `version_columns`."""

    def __init__(self, kind: Kind) -> None:
        self._transformer = Transformer()
        self._fields = [(name, _writer_of(f)) for name, f in kind.fields.items()]
        self._places = {name: place for place, name in enumerate(kind.fields)}

    def write(self, version: Version) -> None:
        """Write all cells of a version."""
        document = version.document
        version.cells = [self._cell(document[name], written) for name, written in self._fields]

    def rewrite(self, version: Version, changed: Iterable[str]) -> None:
        """Write the cells of some fields anew."""
        for each in changed:
            place = self._places.get(each)
            if place is None:  # what a field was written as, when it was of another type
                continue
            name, written = self._fields[place]
            version.cells[place] = self._cell(version.document[name], written)

    def line(self, version: Version) -> bytes:
        """A version whose end is known."""
        own = (
            f"{version.entity_id}\t{version.branch}\t{version.valid_from}\t{version.valid_to}"
            f"\t{version.version}\t{'t' if version.deleted else 'f'}"
        )
        return b"\t".join((own.encode(), *version.cells))

    def _cell(self, value: Any, written: Callable[[Any], Any] | None) -> bytes:
        if value is None:
            return _NULL
        if written is not None:
            value = written(value)
        if isinstance(value, str):
            text = value
        else:
            dumped = self._transformer.get_dumper(value, PyFormat.TEXT).dump(value)
            assert dumped is not None
            text = bytes(dumped).decode()
        return (text if _is_plain(text) else _escaped(text)).encode()


def _writer_of(f: DocumentField) -> Callable[[Any], Any] | None:
    """What makes text of a field's values, where psycopg does not by their class."""
    if f.model_field.get_internal_type() == "JSONField":
        return partial(json.dumps, ensure_ascii=False)
    return hstore_text if f.is_hstore else None


def _is_plain(text: str) -> bool:
    return "\\" not in text and text.isprintable()


def _escaped(text: str) -> str:
    # Four looks at a long text are two hundred times quicker than one of str.translate().
    for meaning, written in _ESCAPES:
        text = text.replace(meaning, written)
    return text
