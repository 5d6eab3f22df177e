"""Every limit of the engine is a system check, with a hint."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, IntegerRangeField
from django.core.checks import run_checks
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.test.utils import isolate_apps

from eventstore.models import Changeset
from tests.library.models import Author, Book
from versioning import References, VersionedModel, acting_as
from versioning.checks import check_accounts, check_model
from versioning.fields import Item, ItemsField, QuantityField, ReferencePart, ReferencesPart
from versioning.saving.context import NoAccountKey


def ids_of(
    attributes: dict[str, Any], *bases: type, meta: dict[str, Any] | None = None
) -> list[str]:
    """The ids of what is found of a model with these attributes."""
    with isolate_apps("tests.library"):
        options = {"app_label": "library", **(meta or {})}
        body = {"__module__": "tests.library.models", "Meta": type("Meta", (), options)}
        model: Any = type("Odd", bases or (VersionedModel,), {**body, **attributes})
        messages = list(check_model(model))
    assert all(message.hint for message in messages)
    return [str(message.id) for message in messages]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"title": models.TextField()}, []),
        ({"authors": models.ManyToManyField(Author, related_name="+")}, ["versioning.E004"]),
        ({"objects": models.Manager()}, ["versioning.E003"]),
        ({"valid_from": models.IntegerField()}, ["versioning.E005"]),
        ({"gone": models.BooleanField(db_column="deleted")}, ["versioning.E005"]),
        ({"version": models.CharField(max_length=9)}, ["versioning.E006"]),
        ({"former_names": models.CharField(max_length=9)}, ["versioning.E015"]),
        ({"circular": models.BooleanField()}, ["versioning.E015"]),
        ({"contradictions": models.TextField()}, ["versioning.E015"]),
        ({"ages": IntegerRangeField()}, []),
        ({"cover": models.FileField()}, ["versioning.E007"]),
        ({"notes": ArrayField(models.JSONField())}, ["versioning.E007"]),
        ({"notes": ArrayField(ArrayField(QuantityField(unit="m")))}, ["versioning.E007"]),
        ({"notes": ArrayField(models.TextField())}, []),
        (
            {"author": models.ForeignKey(Author, models.DB_CASCADE, related_name="+")},
            ["versioning.E009"],
        ),
        (
            {"book": models.ForeignKey(Book, models.CASCADE, to_field="slug", related_name="+")},
            ["versioning.E010"],
        ),
    ],
)
def test_what_cannot_be_kept_is_named(attributes: dict[str, Any], expected: list[str]) -> None:
    assert ids_of(attributes) == expected


class OfAChangeset(Item):
    of = ReferencePart("eventstore.Changeset")


class OfNobody(Item):
    of = ReferencesPart("library.Nobody")


class OfAnAuthor(Item):
    of = ReferencePart("library.Author")


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (References(Changeset, related_name="+"), ["versioning.E019"]),
        (References("self", related_name="+"), []),
        (ItemsField(item=OfAChangeset), ["versioning.E019"]),
        (ItemsField(item=OfNobody), ["versioning.E019"]),
        (ItemsField(item=OfAnAuthor), []),
    ],
)
def test_a_name_of_what_has_no_versions_is_named(field: Any, expected: list[str]) -> None:
    assert ids_of({"named": field}) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (models.BigAutoField(primary_key=True), []),
        (models.PositiveIntegerField(primary_key=True), []),
        (models.OneToOneField(User, models.CASCADE, primary_key=True), []),
        (models.UUIDField(primary_key=True), ["versioning.E020"]),
        (models.OneToOneField(Author, models.CASCADE, primary_key=True), ["versioning.E020"]),
    ],
)
def test_accounts_that_no_changeset_can_name_are_named(
    monkeypatch: pytest.MonkeyPatch, key: Any, expected: list[str]
) -> None:
    with isolate_apps("tests.library", "django.contrib.auth", "django.contrib.contenttypes"):
        meta = type("Meta", (), {"app_label": "library"})
        body = {"__module__": "tests.library.models", "Meta": meta, "key": key}
        account = type("Account", (models.Model,), body)
    monkeypatch.setattr("versioning.checks.get_user_model", lambda: account)
    messages = check_accounts()
    assert [message.id for message in messages] == expected
    assert all(message.hint for message in messages)


@pytest.mark.parametrize("key", ["5", "01a22900-0000-7000-8000-000000000000", 1.5])
def test_nobody_acts_as_something_that_is_no_accounts_key(key: Any) -> None:
    with pytest.raises(NoAccountKey, match="by a number"), acting_as(key):
        pass


def test_a_parent_with_a_table_of_its_own_is_named() -> None:
    assert "versioning.E001" in ids_of({}, Book)


def test_an_order_that_django_writes_by_itself_is_named() -> None:
    author = {"author": models.ForeignKey(Author, models.CASCADE, related_name="+")}
    assert "versioning.E002" in ids_of(author, meta={"order_with_respect_to": "author"})


def test_a_constraint_that_no_branch_could_hold_is_named() -> None:
    alone = ExclusionConstraint(name="alone", expressions=[("title", "=")])
    title = {"title": models.TextField()}
    assert ids_of(title, meta={"constraints": [alone]}) == ["versioning.E008"]


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("constraints", models.UniqueConstraint(fields=["title", "id"], name="c"), []),
        ("constraints", models.CheckConstraint(condition=Q(title="version"), name="c"), []),
        ("constraints", models.UniqueConstraint(fields=["version"], name="c"), ["versioning.E021"]),
        (
            "constraints",
            models.UniqueConstraint(Lower("title"), F("on_branch"), name="c"),
            ["versioning.E021"],
        ),
        (
            "constraints",
            models.CheckConstraint(condition=Q(version__gt=0), name="c"),
            ["versioning.E021"],
        ),
        ("indexes", models.Index(fields=["title", "-on_branch"], name="c"), ["versioning.E021"]),
        (
            "indexes",
            models.Index(fields=["title"], condition=Q(on_branch=1), name="c"),
            ["versioning.E021"],
        ),
        ("unique_together", ("title", "version"), ["versioning.E021"]),
    ],
)
def test_a_constraint_over_what_is_the_engines_is_named(
    option: str, value: Any, expected: list[str]
) -> None:
    title = {"title": models.TextField()}
    assert ids_of(title, meta={option: [value]}) == expected


def test_a_table_that_nobody_manages_is_named() -> None:
    assert ids_of({}, meta={"managed": False}) == ["versioning.E012"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("t" * 56, []),
        ("t" * 57, ["versioning.E013"]),
        # PostgreSQL counts bytes.
        ("ü" * 28, []),
        ("ü" * 29, ["versioning.E013"]),
    ],
)
def test_a_table_whose_name_leaves_its_versions_none_is_named(
    table: str, expected: list[str]
) -> None:
    assert ids_of({}, meta={"db_table": table}) == expected


@pytest.mark.parametrize("name", ["100%", 'a "name"', "%s"])
def test_a_name_that_no_statement_can_have_is_named(name: str) -> None:
    assert ids_of({}, meta={"db_table": name}) == ["versioning.E016"]
    column = {"code": models.CharField(max_length=9, db_column=name)}
    assert ids_of(column) == ["versioning.E016"]


def test_links_whose_versions_have_too_long_a_name_are_named() -> None:
    authors = {"authors": References(Author, related_name="+")}
    assert ids_of(authors, meta={"db_table": "t" * 48}) == []
    assert ids_of(authors, meta={"db_table": "t" * 49}) == ["versioning.E013"]


def test_a_model_that_is_called_as_the_versions_of_another_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with isolate_apps("tests.library"):
        meta = type("Meta", (), {"app_label": "library"})
        namesake: Any = type(
            "OddVersion", (models.Model,), {"__module__": "tests.library.models", "Meta": meta}
        )
    monkeypatch.setattr("tests.library.models.OddVersion", namesake, raising=False)
    assert ids_of({}) == ["versioning.E014"]


@pytest.mark.parametrize(
    ("on_delete", "to_field", "expected"),
    [
        (models.CASCADE, None, []),
        (models.PROTECT, "id", []),
        (models.DB_CASCADE, None, ["versioning.E009"]),
        (models.CASCADE, "code", ["versioning.E010"]),
    ],
)
def test_a_reference_from_a_model_without_versions_is_looked_at(
    on_delete: Any, to_field: str | None, expected: list[str]
) -> None:
    with isolate_apps("tests.library"):
        meta = type("Meta", (), {"app_label": "library"})
        body = {"__module__": "tests.library.models", "Meta": meta}
        code = models.CharField(max_length=9, unique=True)
        lamp: Any = type("Lamp", (VersionedModel,), {**body, "code": code})
        of = models.ForeignKey(lamp, on_delete, to_field=to_field)
        type("Comment", (models.Model,), {**body, "of": of})
        assert [str(message.id) for message in check_model(lamp)] == expected


@pytest.mark.django_db
def test_the_models_of_this_project_have_none_of_it() -> None:
    assert [m for m in run_checks() if str(m.id).startswith("versioning.")] == []
