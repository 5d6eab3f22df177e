"""What the engine knows of each versioned model: its fields, tables and rules.

A `Kind` is read off a Django model once. Everything that handles documents
(events, projector, diff, merge, audit) asks it and never the model's name.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from eventstore.errors import Refusal
from eventstore.unfit import UnfitValue
from versioning.entities.references import References
from versioning.entities.values import ReferringField, element_of, hstore_text, to_json, to_python
from versioning.merge import Kind as MergeKind

# The database backend asks for kinds before models can be.
if TYPE_CHECKING:
    from versioning.entities.historical import HistoricalModel

Document = dict[str, Any]

NOT_IN_DOCUMENTS = frozenset({"id", "version", "on_branch"})

REFERENCES = "references"
"""The type of a list of references, where others have the name of a column's."""

HEADS = "head"
"""The PostgreSQL schema of head tables."""

HEAD_PATH = f"public,{HEADS}"
"""Where main's head is read. A viewpoint's path has no heads: a missing view is an error there."""

VERSION_SUFFIX = "version"
"""How the names of models and tables of versions end, behind those of their kind, in lower case."""

_kinds: dict[str, "Kind"] = {}
_instead: ContextVar["Mapping[str, Kind] | None"] = ContextVar("kinds", default=None)


class UnknownKind(Refusal, LookupError):
    """An event names a kind that no installed model has."""

    code = "unknown-kind"
    status = 500
    hint = "Is its app in INSTALLED_APPS?"


@dataclass(frozen=True)
class DocumentField:
    """One field of a kind's documents."""

    name: str
    column: str
    model_field: "models.Field[Any, Any]"

    @cached_property
    def label(self) -> str:
        """What people call it."""
        return str(getattr(self.model_field, "verbose_name", None) or self.name)

    @property
    def description(self) -> str:
        """The field in a sentence: its label and its model's for people, its name for programs."""
        meta = self.model_field.model._meta
        return f"The {self.label} of a {meta.verbose_name} ({meta.label}.{self.name})"

    @cached_property
    def is_references(self) -> bool:
        return isinstance(self.model_field, References)

    @cached_property
    def element(self) -> "models.Field[Any, Any]":
        """The field of a single value: of an array, however deep, that of its items."""
        return element_of(self.model_field)

    @cached_property
    def has_own_type(self) -> bool:
        """Whether its column is of a type that Django does not bring along."""
        made_by = type(self.element).db_type.__module__
        return not made_by.startswith(("django.db.", "django.contrib.postgres."))

    @cached_property
    def is_hstore(self) -> bool:
        """Whether its column is an hstore, or an array of them."""
        return self.column_type.startswith("hstore")

    @cached_property
    def is_list(self) -> bool:
        """A list of items with an identity: empty where nothing is told."""
        return isinstance(self.merge_kind, Mapping)

    @cached_property
    def item_fields(self) -> "Mapping[str, DocumentField]":
        """The parts of each item of a list, as fields; nothing where it has none."""
        return getattr(self.model_field, "item_fields", {})

    @cached_property
    def parts(self) -> Mapping[str, Mapping[str, Any]] | None:
        """What the parts of its items mean, by name; None where it has none, or none are told."""
        told: Mapping[str, Mapping[str, Any]] | None = getattr(
            self.model_field, "part_meanings", None
        )
        return told

    @cached_property
    def target(self) -> "models.Field[Any, Any] | None":
        """The key that a foreign key names."""
        field = self.model_field
        return field.target_field if isinstance(field, models.ForeignKey) else None

    @cached_property
    def attribute(self) -> str:
        """The attribute of an instance that holds the value (`park_id` for `park`)."""
        return self.name if self.is_references else self.model_field.attname

    @cached_property
    def absent(self) -> Any:
        """The value of a document that does not mention the field."""
        if self.is_references or self.is_list:
            return []
        if self.model_field.has_default():
            return to_json(self.model_field, self.model_field.get_default())
        if self.model_field.null:
            return None
        return "" if self.model_field.empty_strings_allowed else self.model_field.get_default()

    @cached_property
    def blank(self) -> Any:
        """What an event means that does not mention the field; no default has a say in it."""
        if self.is_references or self.is_list:
            return []
        if self.model_field.null or not self.model_field.empty_strings_allowed:
            return None
        return ""

    @cached_property
    def is_omitted_when_blank(self) -> bool:
        """Defaults may change one day, so a value is left out only where none was set."""
        return self.is_references or self.is_list or not self.model_field.has_default()

    @cached_property
    def column_type(self) -> str:
        """What PostgreSQL calls the type of its column; a list of references has a word of ours."""
        if self.is_references:
            return REFERENCES
        return str(self.model_field.db_type(connection))

    @cached_property
    def merge_kind(self) -> MergeKind:
        """How two edits of this field are reconciled; a field class may say so itself."""
        own: MergeKind | None = getattr(self.model_field, "merge_kind", None)
        if own is not None:
            return own
        if getattr(self.model_field, "auto_now", False):
            return "latest"
        match self.model_field:
            case References():
                return "set"
            case models.ForeignKey():
                return "reference"
            case models.SlugField():
                return "slug"
            case models.TextField():
                return "text"
            case models.JSONField():
                return "map"
            case ArrayField():
                return "array"
            case models.IntegerField() | models.FloatField() | models.DecimalField():
                return "number"
        return "scalar"

    @cached_property
    def refers(self) -> bool:
        """Whether values of this field can name other versioned entities."""
        return isinstance(self.model_field, ReferringField) or self.related is not None

    @cached_property
    def related(self) -> "type[models.Model] | None":
        """The versioned model that ids of this field are of; of a proxy, the model's own."""
        related = self.model_field.related_model
        if not isinstance(related, type) or not is_versioned(related):
            return None
        # A branch names its parent by number: that is no entity's id.
        is_by_id = self.is_references or (
            isinstance(self.model_field, models.ForeignKey)
            and self.model_field.target_field.primary_key
        )
        return related._meta.concrete_model if is_by_id else None

    @cached_property
    def unversioned(self) -> "type[models.Model] | None":
        """The model without versions whose rows values of this field name."""
        related = self.model_field.related_model
        if self.is_references or not isinstance(related, type) or is_versioned(related):
            return None
        return related

    def referred(self, value: Any) -> Iterator[tuple[str, UUID]]:
        """The entities that a value in its JSON form names: a kind's label and an id each."""
        if isinstance(self.model_field, ReferringField):
            for model, entity_id in self.model_field.referred(value):
                yield _label(model), UUID(entity_id)
        elif self.related is not None:
            for entity_id in value if isinstance(value, list) else [value]:
                if entity_id is not None:
                    yield self.related._meta.label_lower, UUID(str(entity_id))

    def naming(self, label: str, entity_ids: Sequence[UUID]) -> models.Q | None:
        """The rows of a version table that name one of the entities; None where none can."""
        if isinstance(self.model_field, ReferringField):
            return self.model_field.naming(kind_of(label).model, [str(each) for each in entity_ids])
        if self.related is None or self.related._meta.label_lower != label:
            return None
        lookup = "overlap" if self.is_references else "in"
        return models.Q(**{f"{self.name}__{lookup}": list(entity_ids)})

    def to_json(self, value: Any) -> Any:
        """The JSON form of a value. Raises UnfitValue for a number of more digits than it has."""
        try:
            return to_json(self.model_field, value)
        except InvalidOperation as error:
            raise UnfitValue(f"{self.description} has no room for {value}.") from error

    def to_python(self, value: Any) -> Any:
        return to_python(self.model_field, value)


@dataclass(frozen=True)
class Kind:
    """A versioned model as the engine sees it."""

    model: "type[HistoricalModel]"
    former_names: Mapping[str, str] = field(default_factory=dict)
    """What fields were called once, each with its name of today: old events use the old names."""

    @cached_property
    def label(self) -> str:
        """The stable name that events carry, as `wiki.ride`."""
        return self.model._meta.label_lower

    @property
    def noun(self) -> str:
        """What people call one entity of the kind."""
        return str(self.model._meta.verbose_name)

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def version_table(self) -> str:
        return self.version_model._meta.db_table

    @cached_property
    def head(self) -> str:
        """The head table as SQL names it."""
        return head_relation(self.table)

    @cached_property
    def versions(self) -> str:
        """The version table as SQL names it."""
        return f'public."{self.version_table}"'

    @cached_property
    def version_model(self) -> type[models.Model]:
        return self.model._meta.apps.get_model(
            self.model._meta.app_label, f"{self.model.__name__}Version"
        )

    @cached_property
    def fields(self) -> Mapping[str, DocumentField]:
        """The fields of a document by name: the columns' first, then references."""
        columns = [
            DocumentField(f.name, str(f.column), f)
            for f in self.model._meta.concrete_fields
            if f.name not in NOT_IN_DOCUMENTS and not f.generated
        ]
        references = [
            DocumentField(f.name, f.name, f)
            for f in self.model._meta.local_many_to_many
            if isinstance(f, References)
        ]
        return {f.name: f for f in [*columns, *references]}

    @cached_property
    def column_fields(self) -> tuple[DocumentField, ...]:
        return tuple(f for f in self.fields.values() if not f.is_references)

    @cached_property
    def columns_by_name(self) -> tuple[DocumentField, ...]:
        """The same in an order that a migration's state has too: SQL is made in this one."""
        return tuple(sorted(self.column_fields, key=_name))

    @cached_property
    def reference_fields(self) -> tuple[DocumentField, ...]:
        return tuple(sorted((f for f in self.fields.values() if f.is_references), key=_name))

    @cached_property
    def hstore_fields(self) -> tuple[DocumentField, ...]:
        """Those whose column does not read JSON."""
        return tuple(f for f in self.column_fields if f.is_hstore)

    @cached_property
    def naming_fields(self) -> tuple[DocumentField, ...]:
        """Those whose values can name entities or rows of other models: one in four, of a ride."""
        return tuple(f for f in self.fields.values() if f.refers or f.unversioned is not None)

    @cached_property
    def within_fields(self) -> tuple[DocumentField, ...]:
        """Those whose values name entities from within: no foreign key holds them to it."""
        return tuple(f for f in self.column_fields if isinstance(f.model_field, ReferringField))

    @cached_property
    def fields_set_on_save(self) -> "tuple[models.Field[Any, Any], ...]":
        """The columns whose field has a say in what is saved (`auto_now`): few have."""
        return tuple(
            f
            for f in self.model._meta.concrete_fields
            if not f.generated and type(f).pre_save is not models.Field.pre_save
        )

    @cached_property
    def _absent(self) -> Document:
        """The document that mentions nothing."""
        return {name: f.absent for name, f in self.fields.items()}

    @cached_property
    def _omitted(self) -> Document:
        """What of that an event need not mention either."""
        return {name: f.blank for name, f in self.fields.items() if f.is_omitted_when_blank}

    @cached_property
    def digest(self) -> str:
        """What the fields are, in short: the log and the database are written by these alone."""
        fields = sorted(
            (f.name, f.column, f.column_type, f.blank, *([] if f.parts is None else [f.parts]))
            for f in self.fields.values()
        )
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:10]

    def blank(self) -> Document:
        """A document in which nothing is told."""
        return {name: f.blank for name, f in self.fields.items()}

    @cached_property
    def merge_kinds(self) -> dict[str, MergeKind]:
        return {name: f.merge_kind for name, f in self.fields.items()}

    @cached_property
    def generated_columns(self) -> tuple[str, ...]:
        generated = (str(f.column) for f in self.model._meta.concrete_fields if f.generated)
        return tuple(sorted(generated))

    @cached_property
    def generated_attributes(self) -> tuple[str, ...]:
        """What the database computes, as instances call it."""
        return tuple(f.attname for f in self.model._meta.concrete_fields if f.generated)

    def link_models(self) -> Iterator[tuple[DocumentField, type[models.Model], type[models.Model]]]:
        """Each references field with its link table and the versions of that."""
        for f in self.reference_fields:
            relation: Any = f.model_field.remote_field
            link = relation.through
            version = self.model._meta.apps.get_model(
                self.model._meta.app_label, f"{link.__name__}Version".replace("_", "")
            )
            yield f, link, version

    def full(self, document: Document) -> Document:
        """A document with every field, in the model's order; unknown ones dropped."""
        known = {name: value for name, value in document.items() if name in self._absent}
        return self._absent | known

    def today(self, values: Document) -> Document:
        """What an event or a snapshot holds, by today's fields; without those that are gone.

        The very same, where all of them are fields of today.
        """
        if values.keys() <= self.fields.keys():
            return values
        renamed = ((self.former_names.get(name, name), value) for name, value in values.items())
        return {name: value for name, value in renamed if name in self.fields}

    def compact(self, document: Document) -> Document:
        """A document without the fields that have no value: the form events keep."""
        omitted = self._omitted
        return {
            name: value
            for name, value in document.items()
            if name not in omitted or value != omitted[name]
        }

    def row(self, document: Document) -> dict[str, Any]:
        """A document (or part of one) by column, as PostgreSQL reads it."""
        row = {self.fields[name].column: value for name, value in document.items()}
        for f in self.hstore_fields:
            if f.column in row:
                row[f.column] = hstore_text(row[f.column])
        return row


def _name(f: DocumentField) -> str:
    return f.name


def register(kind: Kind) -> None:
    """Make a model versioned; the model's class does this for itself.

    Raises TypeError where a former name is in use, or leads to no field.
    """
    for former, name in kind.former_names.items():
        if former in kind.fields or name not in kind.fields:
            raise TypeError(
                f"{kind.label}: former_names says that {name!r} was called {former!r} once. The "
                "first must be a field, the second none: old events would be misread."
            )
    _kinds[kind.label] = kind


def _label(model: type[models.Model]) -> str:
    """A proxy is of the kind whose table it has."""
    return (model._meta.concrete_model or model)._meta.label_lower


def kind_of(model_or_label: "type[models.Model] | str") -> Kind:
    """The kind of a model, or the one an event names. Raises UnknownKind."""
    label = model_or_label if isinstance(model_or_label, str) else _label(model_or_label)
    try:
        return _registry()[label]
    except KeyError:
        raise UnknownKind(f"No versioned model is called {label!r}.") from None


def head_relation(table: str) -> str:
    """A head table, of entities or of links, as SQL names it."""
    return f'{HEADS}."{table}"'


def is_versioned(model: type[models.Model]) -> bool:
    return _label(model) in _registry()


def kinds() -> list[Kind]:
    """Every kind, in a stable order."""
    return list(kinds_by_label().values())


def kinds_by_label() -> dict[str, Kind]:
    """The same, each by its label."""
    return dict(sorted(_registry().items()))


@contextmanager
def reading_as(some: Mapping[str, Kind]) -> Iterator[None]:
    """Inside the block the kinds are these: those of a migration's state, say."""
    token = _instead.set(some)
    try:
        yield
    finally:
        _instead.reset(token)


def _registry() -> Mapping[str, Kind]:
    instead = _instead.get()
    return _kinds if instead is None else instead
