"""Schemas say what records are: those that are, fit; those that an import refuses, do not."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator, meta

from tests.library.models import Book
from tests.wiki.exchange.test_round_trip import everything
from tests.wiki.exchange.values import draw_form
from versioning.branches.documents import branch_kinds
from versioning.entities.kinds import Kind, kind_of
from wiki.exchange.checking import Refused, checked
from wiki.kinds.companies import Role
from wiki.kinds.registry import KINDS
from wiki.models import Company, Park, Ride
from wiki.schema.fields import value_schema
from wiki.schema.kinds import DIALECT, kind_schema

pytestmark = pytest.mark.django_db

LABELS = [kind.label for kind in branch_kinds()]


def validator(kind: Kind) -> Draft202012Validator:
    schema = kind_schema(kind)
    meta.validate(schema)
    return Draft202012Validator(schema, validate_formats=True)


def wrong(records: dict[str, list[Any]]) -> list[str]:
    """What does not fit its kind's schema."""
    found = []
    for label, several in records.items():
        check = validator(kind_of(label))
        found += [
            f"{label} {e.instance_path}: {e.message}" for r in several for e in check.iter_errors(r)
        ]
    return found


@pytest.mark.slow
def test_every_document_of_the_sample_fits_its_schema() -> None:
    call_command("load_sample", stdout=StringIO())
    records = everything()
    assert sum(map(len, records.values())) > 1_700
    assert wrong(records) == []


@pytest.mark.slow
@settings(max_examples=30)
@given(data=st.data(), plan=st.lists(st.sampled_from(LABELS), min_size=1, max_size=4))
def test_whatever_a_form_makes_fits_its_schema_and_can_be_imported(
    data: st.DataObject, plan: list[str]
) -> None:
    with transaction.atomic():
        for number, label in enumerate(plan):
            draw_form(data, kind_of(label), number).save()
        records = everything()
        assert wrong(records) == []
        for label, several in records.items():
            for record in several:
                checked(kind_of(label), record)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "values",
    [
        {"colour": "red"}, {"status": "teapot"}, {"inversions": "3"}, {"inversions": True},
        {"inversions": -1}, {"inversions": 2**31}, {"name": None}, {"name": ""}, {"name": 3},
        {"name": "x" * 201}, {"slug": "a ride"}, {"height": {"value": 3, "unit": "kg"}},
        {"height": {"value": 3}}, {"height": {"value": 3, "unit": "m", "x": 1}}, {"height": "3 m"},
        {"opened": "May 1999"}, {"opened": 1999}, {"designers": None}, {"designers": "x"},
        {"designers": ["x"]}, {"park": "12"}, {"id": "1"}, {"single_riders": "yes"},
        {"coordinates": {"latitude": 91, "longitude": 0}}, {"coordinates": [1, 2]},
    ],
)  # fmt: skip
def test_what_an_import_refuses_fits_no_schema(kestrel: Ride, values: dict[str, Any]) -> None:
    (record,) = everything()["wiki.ride"]
    check = validator(kind_of(Ride))
    assert check.is_valid(record)
    bad = {**record, **values}
    assert not check.is_valid(bad)
    with pytest.raises(Refused):
        checked(kind_of(Ride), bad)


@pytest.mark.parametrize("name", ["id", "slug", "name"])
def test_what_no_record_is_without_is_required(kestrel: Ride, name: str) -> None:
    (record,) = everything()["wiki.ride"]
    del record[name]
    assert not validator(kind_of(Ride)).is_valid(record)


def test_a_schema_tells_labels_defaults_and_what_is_referred_to() -> None:
    ride = kind_schema(kind_of(Ride))["properties"]
    assert ride["park"]["x-kind"] == "wiki.park"
    assert ride["designers"]["items"] == {
        "type": "string", "format": "uuid", "x-kind": "wiki.company",
    }  # fmt: skip
    assert ride["status"]["default"] == "unknown"
    assert "operating" in ride["status"]["enum"]
    assert ride["soft_opened"]["title"] == "soft opening"
    assert ride["names"]["items"]["properties"]["since"]["type"] == "string"
    owners = kind_schema(kind_of(Park))["properties"]["owners"]["items"]["properties"]
    assert owners["company"]["x-kind"] == "wiki.company"
    company = kind_schema(kind_of(Company))["properties"]
    assert company["roles"]["items"] == {"enum": list(Role)}
    assert kind_schema(kind_of(Park))["properties"]["street"]["maxLength"] == 200
    assert kind_schema(kind_of(Book))["properties"]["price"]["pattern"]


def test_a_field_says_its_own_schema() -> None:
    class Rhymes(models.JSONField[Any, Any]):
        def json_schema(self) -> dict[str, Any]:
            return {"type": "array", "items": {"const": "moon"}}

    assert value_schema(Rhymes()) == {"type": "array", "items": {"const": "moon"}}


def test_schemas_are_published(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        kinds = client.get("/api/v1/schema/").json()["kinds"]
        assert kinds.keys() == KINDS.keys()
        for plural, told in kinds.items():
            assert told["schema"] == f"http://testserver/api/v1/schema/{plural}.json"
            answer = client.get(told["schema"])
            assert answer["Content-Type"] == "application/schema+json"
            schema = answer.json()
            assert (schema["$schema"], schema["$id"]) == (DIALECT, told["schema"])
            assert schema["x-kind"] == told["kind"]
    assert client.get("/api/v1/schema/teapots.json").status_code == 404
    assert client.post("/api/v1/schema/").status_code == 405


def test_a_command_prints_them() -> None:
    out = StringIO()
    call_command("schema", stdout=out)
    assert list(json.loads(out.getvalue())) == LABELS
    out = StringIO()
    call_command("schema", "wiki.ride", stdout=out)
    assert json.loads(out.getvalue())["title"] == "ride"
    with pytest.raises(CommandError, match="no kind 'teapot'"):
        call_command("schema", "teapot")
