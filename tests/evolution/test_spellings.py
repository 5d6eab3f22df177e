"""However a value is spelt: it reads as Django would have saved it, and is recorded once."""

from typing import Any

from tests.evolution.migrations import VERSIONED
from tests.evolution.project import Project

MODELS = f"""{VERSIONED}from django.contrib.postgres.fields import ArrayField

_NUMBER = dict(max_digits=6, decimal_places=2)


class Values(models.Model):
    length = models.DurationField(null=True)
    lengths = ArrayField(models.DurationField(), null=True)
    hour = models.TimeField(null=True)
    hours = ArrayField(models.TimeField(), null=True)
    seal = models.BinaryField(null=True)
    grid = ArrayField(ArrayField(models.IntegerField()), null=True)
    weights = ArrayField(models.FloatField(), null=True)
    price = models.DecimalField(null=True, **_NUMBER)
    prices = ArrayField(models.DecimalField(**_NUMBER), null=True)
    exact = models.DecimalField(null=True)
    moment = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Plain(Values):
    pass


class Doc(VersionedModel, Values):
    history = HistoricalRecords()
    version_control = VersionControlManager()
"""


def save() -> dict[str, Any]:
    from datetime import UTC, datetime, time, timedelta
    from decimal import Decimal

    from django.db import DataError, connection
    from django.db.models import F
    from shop.models import Doc, Plain

    from projections.audit.auditing import audit
    from projections.rebuild import rebuild
    from versioning import branch_context
    from versioning.branches.fork import fork

    spellings: list[tuple[str, list[Any]]] = [
        ("length", ["P1DT2H", "1 02:00:00", "26 hours", timedelta(hours=26)]),
        ("length", ["1:30", timedelta(minutes=90)]),
        ("lengths", [["1 day"], [timedelta(days=1)]]),
        ("hour", [time(1, 2, tzinfo=UTC), "01:02", time(1, 2)]),
        ("hours", [[time(1, 2, tzinfo=UTC)], [time(1, 2)]]),
        ("seal", [b"abc", bytearray(b"abc"), memoryview(b"abc")]),
        ("grid", [[[], []], [[]], []]),
        ("grid", [[[1], [2]], ((1,), (2,))]),
        ("weights", [[-0.0, 1], [0.0, 1.0]]),
        ("price", ["1.005", Decimal("1.005"), "1.01"]),
        ("price", [Decimal("0.125"), Decimal("0.13")]),
        ("price", [Decimal("-0.005"), Decimal("-0.01")]),
        ("price", [Decimal("-0.00"), 0]),
        ("prices", [[Decimal("0.125"), Decimal("-2.345")], [Decimal("0.13"), Decimal("-2.35")]]),
        ("exact", [Decimal("1.50"), Decimal("1.5"), 1.5]),
        ("exact", ["1e3", 1000]),
        ("exact", [Decimal("0." + "1" * 60)]),
        ("moment", [datetime.max.replace(tzinfo=UTC)]),
        ("moment", ["2024-06-02T12:00:00Z", datetime(2024, 6, 2, 12, tzinfo=UTC)]),
    ]
    fork("spring")
    read = {}
    for name, spelt in spellings:
        plain = Plain.objects.create(**{name: spelt[0]})
        plain.refresh_from_db()
        doc = Doc.objects.create(**{name: spelt[0]})
        for value in spelt:
            doc = Doc.objects.get(pk=doc.pk)
            setattr(doc, name, value)
            doc.save()
            Doc.objects.filter(pk=doc.pk).update(**{name: value})
            doc.refresh_from_db()
            held = [getattr(each, name) for each in (plain, doc)]
            assert held[0] == held[1], (name, value, held)
        read[f"{name} = {spelt[0]!r}"] = len(doc.history.all())
    plain, doc = Plain.objects.create(price=1), Doc.objects.create(price=1)
    for model, one in ((Plain, plain), (Doc, doc)):
        model.objects.filter(pk=one.pk).update(price=F("price") * Decimal("1.005"))
        one.refresh_from_db()
    assert plain.price == doc.price == Decimal("1.01")

    # Both sides say the same in words of their own.
    both = Doc.objects.create()
    fork("summer")
    with branch_context("summer"):
        Doc.objects.filter(pk=both.pk).update(length="1 00:00:00", price="2.005")
    Doc.objects.filter(pk=both.pk).update(length=timedelta(days=1), price=Decimal("2.01"))
    Doc.objects.filter(pk=both.pk).update(exact=1)
    Doc.version_control.sync("summer")

    refused = {}
    for name, value in (
        ("seal", "abc"),
        ("moment", "9999-12-31T23:00:00-05:00"),
        ("moment", "0001-01-01T00:00:00+05:00"),
    ):
        try:
            Doc.objects.create(**{name: value})
        except (TypeError, DataError) as error:
            refused[f"{name} = {value!r:.30}"] = type(error).__name__
    assert not connection.needs_rollback
    assert audit().findings == ()
    assert rebuild().mended == 0
    return {"versions": set(read.values()), "refused": set(refused.items())}


def test_a_value_is_kept_as_its_column_has_it(empty: Project) -> None:
    empty.models(MODELS)
    empty.migrate()
    assert empty.run(save) == {
        "versions": {1},
        "refused": {
            ("seal = 'abc'", "TypeError"),
            ("moment = '9999-12-31T23:00:00-05:00'", "UnfitValue"),
            ("moment = '0001-01-01T00:00:00+05:00'", "UnfitValue"),
        },
    }
