"""The same coaster four times: ours, Django's own, simple-history's; the plain one is in SQL."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from simple_history.models import HistoricalRecords as SimpleHistory

from versioning.entities.historical import new_id
from versioning.history import HistoricalRecords
from versioning.saving.model import VersionedModel

TEXT = "A coaster of steel, with a lift hill, a drop and a turn over the lake. " * 6
"""A body of the length that most pages have."""


class Coaster(models.Model):
    """The columns that every contestant has."""

    slug = models.SlugField(max_length=120)
    name = models.CharField(max_length=200)
    park = models.IntegerField(db_index=True)
    category = models.CharField(max_length=20, default="roller-coaster")
    status = models.CharField(max_length=20, default="operating")
    opened = models.CharField(max_length=20, blank=True)
    maker = models.CharField(max_length=60, blank=True)
    height_m = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    length_m = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    inversions = models.IntegerField(null=True)
    body = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Ours(Coaster, VersionedModel):
    history = HistoricalRecords()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["name", "id"])]


class Bare(Coaster):
    """Django without any history."""

    id = models.UUIDField(primary_key=True, default=new_id)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["name", "id"])]


class Simple(Coaster):
    """With django-simple-history."""

    id = models.UUIDField(primary_key=True, default=new_id)
    # No foreign key: these tables are made before those that migrations make.
    history = SimpleHistory(history_user_id_field=models.BigIntegerField(null=True))

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["name", "id"])]


def facts(number: int) -> dict[str, Any]:
    """The columns of one coaster; fifty stand in each park."""
    return {
        "slug": f"coaster-{number}",
        "name": f"Coaster {number:06}",
        "park": number // 50,
        "opened": str(1960 + number % 60),
        "maker": f"Maker {number % 40}",
        "height_m": Decimal(number % 90),
        "length_m": Decimal(number % 1_500),
        "inversions": number % 9,
        "body": TEXT,
    }
