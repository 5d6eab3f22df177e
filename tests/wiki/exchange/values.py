"""Strategies of what may be typed into a form of any kind, read off the kind's fields."""

import datetime
import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import modelform_factory
from hypothesis import strategies as st

from versioning.entities.kinds import DocumentField, Kind
from versioning.entities.references import References
from versioning.fields.columns import CoordinatesField, MoneyField, PartialDateField, QuantityField
from versioning.fields.items import ItemsField, ReferencePart

Typed = st.SearchStrategy[Any]

characters = st.characters(codec="utf-8", exclude_characters="\0")
odd_texts = st.sampled_from(
    ["=1+1", "+1", "-1", "-", "@SUM(A1)", "＝1", "'", "''", "'=x", '"', "a,b;c\td", "a\r\nb",
     "a\u2028b\x0bc\x85d", "true", "null", "1984", "[1]", "{}", "\ufeffx", "<script>",
     "é́\U0001f3a2"]
)  # fmt: skip
texts = odd_texts | st.text(characters, min_size=1, max_size=20)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | texts
    # Beyond 1e15 PostgreSQL's jsonb gives a float back as a whole number: log and row then differ.
    | st.floats(-1e15, 1e15),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip

DAY_ONE, DAY_LAST = datetime.datetime(1900, 1, 1), datetime.datetime(2100, 1, 1)  # noqa: DTZ001  # as typed

INTEGERS: dict[type[Any], tuple[int, int]] = {
    models.PositiveSmallIntegerField: (0, 32_767),
    models.SmallIntegerField: (-32_768, 32_767),
    models.PositiveBigIntegerField: (0, 2**63 - 1),
    models.BigIntegerField: (-(2**63), 2**63 - 1),
    models.PositiveIntegerField: (0, 2**31 - 1),
    models.IntegerField: (-(2**31), 2**31 - 1),
}


def _decimals(field: Any) -> Typed:
    most = 10 ** (field.max_digits - field.decimal_places) - 1
    return st.decimals(-most, most, places=field.decimal_places, allow_nan=False).map(str)


def _items(field: Any) -> Typed:
    """An array's form takes a line, with commas between its items."""
    one = typed_value(field.base_field)
    assert one is not None
    if field.base_field.choices:
        return st.lists(one, max_size=3).map(",".join)
    plain = one.filter(lambda text: text.strip() and "," not in text)
    return st.lists(plain, max_size=3).map(",".join)


# The first class that a field is an instance of counts.
BY_CLASS: list[tuple[type[Any], Callable[[Any], Typed]]] = [
    (QuantityField, lambda f: st.integers(1, 80).map(lambda n: f"{n / 4:g} {f.unit}")
        | st.integers(1, 9).map(lambda n: f"about {n} or {n + 1} {f.unit}")),
    (PartialDateField, lambda f: st.dates().filter(lambda d: 1000 <= d.year <= 2999).map(str)
        | st.sampled_from(["1815~", "about 1816", "181X", "1815–1817", "spring 1815"])),
    (CoordinatesField, lambda f: st.tuples(st.integers(-90, 90), st.integers(-180, 180))
        .map(lambda p: f"{p[0]}, {p[1]}.5" if abs(p[1]) < 180 else f"{p[0]}, {p[1]}")),
    (MoneyField, lambda f: st.integers(1, 9_999).map(lambda n: f"EUR {n}")
        | st.sampled_from(["$10 million (1999)", "about £3m, they say", "USD 2.50"])),
    (ArrayField, _items),
    (models.JSONField, lambda f: st.dictionaries(texts, json_values, max_size=3).map(json.dumps)),
    (models.SlugField, lambda f: st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6})?", fullmatch=True)),
    (models.URLField, lambda f: st.sampled_from(["https://example.org/", "http://a.example/?q=1"])),
    (models.EmailField, lambda f: st.just("ann@example.org")),
    (models.DecimalField, _decimals),
    (models.FloatField, lambda f: st.floats(allow_nan=False, allow_infinity=False).map(repr)),
    (models.BooleanField, lambda f: st.booleans()),
    (models.DateTimeField, lambda f: st.datetimes(DAY_ONE, DAY_LAST).map(str)),
    (models.DateField, lambda f: st.dates().map(str)),
    (models.CharField, lambda f: texts.map(lambda text: text[: f.max_length])),
    (models.TextField, lambda f: texts | st.lists(texts, max_size=4).map("\n\n".join)),
    *((kind, lambda f, ends=ends: st.integers(*ends)) for kind, ends in INTEGERS.items()),
]  # fmt: skip


def typed_value(field: Any) -> Typed | None:
    """What may be typed for a field that refers to nothing; None where nobody has said yet."""
    if field.choices:
        return st.sampled_from([value for value, _ in field.flatchoices])
    for kind, strategy in BY_CLASS:
        if isinstance(field, kind):
            return strategy(field)
    return None


def without_strategy(kind: Kind) -> list[str]:
    """The fields of a kind that the round trip would leave out."""
    return [
        f"{kind.label}.{name} ({type(f.model_field).__name__})"
        for name, f in kind.fields.items()
        if not f.model_field.is_relation
        and not isinstance(f.model_field, ItemsField)
        and typed_value(f.model_field) is None
    ]


def draw_form(data: st.DataObject, kind: Kind, number: int) -> Any:
    """A valid form of a new entity, with drawn answers in some of its fields."""
    editable = [f for f in kind.fields.values() if f.model_field.editable]
    names = [f.name for f in editable if not isinstance(f.model_field, ItemsField)]
    form_class = modelform_factory(kind.model, fields=names)
    answers: dict[str, Any] = {}
    for name in names:
        answer = _draw_answer(data, kind.fields[name], number)
        if answer is not None:
            answers[name] = answer
    form = form_class(answers)
    if not form.is_valid():
        # What is drawn is nearly always right; a text of blanks alone, for one, is not.
        for name in form.errors.keys() & kind.fields.keys():
            field = kind.fields[name].model_field
            if field.blank:
                answers.pop(name, None)
            else:
                answers[name] = "plain"
        form = form_class(answers)
    if not form.is_valid():
        # Facts that contradict each other: the bare ones never do.
        answers = {n: a for n, a in answers.items() if not kind.fields[n].model_field.blank}
        form = form_class(answers)
    assert form.is_valid(), form.errors
    for f in editable:
        if isinstance(f.model_field, ItemsField):
            setattr(form.instance, f.name, _draw_items(data, f.model_field))
    return form


def _draw_items(data: st.DataObject, field: ItemsField) -> list[Any]:
    """Items of a list, part by part, as their rows of inputs would read them."""
    items = []
    for number in range(data.draw(st.integers(0, 2), label=f"items of {field.name}")):
        parts: dict[str, Any] = {}
        for name, part in field.item.parts.items():
            answer = _draw_part(data, part)
            if answer not in (None, "", []):
                parts[name] = answer
        try:
            item = field.item.from_form(f"k{number}", parts)
            item.clean()
        except ValidationError:
            continue  # a required part has nothing that it could name yet
        items.append(item)
    return items


def _draw_part(data: st.DataObject, part: Any) -> Any:
    if isinstance(part, ReferencePart):
        ids = [str(pk) for pk in part.target_model._default_manager.values_list("pk", flat=True)]
        if not ids:
            return None
        one = st.sampled_from(ids)
        return data.draw(st.lists(one, max_size=3) if part.is_several else one)
    strategy = typed_value(part)
    assert strategy is not None, part
    return data.draw(strategy, label=part.name)


def _draw_answer(data: st.DataObject, f: DocumentField, number: int) -> Any:
    field: Any = f.model_field
    if field.blank and not data.draw(st.booleans(), label=f"{f.name} is told"):
        return _as_typed(field, field.get_default()) if not field.is_relation else None
    if isinstance(field, References):
        ids = list(field.related_model._default_manager.values_list("pk", flat=True))
        return data.draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
    if isinstance(field, models.ForeignKey):
        found = list(field.related_model._default_manager.values_list("pk", flat=True))
        return data.draw(st.sampled_from(found)) if found else None
    strategy = typed_value(field)
    if strategy is None:
        return None
    answer = data.draw(strategy, label=f.name)
    if isinstance(field, models.SlugField):
        return f"{answer}-{number}"
    return _as_typed(field, answer) if isinstance(answer, bool) else answer


def _as_typed(field: Any, value: Any) -> Any:
    """A value as a browser sends it: an unticked box sends nothing."""
    if isinstance(field, models.BooleanField):
        if field.null:
            return {True: "true", False: "false", None: "unknown"}[value]
        return "on" if value else None
    form_field: forms.Field | None = field.formfield()
    return form_field.prepare_value(value) if form_field is not None else None
