"""Lists of items: read, merged item by item and part by part, typed in rows."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.branches.merge import merge, plan_merge
from versioning.entities.conflicts import EditConflict
from versioning.fields.columns import PartialDateField, QuantityField
from versioning.fields.dates import PartialDate
from versioning.fields.items import Item, Items, ItemsField, Period
from versioning.fields.quantities import Quantity
from versioning.models import Branch
from wiki.models import Company, Element, Park, Ride


class Named(Period):
    name = models.CharField(max_length=20)
    height = QuantityField(unit="m")


FIELD = ItemsField(item=Named)
FIELD.set_attributes_from_name("names")


def test_parts_are_fields_and_the_period_comes_last() -> None:
    assert list(Named.parts) == ["name", "height", "since", "until"]


def test_an_item_is_read_and_told_in_one_form() -> None:
    told = [{"id": "a", "name": "Old", "height": {"value": 203, "unit": "ft"}, "since": "1999-05"}]
    items = FIELD.to_python(told)
    assert items[0].height == Quantity(Decimal(203), "ft")
    assert items[0].since == PartialDate("1999-05")
    assert FIELD.to_document(items) == told
    assert FIELD.to_document(FIELD.to_python([{"id": "a", "name": "Old", "gone": 1}])) == [
        {"id": "a", "name": "Old"}
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        "Old", 7, {"name": "Old"}, [7], [{"id": "a"}, {"id": "a"}],
        [{"id": 7}], [{"id": "a", "since": "whenever"}], [{"id": "x" * 99}],
    ],
)  # fmt: skip
def test_what_is_no_list_of_items_is_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        FIELD.clean(wrong, None)


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 21}])
def test_a_part_is_checked_as_its_field_would(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="Item 1"):
        FIELD.clean([{"id": "a", **wrong}], None)


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=3), unique=True, max_size=5))
def test_items_round_trip(names: list[str]) -> None:
    items = Items(Named(name=name) for name in names)
    assert FIELD.to_python(FIELD.to_document(items)) == items


def test_an_item_does_not_change() -> None:
    item = Named("a", name="Old")
    with pytest.raises(AttributeError, match=r"item\.replace\(name=…\)"):
        item.name = "New"
    assert item.replace(name="New") == Named("a", name="New")
    assert item.document()["name"] == "Old"


def test_what_held_in_a_year() -> None:
    items = Items(
        [
            Named("a", since=PartialDate("1990"), until=PartialDate("1995-06")),
            Named("b", since=PartialDate("1995-06")),
            Named("c", until=PartialDate("1980")),
        ]
    )
    assert [item.key for item in items.held_in(1995)] == ["a", "b"]
    assert [item.key for item in items.held_in(1970)] == ["c"]
    assert [item.key for item in items.held_in(2020)] == ["b"]


@pytest.mark.django_db
def test_two_branches_edit_two_parts_of_one_item_and_both_stay(kestrel: Ride) -> None:
    kestrel.names = [{"id": "a", "name": "Old"}]
    kestrel.save()
    fork("spring")
    with branch_context("spring"):
        ride = Ride.objects.get()
        ride.names = [{"id": "a", "name": "Old", "until": "1999"}, {"id": "b", "name": "Older"}]
        ride.save()
    kestrel.names = [{"id": "a", "name": "Old", "since": "1990"}]
    kestrel.save()
    merge(Branch.objects.get(name="spring"))
    kestrel.refresh_from_db()
    assert kestrel.names.document() == [
        {"id": "a", "name": "Old", "since": "1990", "until": "1999", "sort": "former"},
        {"id": "b", "name": "Older", "sort": "former"},
    ]


@pytest.mark.django_db
def test_one_part_that_two_edit_is_a_conflict_of_that_part(kestrel: Ride) -> None:
    kestrel.names = [{"id": "a", "name": "Old"}]
    kestrel.save()
    mine, theirs = Ride.objects.get(), Ride.objects.get()
    theirs.names = [{"id": "a", "name": "Oldest"}]
    theirs.save()
    mine.names = [{"id": "a", "name": "Elder"}]
    with pytest.raises(EditConflict) as conflict:
        mine.save()
    assert [each.path for each in conflict.value.conflicts] == ["names.a.name"]


@pytest.mark.django_db
def test_a_merge_refuses_to_lose_what_an_item_names(kestrel: Ride) -> None:
    acme = Company.objects.create(slug="acme", name="Acme")
    fork("spring")
    with branch_context("spring"):
        park = Park.objects.get()
        park.owners = [{"id": "a", "company": str(acme.pk)}]
        park.save()
    acme.delete()
    plan = plan_merge(Branch.objects.get(name="spring")).plan
    assert [(c.conflict.path, c.conflict.type) for c in plan.conflicts] == [
        ("owners", "dangling_reference")
    ]


@pytest.mark.django_db
def test_an_unchanged_list_appends_nothing_and_the_past_keeps_its_own(kestrel: Ride) -> None:
    loop = Element.objects.create(slug="loop", name="Loop", inversions=1)
    track = {"id": "1", "elements": [str(loop.pk), str(loop.pk)], "height": "30 m"}
    kestrel.tracks = [track]
    kestrel.save()
    version = kestrel.version
    kestrel.tracks = [dict(track)]
    kestrel.save()
    assert kestrel.version == version
    then = kestrel.history.all()[0].valid_from
    kestrel.tracks = []
    kestrel.save()
    with viewpoint(at=then):
        (held,) = Ride.objects.get().tracks
        assert held.elements == [str(loop.pk), str(loop.pk)]
        assert held.height == Quantity(Decimal(30), "m")
    assert len(Ride.objects.get().tracks) == 0


def test_an_item_has_no_other_parts() -> None:
    with pytest.raises(TypeError, match="no colour"):
        Named(colour="red")
    assert Item().key != Item().key
    assert PartialDateField().to_python("1999") == PartialDate("1999")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "names"), [("Elder", ["Elder"]), ("Oldest", ["Oldest"]), ("Both", ["Both"])]
)
def test_a_conflict_within_an_item_is_answered_there(
    kestrel: Ride, answer: str, names: list[str]
) -> None:
    kestrel.names = [{"id": "a", "name": "Old", "since": "1990"}]
    kestrel.save()
    fork("spring")
    with branch_context("spring"):
        ride = Ride.objects.get()
        ride.names = [{"id": "a", "name": "Elder", "since": "1990"}]
        ride.save()
    kestrel.names = [{"id": "a", "name": "Oldest", "since": "1990"}]
    kestrel.save()
    spring = Branch.objects.get(name="spring")
    (asked,) = plan_merge(spring).plan.conflicts
    assert asked.conflict.path == "names.a.name"
    merge(spring, resolutions={asked.key: asked.resolution(answer, None)})
    kestrel.refresh_from_db()
    assert [item.name for item in kestrel.names] == names
    assert kestrel.names[0].since == PartialDate("1990")


@pytest.mark.django_db
@pytest.mark.parametrize("stays", [True, False])
def test_an_item_that_one_side_changed_and_the_other_took_out_is_asked_about(
    kestrel: Ride, *, stays: bool
) -> None:
    kestrel.names = [{"id": "a", "name": "Old"}, {"id": "b", "name": "Older"}]
    kestrel.save()
    fork("spring")
    with branch_context("spring"):
        ride = Ride.objects.get()
        ride.names = [{"id": "a", "name": "Old", "since": "1990"}, {"id": "b", "name": "Older"}]
        ride.save()
    kestrel.names = [{"id": "b", "name": "Older"}]
    kestrel.save()
    spring = Branch.objects.get(name="spring")
    (asked,) = plan_merge(spring).plan.conflicts
    assert (asked.conflict.path, asked.conflict.type) == ("names.a", "changed_deleted")
    answer = asked.conflict.theirs if stays else None
    merge(spring, resolutions={asked.key: asked.resolution(answer, None)})
    kestrel.refresh_from_db()
    assert sorted(item.key for item in kestrel.names) == (["a", "b"] if stays else ["b"])
