"""The mapping file: what a table's rows are, and which column tells which field.

kind = "rides"
name = "Name"
empty = ["na"]                                  # cells that say nothing

[fields]
park = "Park"                                   # another page, by its name
manufacturer = "Manufacturer"
height = { column = "Height", unit = "ft" }     # the unit of figures without one
status = { column = "Status", values = { "SBNO" = "standing" } }
inversions = "Inversions"

[constants]
category = "roller-coaster"

[match]
by = ["park"]        # rows of one name are one page where these fields agree too
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, ForeignKey

from eventstore.errors import Refusal
from versioning.entities.kinds import DocumentField, Kind, kind_of
from versioning.fields.columns import QuantityField
from versioning.fields.validation import sentences_of
from wiki.kinds.registry import KINDS

LARGEST: Final = 200_000
"""Bytes of a mapping file."""

LONGEST_LINE: Final = 5_000
"""Bytes. A key of many parts (a.a.a and so on) takes memory by the square of their number."""

_KEYS: Final = {"kind", "name", "empty", "fields", "constants", "match"}
_COLUMN_KEYS: Final = {"column", "unit", "values", "separator"}
NEVER_MAPPED: Final = frozenset({"slug", "name", "citations"})


class BadMapping(Refusal):
    """A mapping file that cannot be used; the message is a sentence."""

    code = "bad-mapping"
    status = 400
    hint = "Correct the mapping, and run the command again."


@dataclass(frozen=True)
class Column:
    """How one field is read: its column, a unit, words that mean values, what parts a list."""

    tells: DocumentField
    column: str
    unit: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    separator: str = ""


@dataclass(frozen=True)
class TableMapping:
    """A mapping that was read and fits the kind's fields."""

    kind: Kind
    name: str
    columns: tuple[Column, ...]
    constants: Mapping[str, Any]
    match_by: tuple[str, ...]
    empty: frozenset[str] = frozenset()

    def is_empty(self, text: str) -> bool:
        """Whether a cell says nothing, by what the mapping says of such cells."""
        return not text or text.casefold() in self.empty

    @property
    def known_columns(self) -> set[str]:
        return {self.name, *(each.column for each in self.columns)}


def read_mapping(path: Path) -> TableMapping:
    """Read a mapping file. Raises BadMapping, with what to write instead."""
    told = _toml(path)
    _refuse_unknown(path, told, _KEYS, "the file")
    plural = str(told.get("kind"))
    if plural not in KINDS:
        raise BadMapping(f"{path}: kind must be one of these: {', '.join(KINDS)}.")
    kind = kind_of(KINDS[plural])
    if not isinstance(told.get("name"), str):
        raise BadMapping(f"{path}: name must be the column that holds the names of the rows.")
    columns = tuple(
        _column(path, kind, n, said) for n, said in _table(path, told, "fields").items()
    )
    constants = {
        name: _constant(path, _field(path, kind, name), value)
        for name, value in _table(path, told, "constants").items()
    }
    match_by = _match_by(path, _table(path, told, "match"), columns)
    return TableMapping(kind, told["name"], columns, constants, match_by, _empty(path, told))


def _match_by(path: Path, said: Mapping[str, Any], columns: Sequence[Column]) -> tuple[str, ...]:
    _refuse_unknown(path, said, {"by"}, "[match]")
    names = said.get("by", [])
    mapped = [c.tells.name for c in columns if isinstance(c.tells.model_field, ForeignKey)]
    if not isinstance(names, list) or not all(name in mapped for name in names):
        raise BadMapping(
            f"{path}: [match] by is a list of fields that [fields] maps, and that each name one "
            f"page, as park does. There are: {', '.join(mapped) or 'none'}."
        )
    return tuple(names)


def _empty(path: Path, told: Mapping[str, Any]) -> frozenset[str]:
    words = told.get("empty", [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise BadMapping(f'{path}: empty is a list of what cells hold that say nothing: ["na"].')
    return frozenset(word.casefold() for word in words)


def _toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise BadMapping(f"{path} cannot be read: {error.strerror}.") from None
    if len(content) > LARGEST:
        raise BadMapping(f"{path} is too large for a mapping: it has over {LARGEST:,} bytes.")
    for number, line in enumerate(content.split(b"\n"), 1):
        if len(line) > LONGEST_LINE:
            raise BadMapping(f"{path}: line {number} has more than {LONGEST_LINE:,} bytes.")
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadMapping(f"{path} is not UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise BadMapping(f"{path} is not TOML: {error}.") from None
    except RecursionError:
        raise BadMapping(f"{path} is nested too deep for a mapping.") from None


def _table(path: Path, told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name, {})
    if not isinstance(found, dict):
        raise BadMapping(f"{path}: [{name}] must be a table.")
    return found


def _refuse_unknown(path: Path, told: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(told.keys() - known):
        raise BadMapping(
            f"{path}: {where} says {unknown[0]!r}, which means nothing here. "
            f"What can stand there: {', '.join(sorted(known))}."
        )


def _field(path: Path, kind: Kind, name: str) -> DocumentField:
    f = kind.fields.get(name)
    if f is None or name in NEVER_MAPPED:
        fields = ", ".join(sorted(kind.fields.keys() - NEVER_MAPPED))
        raise BadMapping(
            f"{path}: a {kind.model._meta.verbose_name} has no field {name!r}. It has: {fields}."
        )
    if f.is_list:
        raise BadMapping(f"{path}: {name} is a list of items with parts; a column cannot fill it.")
    return f


def _column(path: Path, kind: Kind, name: str, said: Any) -> Column:
    f = _field(path, kind, name)
    if isinstance(said, str):
        return Column(f, said)
    if not isinstance(said, dict) or not isinstance(said.get("column"), str):
        raise BadMapping(f"{path}: {name} must name its column.")
    _refuse_unknown(path, said, _COLUMN_KEYS, name)
    unit, values = said.get("unit", ""), said.get("values", {})
    if unit and (
        not isinstance(f.model_field, QuantityField)
        or not isinstance(unit, str)
        or unit not in f.model_field.dimension.units
    ):
        raise BadMapping(f"{path}: {name} is not measured in {unit!r}.")
    if not isinstance(values, dict):
        raise BadMapping(f"{path}: the values of {name} must be a table of words and meanings.")
    meanings = {str(word).casefold(): _constant(path, f, v) for word, v in values.items()}
    return Column(f, said["column"], unit, meanings, str(said.get("separator", "")))


def _constant(path: Path, f: DocumentField, value: Any) -> Any:
    """A value that the mapping itself says, in its JSON form; an empty text is none."""
    if value == "":
        return None
    choices = [choice for choice, _ in getattr(f.model_field, "flatchoices", ())]
    if choices and value not in choices:
        raise BadMapping(
            f"{path}: {value!r} is not a choice for {f.name}. Choose: {', '.join(choices)}."
        )
    is_odd_truth = isinstance(value, bool) and not isinstance(f.model_field, BooleanField)
    if is_odd_truth or (isinstance(value, str) and "\0" in value):
        raise BadMapping(f"{path}: {value!r} cannot be read as {f.name}.")
    try:
        return f.to_json(f.model_field.clean(f.to_python(value), None))
    except ValidationError as error:
        raise BadMapping(
            f"{path}: {str(value)[:80]!r} cannot be read as {f.name}: "
            f"{' '.join(sentences_of(error))}"
        ) from None
    except Exception as error:  # noqa: BLE001  # whatever a field raises, the value is not one of it
        raise BadMapping(f"{path}: {value!r} cannot be read as {f.name}: {error}.") from None
