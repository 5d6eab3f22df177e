"""Values that cannot be kept are refused by name, and leave nothing behind."""

from typing import Any

import pytest

from tests.evolution.project import Project

MODELS = """
from django.contrib.postgres.fields import ArrayField
from django.db import models
from versioning import HistoricalRecords, References, VersionControlManager, VersionedModel


class Sample(VersionedModel):
    name = models.CharField(max_length=9, default="sample")
    text = models.TextField(default="")
    weight = models.FloatField(null=True)
    price = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    size = models.SmallIntegerField(null=True)
    address = models.GenericIPAddressField(null=True)
    told = models.JSONField(default=dict)
    tags = ArrayField(models.CharField(max_length=9), default=list)
    history = HistoricalRecords()
    version_control = VersionControlManager()
"""

NO_VALUES: dict[str, tuple[Any, str]] = {
    "nan": ({"weight": float("nan")}, "nan, which is no number"),
    "inf": ({"weight": float("-inf")}, "-inf, which is no number"),
    "nan in JSON": ({"told": {"a": [1, float("nan")]}}, "nan, which is no number"),
    "NUL": ({"name": "a\0b"}, "a NUL character"),
    "NUL in a key": ({"told": {"a\0": 1}}, "a NUL character"),
    "NUL in JSON": ({"told": [{"a": "\0"}]}, "a NUL character"),
    "NUL in a list": ({"tags": ["a", "\0"]}, "a NUL character"),
    "surrogate": ({"text": "é\ud800"}, "the surrogate U+D800"),
    "surrogate in JSON": ({"told": {"a": "\udfff"}}, "the surrogate U+DFFF"),
}  # fmt: skip
"""Values of which no event can be made, and what is said of them."""

UNFIT: dict[str, tuple[Any, str]] = {
    "text": ({"name": "a" * 10}, "value too long for type character varying(9)"),
    "text in a list": ({"tags": ["a" * 10]}, "value too long for type character varying(9)"),
    "number": ({"size": 40_000}, 'value "40000" is out of range for type smallint'),
    "address": ({"address": "nowhere"}, 'invalid input syntax for type inet: "nowhere"'),
    "decimal": ({"price": "123.45"}, "numeric field overflow"),
    "long decimal": ({"price": "1" * 40}, "The price of a sample (shop.Sample.price) has no room"),
}  # fmt: skip
"""Values that their column does not take, and what PostgreSQL says, or the field itself."""


@pytest.fixture
def samples(empty: Project) -> Project:
    empty.models(MODELS)
    empty.migrate()
    return empty


def state_of() -> list[Any]:
    """All that could be left behind."""
    from django.db import connection
    from shop.models import Sample

    from eventstore.models import Changeset
    from eventstore.reading import last_position

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM eventstore_event")
        (events,) = cursor.fetchone()
    return [events, last_position(), Changeset.objects.count(), list(Sample.objects.values())]


def refused(values: dict[str, Any], expected: type[Exception], said: str) -> list[str]:
    """What is wrong with how every way of saving refuses some values."""
    from django.db import transaction
    from shop.models import Sample

    from eventstore.errors import Refusal
    from versioning import BatchOperation, branch_context
    from versioning.branches.fork import fork

    sample = Sample.objects.create()
    fork("side")
    before = state_of()

    def edit() -> None:
        for name, value in values.items():
            setattr(sample, name, value)
        sample.save()

    def create() -> None:
        Sample.objects.create(**values)

    def update() -> None:
        Sample.objects.update(**values)

    def bulk() -> None:
        Sample.objects.bulk_create([Sample(), Sample(**values)])

    def batch() -> None:
        with BatchOperation() as many:
            many.process_changes([Sample(**values)])

    def inside() -> None:
        with branch_context():
            Sample.objects.create()
            Sample.objects.create(**values)

    def branch() -> None:
        with branch_context("side"):
            Sample.objects.create(**values)

    def savepoint() -> None:
        with transaction.atomic(), transaction.atomic():
            Sample.objects.create(**values)

    wrong = []
    for way in (edit, create, update, bulk, batch, inside, branch, savepoint):
        try:
            way()
        except Exception as error:  # noqa: BLE001  # whatever it is, it is looked at
            is_right = isinstance(error, Refusal) and isinstance(error, expected)
            if not is_right or said not in str(error) or "Sample" not in str(error):
                wrong.append(f"{way.__name__}: {error!r}"[:300])
            if "SELECT" in str(error) or (isinstance(error, Refusal) and error.status != 400):
                wrong.append(f"{way.__name__} tells too much: {error}"[:300])
        else:
            wrong.append(f"{way.__name__} was accepted")
        if state_of() != before:
            wrong.append(f"{way.__name__} left something behind")
    sample.refresh_from_db()
    sample.name = "other"
    sample.save()
    return wrong if sample.version == 2 else [*wrong, f"version {sample.version}"]


@pytest.mark.parametrize("case", NO_VALUES)
def test_a_value_of_which_no_event_can_be_made_is_refused(samples: Project, case: str) -> None:
    values, said = NO_VALUES[case]
    assert samples.run(refused, values, ValueError, said) == []


@pytest.mark.parametrize("case", UNFIT)
def test_a_value_that_its_column_does_not_take_is_refused(samples: Project, case: str) -> None:
    from django.db import DataError

    values, said = UNFIT[case]
    assert samples.run(refused, values, DataError, said) == []


def say_in_a_message() -> list[str]:
    from shop.models import Sample

    from eventstore.unfit import ValueRefused
    from versioning import branch_context

    before = state_of()
    said = []
    for message in ("a\0b", "a\ud800b"):
        try:
            with branch_context(message=message):
                Sample.objects.create()
        except ValueRefused as refusal:
            said.append(refusal.sentence)
    assert state_of() == before
    return said


def test_a_message_that_cannot_be_kept_is_refused(samples: Project) -> None:
    assert samples.run(say_in_a_message) == [
        "The message of a changeset holds a NUL character (U+0000).",
        "The message of a changeset holds half of a character (the surrogate U+D800).",
    ]


def send_many() -> list[Any]:
    """A pipeline hears of it later, and does not know which model it was."""
    from django.db import transaction
    from shop.models import Sample

    from eventstore.log import Header
    from eventstore.pipeline import pipeline
    from eventstore.types import Version
    from eventstore.unfit import UnfitValue
    from versioning.entities.changes import Change, Operation
    from versioning.entities.kinds import kind_of
    from versioning.events import MAIN
    from versioning.saving.writing import send

    kind = kind_of(Sample)
    before = state_of()
    try:
        with transaction.atomic(), pipeline() as sending:
            for name in ("short", "much too long", "short"):
                entity = Sample(name=name)
                values = kind.full({"name": name})
                change = Change(kind, entity.pk, Operation.CREATE, Version(0), values=values)
                send(sending, [change], Header(MAIN, None, ""))
    except UnfitValue as refusal:
        assert state_of() == before
        return [refusal.sentence]
    return []


def test_a_pipeline_refuses_it_as_well(samples: Project) -> None:
    assert samples.run(send_many) == [
        "A column does not take a value: value too long for type character varying(9)."
    ]


def swallow(where: str, values: dict[str, Any]) -> list[str]:
    """What comes after a save that failed inside an open transaction, and what is left."""
    from contextlib import nullcontext

    from django.db import transaction
    from shop.models import Sample

    from versioning import branch_context
    from versioning.branches.fork import fork

    fork("side")
    blocks = {"atomic": nullcontext, "main": branch_context, "side": lambda: branch_context("side")}
    said = []
    before = state_of()
    try:
        with transaction.atomic(), blocks[where]():
            Sample.objects.create()
            try:
                Sample.objects.create(**values)
            except Exception as error:  # noqa: BLE001  # swallowed, as some do
                said.append(type(error).__name__)
            for _ in range(2):
                try:
                    Sample.objects.count()
                except Exception as error:  # noqa: BLE001  # it is looked at
                    said += [type(error).__name__, type(error.__cause__).__name__]
    except Exception as error:  # noqa: BLE001  # as above
        said.append(type(error).__name__)
    assert state_of() == before
    return said


@pytest.mark.parametrize(
    ("where", "end"),
    [
        ("atomic", []),
        ("main", ["TransactionManagementError"]),
        ("side", ["TransactionManagementError"]),
    ],
)
def test_what_goes_on_after_a_swallowed_error_is_told_of_it(
    samples: Project, where: str, end: list[str]
) -> None:
    said = ["UnfitValue", *["TransactionManagementError", "DataError"] * 2, *end]
    assert samples.run(swallow, where, {"name": "much too long"}) == said


def break_a_constraint() -> tuple[str, str]:
    from django.db import IntegrityError
    from shop.models import Sample

    try:
        Sample.objects.create(told=None)
    except IntegrityError as error:
        return str(error), error.__cause__.diag.column_name  # type: ignore[union-attr]
    raise AssertionError("nothing was refused")


def test_what_breaks_a_constraint_is_told_as_postgresql_says_it(samples: Project) -> None:
    said, column = samples.run(break_a_constraint)
    first, detail = said.splitlines()
    assert first.startswith('null value in column "told" of relation "shop_sample" violates')
    assert detail.startswith("DETAIL:")
    assert column == "told"


def go_on() -> int:
    """A savepoint bears the error, and what was refused before it was sent breaks nothing."""
    from django.db import DataError, transaction
    from shop.models import Sample

    from eventstore.unfit import ValueRefused
    from versioning import branch_context

    with branch_context():
        for values, expected in (({"name": "a" * 10}, DataError), ({"name": "\0"}, ValueRefused)):
            try:
                with transaction.atomic():
                    Sample.objects.create(**values)
            except expected:
                Sample.objects.create()
        try:
            Sample.objects.create(name="\0")
        except ValueRefused:
            Sample.objects.create()
    count: int = Sample.objects.count()
    return count


def test_a_savepoint_bears_a_value_that_is_refused(samples: Project) -> None:
    assert samples.run(go_on) == 3
