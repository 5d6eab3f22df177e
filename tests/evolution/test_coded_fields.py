"""Fields with a form of their own for the database, as Django's documentation writes them."""

from typing import Any

import pytest

from tests.evolution.project import Project

MODELS = """
from decimal import Decimal
from django.db import models
from versioning import HistoricalRecords, VersionControlManager, VersionedModel


class Secret(models.TextField):
    def from_db_value(self, value, expression, connection):
        return None if value is None else value.removeprefix("sealed:")[::-1]

    def get_prep_value(self, value):
        return None if value is None else "sealed:" + value[::-1]


class Tags(models.CharField):
    def from_db_value(self, value, expression, connection):
        return value.split(",") if value else []

    def to_python(self, value):
        return value if isinstance(value, list) else value.split(",") if value else []

    def get_prep_value(self, value):
        return value if isinstance(value, str) else ",".join(value)


class Price(models.IntegerField):
    def from_db_value(self, value, expression, connection):
        return None if value is None else Decimal(value) / 100

    def get_prep_value(self, value):
        return None if value is None else int(value * 100)


class Lamp(VersionedModel):
    name = models.CharField(max_length=20, default="")
    secret = Secret(null=True)
    tags = Tags(max_length=99, default=list)
    price = Price(null=True)
    size = models.IntegerField(default=2)
    area = models.GeneratedField(
        expression=models.F("size") * models.F("size"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    history = HistoricalRecords()
    version_control = VersionControlManager()
"""


@pytest.fixture
def lamps(empty: Project) -> Project:
    empty.models(MODELS)
    empty.migrate()
    return empty


def held(lamp: Any) -> list[Any]:
    return [lamp.secret, lamp.tags, str(lamp.price)]


def columns() -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, tags, price FROM head.shop_lamp")
        return list(cursor.fetchone())


def findings() -> list[Any]:
    from projections.audit.auditing import audit
    from projections.rebuild import rebuild

    return [*audit().findings, *([] if rebuild().mended == 0 else ["rows were mended"])]


def go_through() -> dict[str, Any]:
    """Created, saved again, edited on both sides, merged, reverted: told wherever it is read."""
    from decimal import Decimal

    from shop.models import Lamp

    from versioning import branch_context, viewpoint
    from versioning.branches.fork import fork
    from versioning.entities.kinds import kind_of
    from versioning.viewpoints.versions import to_version

    said: dict[str, Any] = {}
    lamp = Lamp.objects.create(secret="abc", tags=["x", "y"], price=Decimal("1.50"))
    said["created"] = held(lamp)
    said["read"] = held(Lamp.objects.get())
    said["columns"] = columns()
    lamp.save()
    Lamp.objects.get().save()
    said["saved again"] = Lamp.objects.get().version
    stale = Lamp.objects.get()
    fork("side")
    with branch_context("side"):
        other = Lamp.objects.get()
        other.secret, other.price = "new", Decimal("2.25")
        other.save()
        said["on the branch"] = held(other)
    Lamp.objects.update(tags=["z"])
    stale.name = "stale"
    stale.save()
    said["after a stale save"] = [*held(stale), *held(Lamp.objects.get())]
    merged = Lamp.version_control.merge("side")
    said["merged"] = held(Lamp.objects.get())
    said["merged columns"] = columns()
    kind = kind_of(Lamp)
    said["replayed"] = all(
        lamp.history.replayed(row) == to_version(kind, row).document for row in lamp.history.all()
    )
    with viewpoint("main", at=lamp.history.find(1).valid_from):
        said["then"] = held(Lamp.objects.get())
    Lamp.version_control.revert(merged.changeset)
    said["reverted"] = held(Lamp.objects.get())
    said["findings"] = findings()
    return said


def test_what_people_hold_and_what_the_column_holds_are_kept_apart(lamps: Project) -> None:
    assert lamps.run(go_through) == {
        "created": ["abc", ["x", "y"], "1.50"],
        "read": ["abc", ["x", "y"], "1.5"],
        "columns": ["sealed:cba", "x,y", 150],
        "saved again": 1,
        "on the branch": ["new", ["x", "y"], "2.25"],
        "after a stale save": ["abc", ["z"], "1.5", "abc", ["z"], "1.5"],
        "merged": ["new", ["z"], "2.25"],
        "merged columns": ["sealed:wen", "z", 225],
        "replayed": True,
        "then": ["abc", ["x", "y"], "1.5"],
        "reverted": ["abc", ["z"], "1.5"],
        "findings": [],
    }


def compute() -> list[int]:
    from shop.models import Lamp

    lamp = Lamp.objects.create(size=3)
    areas = [lamp.area]
    lamp.size = 4
    lamp.save()
    areas.append(lamp.area)
    lamp.size = 5
    Lamp.objects.bulk_update([lamp], ["size"])
    areas.append(lamp.area)
    return areas


def test_what_the_database_computes_is_read_again_after_a_save(lamps: Project) -> None:
    assert lamps.run(compute) == [9, 16, 25]
