"""A record from a file as a document that the wiki can hold, or the field that refuses it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from versioning.entities.kinds import Document, DocumentField, Kind, kind_of
from versioning.fields.validation import sentences_of
from wiki.exchange.documents import Record
from wiki.pages.addresses import check_address
from wiki.pages.models import Page


class Refused(Exception):
    """A field that cannot hold what a record says; the message is a sentence's end."""

    def __init__(self, field: str, reason: str) -> None:
        self.field, self.reason = field, reason
        super().__init__(f"{field}: {reason}")


def checked(kind: Kind, record: Record) -> tuple[UUID, Document]:
    """The id and the whole document of a record. Asks no database. Raises Refused.

    Fields that were renamed may have their old names; those that are new since may be left out.
    """
    values = dict(record)
    entity_id = _checked_id("id", values.pop("id", None))
    for name in values:
        if name not in kind.fields and name not in kind.former_names:
            raise Refused(name, f"a {kind.model._meta.verbose_name} has no such field")
    document = document_of(kind, values)
    for name, f in kind.fields.items():
        value = document[name]
        if value is None:
            if f.is_references or not f.model_field.null:
                raise Refused(name, "needs a value")
        elif value != "" or f.absent != "" or not f.model_field.blank:
            _check(f, value)
    if issubclass(kind.model, Page):
        try:
            check_address(document["slug"])
        except ValidationError as refused:
            raise Refused("slug", " ".join(refused.messages)) from None
    return entity_id, document


def document_of(kind: Kind, values: Document) -> Document:
    """What a record says, by today's names, with every field."""
    return kind.full(kind.today(values))


def _check(f: DocumentField, value: Any) -> None:
    """Refuse what is no value of the field, or is written otherwise than the wiki writes it."""
    field = f.model_field
    for text in (value,) if isinstance(value, str) else _texts(value):
        _check_text(f.name, text)
    try:
        held = f.to_python(value)
        if not field.is_relation:
            # A reference is looked up with all the others: Django would ask for each alone.
            field.validate(held, None)
            field.run_validators(held)
        settled = f.to_json(held)
    except ValidationError as refused:
        raise Refused(f.name, f"{' '.join(sentences_of(refused))} ({_quoted(value)})") from None
    except (ValueError, TypeError, AttributeError, ArithmeticError):
        raise Refused(f.name, f"cannot hold {_quoted(value)}") from None
    if not _is_same(settled, value):
        raise Refused(f.name, f"{_quoted(value)} should be written as {_quoted(settled)}")
    if f.is_references and len(set(value)) != len(value):
        raise Refused(f.name, "names the same page twice")


def _is_same(settled: Any, value: Any) -> bool:
    """Whether two JSON forms are written alike: 1 is neither true nor 1.0."""
    if type(settled) is not type(value):
        return False
    if isinstance(value, dict):
        return settled.keys() == value.keys() and all(
            _is_same(settled[name], item) for name, item in value.items()
        )
    if isinstance(value, list):
        return len(settled) == len(value) and all(map(_is_same, settled, value))
    return bool(settled == value)


def _checked_id(name: str, value: Any) -> UUID:
    try:
        found = UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise Refused(name, f"{_quoted(value)} is not a UUID") from None
    if str(found) != value:
        raise Refused(name, f"{_quoted(value)} should be written as {found}")
    return found


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value, the names of objects too."""
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case dict():
            for name, item in value.items():
                yield name
                yield from _texts(item)


def _check_text(name: str, text: str) -> None:
    if "\0" in text:
        raise Refused(name, "contains a NUL character, which no text here may contain")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refused(name, "contains half of a surrogate pair, which is not a character") from None


def _quoted(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= 60 else f"{text[:59]}…"


@dataclass(frozen=True)
class Reference:
    """A field that refers to other entities: their model, and the field there that it holds."""

    name: str
    model: type[models.Model]
    key: str

    @property
    def is_of_ids(self) -> bool:
        return self.key in ("pk", "id")


@cache
def references_of(label: str) -> tuple[Reference, ...]:
    """The fields of a kind that refer to something."""
    found = []
    for name, f in kind_of(label).fields.items():
        field: Any = f.model_field
        if isinstance(field.related_model, type):
            key = "pk" if f.is_references else field.target_field.attname
            found.append(Reference(name, field.related_model, key))
    return tuple(found)
