"""Versions as lines of COPY: what a version shares with the one before it is written once.

psycopg writes a row by looking at each value anew, two fifths of a replay; most
values of a version are the very objects of the version that it follows.
"""

import json
from typing import Any

from psycopg import Cursor
from psycopg.adapt import PyFormat, Transformer

from projections.replay import Version
from versioning.entities.kinds import Kind

_NULL = rb"\N"
_ESCAPES = (("\\", r"\\"), ("\t", r"\t"), ("\n", r"\n"), ("\r", r"\r"))
"""What would end a cell or a line, or be taken for an escape; the backslash itself first."""


class Cells:
    """How the versions of a kind are written, in the order of `version_columns`."""

    def __init__(self, kind: Kind, cursor: Cursor[Any]) -> None:
        self._transformer = Transformer(cursor)
        self._fields = [
            (name, f.model_field.get_internal_type() == "JSONField")
            for name, f in kind.fields.items()
        ]

    def line(self, version: Version) -> bytes:
        """A version as a line; of the versions that it follows, only their cells are kept."""
        before, version.follows = version.follows, None
        document = version.document
        if before is None or before.cells is None:
            version.cells = [self._cell(document[name], is_json) for name, is_json in self._fields]
        else:
            old = before.document
            version.cells = [
                cell if (value := document[name]) is old[name] else self._cell(value, is_json)
                for (name, is_json), cell in zip(self._fields, before.cells, strict=True)
            ]
        return b"%b\t%d\t%d\t%d\t%d\t%b\t%b\n" % (
            version.entity_id.encode(),
            version.branch,
            version.valid_from,
            version.valid_to,
            version.version,
            b"t" if version.deleted else b"f",
            b"\t".join(version.cells),
        )

    def _cell(self, value: Any, is_json: bool) -> bytes:
        if value is None:
            return _NULL
        if is_json:
            text = json.dumps(value, ensure_ascii=False)
        elif isinstance(value, str):
            text = value
        else:
            dumped = self._transformer.get_dumper(value, PyFormat.TEXT).dump(value)
            assert dumped is not None
            text = bytes(dumped).decode()
        return (text if _is_plain(text) else _escaped(text)).encode()


def _is_plain(text: str) -> bool:
    return "\\" not in text and text.isprintable()


def _escaped(text: str) -> str:
    # Four looks at a long text are two hundred times quicker than one of str.translate().
    for meaning, written in _ESCAPES:
        text = text.replace(meaning, written)
    return text
