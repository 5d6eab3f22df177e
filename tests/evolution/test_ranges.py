"""Ranges: one text for equal ones, and everything that other fields have."""

from typing import Any

import pytest

from tests.evolution.project import Project

MODELS = """
from django.contrib.postgres.fields import (
    BigIntegerRangeField, DateRangeField, DateTimeRangeField, DecimalRangeField, IntegerRangeField,
)
from django.db import models
from versioning import HistoricalRecords, VersionControlManager, VersionedModel


class Stay(VersionedModel):
    name = models.CharField(max_length=40)
    ages = IntegerRangeField(null=True)
    numbers = BigIntegerRangeField(null=True)
    days = DateRangeField(null=True)
    hours = DateTimeRangeField(null=True)
    prices = DecimalRangeField(null=True)
    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(ages__isempty=True), name="no_empty_ages"),
        ]
"""


def live() -> dict[str, Any]:
    import json
    from datetime import UTC, date, datetime
    from decimal import Decimal

    from django.core import serializers
    from django.db.backends.postgresql.psycopg_any import (
        DateRange,
        DateTimeTZRange,
        NumericRange,
    )
    from shop.models import Stay

    from eventstore.reading import last_position
    from projections.audit.auditing import audit
    from projections.rebuild import rebuild
    from versioning import branch_context, viewpoint
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge
    from versioning.branches.results import ResultRefused
    from versioning.models import Branch

    noon, two = datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 1, 14, 30, tzinfo=UTC)
    stay = Stay.objects.create(
        name="Stay",
        ages=(3, 10),
        numbers=NumericRange(None, 2**40, "(]"),
        days=DateRange(date(2026, 3, 1), date(2026, 3, 31), "[]"),
        hours=DateTimeTZRange(noon, two, "(]"),
        prices=NumericRange(Decimal("1.50"), None),
    )
    first = last_position()
    # Other spellings of the same ranges record nothing.
    stay.ages = NumericRange(2, 9, "(]")
    stay.numbers = NumericRange(None, 2**40 + 1)
    stay.days = DateRange(date(2026, 2, 28), date(2026, 4, 1), "()")
    stay.save()
    assert last_position() == first
    again = Stay.objects.get()
    assert (again.ages, again.days.upper) == (NumericRange(3, 10), date(2026, 4, 1))
    again.save()
    Stay.objects.update(ages=(3, 10))
    assert last_position() == first
    fork("spring")
    with branch_context("spring"):
        there = Stay.objects.get(ages__contains=5)
        there.ages = (4, None)
        there.hours = DateTimeTZRange(None, None)
        there.save()
        assert Stay.objects.filter(ages__contains=5_000).count() == 1
    refused = ""
    try:
        with branch_context("spring"):
            Stay.objects.create(name="Empty", ages=NumericRange(empty=True))
    except ResultRefused as refusal:
        refused = refusal.sentence
    stay.refresh_from_db()
    stay.days = DateRange(empty=True)
    stay.save()
    merge(Branch.objects.get(name="spring"))
    with viewpoint("main", at=first):
        then = Stay.objects.get(days__contains=date(2026, 3, 31))
        assert (then.hours, then.prices) == (
            DateTimeTZRange(noon, two, "(]"),
            NumericRange(Decimal("1.50"), None),
        )
    versions = [each.version for each in stay.history.all()]
    replayed = [stay.history.replayed(version)["ages"] for version in versions]
    kept = serializers.serialize("json", Stay.objects.all())
    (loaded,) = serializers.deserialize("json", kept)
    held: Any = loaded.object
    assert held.ages == Stay.objects.get().ages
    assert audit(merges=True).findings == ()
    assert rebuild().mended == 0
    merged = Stay.objects.get()
    return {
        "refused": bool(refused),
        "replayed": replayed,
        "merged": [str(merged.ages), str(merged.days), str(merged.hours)],
        "fixture": json.loads(kept)[0]["fields"]["ages"],
    }


def test_ranges_are_kept_like_any_other_field(project: Project) -> None:
    project.models(MODELS)
    project.migrate()
    assert project.run(live) == {
        "refused": True,
        "replayed": ["[4,)", "[3,10)", "[3,10)"],
        "merged": ["[4, None)", "empty", "(None, None)"],
        "fixture": '{"bounds": "[)", "lower": "4", "upper": null}',
    }


def save() -> None:
    from shop.models import Stay

    Stay.objects.create(name="Stay", ages=(3, 10))


def told() -> tuple[list[str], int, int]:
    from shop.models import Stay

    from projections.audit.auditing import audit
    from projections.rebuild import rebuild

    stay = Stay.objects.get()
    replayed = [stay.history.replayed(each.version)["ages"] for each in stay.history.all()]
    return replayed, len(audit().findings), rebuild().mended


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("models.CharField(max_length=20, null=True)", "[3,10)"),
        ("models.TextField(null=True)", "[3,10)"),
    ],
)
def test_a_range_becomes_what_postgresql_casts_it_to(
    project: Project, field: str, text: str
) -> None:
    models = MODELS.split("    class Meta:")[0]
    project.models(models)
    project.migrate()
    project.run(save)
    project.models(models.replace("IntegerRangeField(null=True)", field, 1))
    project.migrate()
    assert project.run(told) == ([text], 0, 0)
