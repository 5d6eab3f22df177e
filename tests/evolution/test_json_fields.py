"""What a JSONField holds: as PostgreSQL gives it back, with encoders and decoders of one's own."""

import json
import math
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tests.evolution import shop
from tests.evolution.project import Project, StepFailed

MODELS = (
    shop.MODELS.split("class Maker(")[0]
    + """
import json
from django.core.serializers.json import DjangoJSONEncoder


class Whole(json.JSONDecoder):
    def __init__(self):
        super().__init__(parse_float=lambda text: round(float(text)))


class Item(VersionedModel):
    told = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    rounded = models.JSONField(default=list, decoder=Whole)
    history = HistoricalRecords()
    version_control = VersionControlManager()
"""
)


@pytest.fixture
def items(empty: Project) -> Project:
    empty.models(MODELS)
    empty.migrate()
    return empty


def written(value: Any) -> str:
    """Tells 1 from 1.0, and 0.0 from -0.0; the order of keys is none."""
    return json.dumps(value, sort_keys=True)


def kept(value: Any) -> str:
    """What a new instance holds that was saved with a value, and that every way of saving kept."""
    from shop.models import Item

    from projections.audit.auditing import audit

    made = Item.objects.create(told=value)
    held = Item.objects.get(pk=made.pk)
    (edited,) = Item.objects.bulk_create([Item(told={"before": True})])
    edited.told = value
    edited.save()
    updated = Item.objects.create()
    Item.objects.filter(pk=updated.pk).update(told=value)
    for item in Item.objects.all():
        assert written(item.told) == written(held.told)
        replayed = item.history.replayed(item.version)["told"]
        assert written(replayed) == written(held.told)
    came = written(held.told)
    held.told = value
    held.save()
    assert held.version == made.version, "nothing was edited"
    assert audit().findings == ()
    return came


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": 1e300, "b": [1e16, -1e20]}, {"a": 10**300, "b": [10**16, -(10**20)]}),
        ([1.5e-7, -0.0, 1.0, 1.10, 2**70], [1.5e-7, 0.0, 1.0, 1.1, 2**70]),
        ({1: (2, None), None: math.pi}, {"1": [2, None], "null": math.pi}),
    ],
)
def test_numbers_and_keys_are_those_that_come_back(
    items: Project, value: Any, expected: Any
) -> None:
    assert items.run(kept, value) == written(expected)


def test_an_encoder_has_its_say(items: Project) -> None:
    value = {"on": date(2020, 1, 2), "of": [Decimal("1.10"), UUID(int=3)]}
    wanted = {"on": "2020-01-02", "of": ["1.10", str(UUID(int=3))]}
    assert items.run(kept, value) == written(wanted)


def test_a_decoder_has_its_say_in_the_past_and_in_merges(items: Project) -> None:
    items.run(decoded)


def decoded() -> None:
    from shop.models import Item

    from versioning import branch_context
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge
    from versioning.models import Branch

    item = Item.objects.create(rounded=[1.2])
    assert Item.objects.get().rounded == [1]
    fork("spring")
    with branch_context("spring"):
        there = Item.objects.get()
        there.rounded = [2.7, 3]
        there.save()
        assert there.history.all()[0].rounded == [3, 3]
    merge(Branch.objects.get(name="spring"))
    item.told = {"a": 1}
    item.save()
    item.refresh_from_db()
    assert item.rounded == [3, 3]


def test_what_no_encoder_has_a_form_for_is_said(items: Project) -> None:
    with pytest.raises(StepFailed, match="Object of type complex is not JSON serializable"):
        items.run(kept, {"a": 1j})
