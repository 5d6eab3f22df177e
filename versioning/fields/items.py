"""Lists of items with parts: former names with their periods, owners, the tracks of a coaster.

    class FormerName(Item):
        name = models.CharField(max_length=200)
        since = PartialDateField()
        until = PartialDateField()

    names = ItemsField(FormerName)

A part is a model field like any other, and is read, shown and merged as one. An item has an
identity of its own, so that two people who edit two items, or two parts of one, never clash.
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.apps import apps
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.backends.utils import truncate_name

from versioning.entities.kinds import DocumentField
from versioning.entities.values import ReferringField, ValueField, to_json, to_python
from versioning.fields.columns import PartialDateField
from versioning.fields.dates import PartialDate
from versioning.merge import Kind as MergeKind

# Generic in Django's stubs alone: a project need not have them.
if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
    _ItemsColumn = models.JSONField[Any, "Items"]
else:
    _Field, _ItemsColumn = models.Field, models.JSONField

MOST: Final = 200
"""Items of one list."""

IDENTITY: Final = "id"
LONGEST_IDENTITY: Final = 40

_LONGEST_INDEX: Final = models.Index.max_name_length - len("_v")
"""Characters of an index's name: the version table's has two more."""


class Item:
    """One item of a list. Its parts are declared as fields; `key` is its identity.

    It does not change, as no value does: an edit assigns another list.
    """

    parts: ClassVar[Mapping[str, "models.Field[Any, Any]"]] = {}
    former_names: ClassVar[Mapping[str, str]] = {}
    """What parts were called once, each with its name of today: `makemigrations` asks it."""
    key: str

    def __init__(self, key: str = "", **values: Any) -> None:
        held = self.__dict__
        held["key"] = key or new_key()
        for name, part in self.as_document_fields().items():
            held[name] = values.pop(name) if name in values else part.absent
        if values:
            raise TypeError(f"A {type(self).__name__} has no {', '.join(values)}.")

    def __init_subclass__(cls) -> None:
        own = {n: f for n, f in vars(cls).items() if isinstance(f, models.Field)}
        for name, field in own.items():
            field.set_attributes_from_name(name)
            delattr(cls, name)
        cls.parts = {**own, **cls.parts}
        for former, name in cls.former_names.items():
            if former in cls.parts or name not in cls.parts:
                raise TypeError(
                    f"{cls.__name__}: former_names says that {name!r} was called {former!r} once. "
                    "The first must be a part, the second none: old items would be misread."
                )

    def __setattr__(self, name: str, value: Any) -> None:
        # A save would not see it: what differs is told by the list that was assigned.
        raise AttributeError(
            f"An item does not change. Assign a list that holds item.replace({name}=…) instead."
        )

    def replace(self, **values: Any) -> Self:
        """The same item with other values of some parts."""
        parts = {name: getattr(self, name) for name in self.parts}
        return type(self)(self.key, **{**parts, **values})

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.document() == other.document()

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.document()}>"

    @classmethod
    def as_document_fields(cls) -> dict[str, DocumentField]:
        """The parts as the engine sees fields of documents."""
        return {name: DocumentField(name, name, field) for name, field in cls.parts.items()}

    @classmethod
    def read(cls, document: Any) -> Self:
        """The item of a JSON form, without parts that there are no more. Raises ValidationError."""
        if not isinstance(document, Mapping):
            raise ValidationError("An item is an object with its parts.")
        key = document.get(IDENTITY, "")
        if not isinstance(key, str) or len(key) > LONGEST_IDENTITY:
            raise ValidationError("The identity of an item is a short text.")
        known = {name: part for name, part in cls.parts.items() if name in document}
        return cls(key, **{name: to_python(part, document[name]) for name, part in known.items()})

    @classmethod
    def from_form(cls, key: str, values: Mapping[str, Any]) -> Self:
        """The item of what a form's fields have read. Raises ValidationError."""
        told = {name: value for name, value in values.items() if value not in (None, "", [])}
        return cls(key, **{name: cls.parts[name].to_python(value) for name, value in told.items()})

    def document(self) -> dict[str, Any]:
        """The JSON form: the identity, and each part that says something.

        One with a default says so even where it is blank: else the default would come back.
        """
        told = {name: to_json(field, getattr(self, name)) for name, field in self.parts.items()}
        return {
            IDENTITY: self.key,
            **{
                name: value
                for name, value in told.items()
                if value not in (None, "", []) or self.parts[name].has_default()
            },
        }

    def clean(self) -> None:
        """Check each part, and what the parts say together. Raises ValidationError by part."""
        wrong: dict[str, Any] = {}
        for name, field in self.parts.items():
            try:
                self.__dict__[name] = field.clean(getattr(self, name), None)
            except ValidationError as error:
                wrong[name] = error
        if wrong:
            raise ValidationError(wrong)


class Period(Item):
    """An item that held for some time."""

    since = PartialDateField()
    until = PartialDateField()

    def held_in(self, year: int) -> bool:
        """Whether it may have held at some time of a year; what is not told is open."""
        since: PartialDate | None = self.since  # type: ignore[assignment]
        until: PartialDate | None = self.until  # type: ignore[assignment]
        return (since is None or since.year <= year) and (until is None or year <= until.year)


def new_key() -> str:
    """An identity for a new item."""
    return secrets.token_hex(4)


class Items(Sequence[Any]):
    """The items of one list, in their order. Equal means that all of them are."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._items = tuple(items)

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, at: Any) -> Any:
        return self._items[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Items) and self._items == other._items

    def __hash__(self) -> int:
        return hash(self._items)

    def __repr__(self) -> str:
        return repr(list(self._items))

    def document(self) -> list[dict[str, Any]]:
        return [item.document() for item in self._items]

    def held_in(self, year: int) -> "Items":
        """Those that held at some time of a year; what has no period always does."""
        return Items(
            item for item in self._items if not isinstance(item, Period) or item.held_in(year)
        )


NOTHING: Final = Items()


class ItemsField(ValueField, ReferringField, _ItemsColumn):
    """A list of items. In migrations and version tables it is a column of JSON and no more.

    Those are told its parts, so that a change of the item class is one of the field.

    Where items name other entities, the field brings an index along, by which those that name one
    are found at every viewpoint. It holds the rows that have items alone: most have none, and pay
    nothing for it.
    """

    # No column changes with them.
    non_db_attrs = (*_Field.non_db_attrs, "parts", "former_names")

    def __init__(
        self,
        *args: Any,
        item: type[Item] | None = None,
        parts: "Mapping[str, models.Field[Any, Any]] | None" = None,
        former_names: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`parts` and `former_names` stand for the item class where there is none: in migrations.

        A migration of before has neither.
        """
        self.item: type[Item] = item or Item
        self.parts = item.parts if item else parts
        self.former_names = (item.former_names if item else former_names) or {}
        super().__init__(*args, **{**kwargs, "default": list, "blank": True})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.parts is not None:
            kwargs["parts"] = dict(self.parts)
        if self.former_names:
            kwargs["former_names"] = dict(self.former_names)
        return name, path, args, kwargs

    @property
    def part_meanings(self) -> dict[str, dict[str, Any]] | None:
        """What each part means, for the log: its type, its target, whether it has a default."""
        if self.parts is None:
            return None
        return {name: _part_meaning(part) for name, part in self.parts.items()}

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        super().contribute_to_class(cls, name, private_only)
        if self._referring_parts() and not cls._meta.abstract:
            options: Any = cls._meta
            options.indexes = [*options.indexes, self._index(options.db_table)]
            # Migrations follow the options that a class gives itself; its base may give none.
            options.original_attrs["indexes"] = options.indexes

    def _index(self, table: str) -> GinIndex:
        """What `naming` asks; both have to say alike which rows it holds."""
        return GinIndex(
            fields=[self.name],
            name=truncate_name(f"{table}_{self.name}", _LONGEST_INDEX),
            opclasses=["jsonb_path_ops"],
            condition=self._has_items(),
        )

    def _has_items(self) -> models.Q:
        return ~models.Q(**{self.name: []})

    @property
    def item_fields(self) -> Mapping[str, DocumentField]:
        """The parts of each item, as the engine sees them."""
        return self.item.as_document_fields()

    @property
    def merge_kind(self) -> MergeKind:
        item = {name: f.merge_kind for name, f in self.item_fields.items()}
        return {"kind": "list", "identity": IDENTITY, "item": item}

    def to_python(self, value: Any) -> Any:
        """The items of a list, in whatever form; where no item class is told, the list itself.

        Raises ValidationError.
        """
        if self.item is Item and isinstance(value, list | tuple):
            return list(value)
        if value is None or value == "":
            return NOTHING
        if isinstance(value, Items):
            return value
        if not isinstance(value, list | tuple):
            raise ValidationError("This is not a list of items.")
        read = [each if isinstance(each, Item) else self.item.read(each) for each in value]
        keys = [each.key for each in read]
        if len(set(keys)) < len(keys):
            raise ValidationError("Two items have one identity.")
        return Items(read)

    def to_document(self, value: Any) -> list[dict[str, Any]]:
        """The JSON form; where no item class is told, all that stands there."""
        if self.item is Item:
            return [each.document() if isinstance(each, Item) else each for each in value or ()]
        items: Items = self.to_python(value)
        return items.document()

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        return self.to_python(found) if self.item is not Item else found

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        return value if self.item is Item else self.to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        """Items as JSON; plain JSON stays, for lookups ask with parts of items."""
        return value.document() if isinstance(value, Items) else value

    def get_default(self) -> Any:
        return NOTHING if self.item is not Item else []

    def value_to_string(self, obj: models.Model) -> Any:
        return self.to_document(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        """Rows of inputs. A form may give its own way to make a part's field."""
        from versioning.fields.item_forms import ItemsFormField

        given = {
            "item": self.item,
            "part_field": lambda part: part.formfield(),
            # Which Django wants wherever a default is made anew: the rows say it themselves.
            "show_hidden_initial": False,
        }
        return models.Field.formfield(self, form_class=ItemsFormField, **{**given, **kwargs})

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Each item by itself. Raises ValidationError that names the item and the part."""
        if len(value) > MOST:
            raise ValidationError(f"More than {MOST} items are too many for one list.")
        refusals = []
        for number, item in enumerate(value, 1):
            try:
                item.clean()
            except ValidationError as error:
                refusals += [f"Item {number}: {sentence}" for sentence in error.messages]
        if refusals:
            raise ValidationError(refusals)

    def referred(self, document: Any) -> Iterator[tuple[type[models.Model], str]]:
        for name, part in self._referring_parts():
            for item in document or ():
                for entity_id in part.named(item.get(name)):
                    yield part.target_model, entity_id

    def naming(self, model: type[models.Model], entity_ids: Sequence[str]) -> models.Q | None:
        names: models.Q | None = None
        for name, part in self._referring_parts():
            if not part.names(model):
                continue
            for entity_id in entity_ids:
                held: Any = [entity_id] if part.is_several else entity_id
                holds = models.Q(**{f"{self.name}__contains": [{name: held}]})
                names = holds if names is None else names | holds
        return None if names is None else names & self._has_items()

    def ids_named(self, model: type[models.Model]) -> Iterator["IdsIn"]:
        """Every id of a kind that items hold: an expression of many rows for each part."""
        for name, part in self._referring_parts():
            if part.names(model):
                yield IdsIn(self.name, path=f"$[*].{name}{'[*]' if part.is_several else ''}")

    @property
    def target_models(self) -> tuple[type[models.Model], ...]:
        """What its items can name."""
        return tuple(dict.fromkeys(part.target_model for _, part in self._referring_parts()))

    def _referring_parts(self) -> list[tuple[str, "ReferencePart"]]:
        return [(n, part) for n, part in self.item.parts.items() if isinstance(part, ReferencePart)]


def _part_meaning(part: "models.Field[Any, Any]") -> dict[str, Any]:
    if isinstance(part, ReferencePart):
        kind = "references" if part.is_several else "reference"
        return {"type": kind, "target": part.to.lower(), "has_default": part.has_default()}
    # Values of a class of their own are JSON or text, whatever they mean.
    own = type(part).__name__ if isinstance(part, ValueField) else None
    return {
        "type": own or str(part.db_type(connection)),
        "target": "",
        "has_default": part.has_default(),
    }


class IdsIn(models.Func):
    """The ids that stand at a path in a column of items, each in a row of its own."""

    template = "(jsonb_path_query(%(expressions)s, '%(path)s') #>> '{}')::uuid"
    output_field = models.UUIDField()


class ReferencePart(_Field):
    """A part of an item that names another entity, by its id."""

    is_several = False

    def __init__(self, to: str, *args: Any, **kwargs: Any) -> None:
        self.to = to
        kwargs.setdefault("blank", True)
        kwargs.setdefault("null", True)
        super().__init__(*args, **kwargs)

    @property
    def target_model(self) -> type[models.Model]:
        return apps.get_model(self.to)

    def names(self, model: type[models.Model]) -> bool:
        """Whether a value can be an entity of a model, by the model itself or by a proxy of it."""
        return self.target_model._meta.concrete_model is model._meta.concrete_model

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "to": self.to, "null": self.null, "blank": self.blank}

    def named(self, value: Any) -> list[str]:
        """The ids that a value holds, in its JSON form: of one entity or several, or none."""
        return value if isinstance(value, list) else [value] if value else []

    def to_python(self, value: Any) -> Any:
        """The id as text, whatever names the entity. Raises ValidationError."""
        if value in (None, ""):
            return None
        return str(models.UUIDField().to_python(str(getattr(value, "pk", value))))

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(value)


class ReferencesPart(ReferencePart):
    """A part that names several entities, in their order, one perhaps more than once."""

    is_several = True
    merge_kind = "array"

    def to_python(self, value: Any) -> Any:
        """The ids of a list, or of a text with blanks or commas between. Raises ValidationError."""
        one = super().to_python
        several = re.split(r"[\s,]+", value.strip()) if isinstance(value, str) else value or ()
        return [one(each) for each in several if each]

    def formfield(self, **kwargs: Any) -> Any:
        """A line of ids, for forms that offer no choice."""
        from versioning.fields.item_forms import IdsField  # which reads items, and so this module

        return models.Field.formfield(self, form_class=IdsField, **kwargs)
