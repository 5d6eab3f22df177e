"""Fixtures are loaded through the log, and hold entities as they stand."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core import serializers
from django.core.management import call_command
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, connection
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_save
from django.test import TestCase

from eventstore.models import Changeset, RowRefused
from projections.audit.auditing import audit
from projections.rebuild import rebuild
from tests.library.models import Author, Book, Shelf
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.entities.kinds import kind_of
from versioning.events import MAIN
from versioning.viewpoints.versions import versions_on

pytestmark = pytest.mark.django_db

JANE, ANNE, EMMA = (str(UUID(int=n)) for n in (1, 2, 3))

FORWARD = [
    {"model": "library.book", "pk": EMMA,
     "fields": {"slug": "emma", "title": "Emma", "editor": ANNE, "authors": [JANE, ANNE]}},
    {"model": "library.author", "pk": ANNE, "fields": {"name": "Anne", "born": "1820-01-17"}},
    {"model": "library.author", "pk": JANE, "fields": {"name": "Jane"}},
]  # fmt: skip
"""The book comes before those whom it names."""


@pytest.fixture
def load(tmp_path: Path) -> Callable[[Any], None]:
    def loaded(objects: Any, name: str = "novels") -> None:
        path = tmp_path / f"{name}.json"
        path.write_text(objects if isinstance(objects, str) else json.dumps(objects))
        call_command("loaddata", path, verbosity=0)

    return loaded


def changesets() -> list[tuple[str, str]]:
    return list(Changeset.objects.order_by("-id").values_list("recorded_message", "kind"))


def documents() -> dict[str, Any]:
    """What every entity of the library holds now, from the newest version of each."""
    return {
        f"{kind.label} {each.entity_id}": each.document
        for kind in map(kind_of, (Author, Book, Shelf))
        for each in versions_on(kind, MAIN)
    }


def dumped(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command("dumpdata", *words, stdout=out, **options)
    return out.getvalue()


def assert_sound() -> None:
    assert audit().findings == ()
    assert rebuild().mended == 0


def test_a_fixture_is_one_changeset_named_after_it(load: Any) -> None:
    before = len(changesets())
    load(FORWARD)
    assert len(changesets()) == before + 1
    assert changesets()[0] == ("Load fixture novels.json", "edit")
    emma = Book.objects.get()
    assert emma.editor is not None
    assert (emma.title, emma.editor.born, emma.in_print) == ("Emma", date(1820, 1, 17), True)
    assert [author.name for author in emma.authors.all()] == ["Jane", "Anne"]
    assert_sound()


def test_loading_twice_changes_nothing(load: Any) -> None:
    load(FORWARD)
    before = changesets()
    load(FORWARD)
    assert changesets() == before


def test_what_stands_is_edited_and_what_is_deleted_comes_back(load: Any) -> None:
    load(FORWARD)
    Book.objects.update(title="Emma II", pages=7)
    Book.objects.all().delete()
    Author.objects.filter(name="Jane").update(name="Miss Austen")
    load(FORWARD)
    emma = Book.objects.get()
    assert (emma.title, emma.pages, emma.version) == ("Emma", None, 5)
    assert [author.name for author in emma.authors.all()] == ["Jane", "Anne"]
    assert_sound()


def test_a_loaded_instance_can_be_saved_on(load: Any) -> None:
    (found, *_) = serializers.deserialize("json", json.dumps(FORWARD[1:2]))
    found.save()
    author = found.object
    assert isinstance(author, Author)
    author.name = "Anne Brontë"
    author.save()
    assert (author.version, Author.objects.get().name) == (2, "Anne Brontë")


def test_receivers_are_told_that_it_is_raw(load: Any) -> None:
    told: list[tuple[str, bool]] = []

    def saved(instance: Model, raw: bool, created: bool, **_: Any) -> None:
        told.append((str(instance), raw and created))

    def linked(action: str, raw: bool, **_: Any) -> None:
        told.append((action, raw))

    post_save.connect(saved, sender=Book)
    m2m_changed.connect(linked, sender=Book.authors.through)
    try:
        load(FORWARD)
    finally:
        post_save.disconnect(saved, sender=Book)
        m2m_changed.disconnect(linked, sender=Book.authors.through)
    assert told == [("Emma", True), ("pre_add", True), ("post_add", True)]


@pytest.mark.parametrize(
    ("broken", "error", "words"),
    [
        ("[{", DeserializationError, "Problem installing fixture"),
        (
            [*FORWARD, {"model": "library.nothing", "pk": EMMA, "fields": {}}],
            DeserializationError,
            "Invalid model identifier",
        ),
        (
            [*FORWARD, {"model": "library.shelf", "pk": "x", "fields": {"label": "A"}}],
            DeserializationError,
            "library.shelf",
        ),
        (FORWARD[:1], IntegrityError, "Problem installing fixtures"),
        (
            [*FORWARD, {**FORWARD[0], "pk": str(UUID(int=9))}],
            IntegrityError,
            "library_book_slug|Could not load library.Book",
        ),
    ],
)
def test_a_broken_fixture_leaves_nothing(
    load: Any, broken: Any, error: type[Exception], words: str
) -> None:
    before = changesets()
    with pytest.raises(error, match=words):
        load(broken)
    assert changesets() == before
    assert not Book.objects.exists()
    assert not Author.objects.exists()


def test_a_fixture_is_loaded_on_the_branch_of_a_context(load: Any) -> None:
    fork("spring")
    with branch_context("spring", message="Novels"):
        load(FORWARD)
    assert changesets()[0][0] == "Novels"
    assert not Book.objects.exists()
    with viewpoint("spring"):
        assert [author.name for author in Book.objects.get().authors.all()] == ["Jane", "Anne"]


def filled() -> None:
    jane, anne = (Author.objects.create(name=name) for name in ("Jane", "Anne"))
    upper = Shelf.objects.create(label="Upper")
    emma = Book.objects.create(
        slug="emma", title="Emma", pages=474, price=Decimal("12.50"), in_print=False,
        text="Handsome, clever, and rich.\n", extra={"a": [1, {"b": None}]}, tags=["novel", "x"],
        shelf=upper, editor=anne, thickness="3 cm", published="May 1815",
        printed_at="51.5, -0.12",
    )  # fmt: skip
    emma.authors.set([jane, anne])
    upper.inside = Shelf.objects.create(label="House")
    upper.save()
    Book.objects.create(slug="bare", title="Bare")
    fork("spring")
    with branch_context("spring"):
        Book.objects.update(title="Of spring")


def test_a_dump_holds_entities_and_nothing_of_the_engine() -> None:
    filled()
    objects = json.loads(dumped())
    assert {each["model"] for each in objects if each["model"].startswith("library")} == {
        "library.author", "library.book", "library.shelf",
    }  # fmt: skip
    apps = {each["model"].split(".")[0] for each in objects}
    assert not apps & {"eventstore", "versioning", "projections"}
    assert not [each for each in objects if each["model"].endswith("version")]
    assert not [each for each in objects if each["fields"].keys() & {"version", "on_branch"}]


def test_a_dump_is_of_the_viewpoint() -> None:
    filled()
    with viewpoint("spring"):
        objects = json.loads(dumped("library.book"))
    assert {each["fields"]["title"] for each in objects} == {"Of spring"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("options", [{}, {"use_natural_foreign_keys": True}, {"format": "jsonl"}])
def test_what_is_dumped_emptied_and_loaded_is_the_same(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    filled()
    before = documents()
    path = tmp_path / f"all.{options.get('format', 'json')}"
    path.write_text(dumped("library", **options))
    call_command("flush", interactive=False, verbosity=0)
    assert not Book.objects.exists()
    call_command("loaddata", path, verbosity=0)
    assert documents() == before
    emma = Book.objects.get(slug="emma")
    assert [author.name for author in emma.authors.all()] == ["Jane", "Anne"]
    assert len(changesets()) == len({message for message, _ in changesets()})
    assert_sound()


class ATestOfSomebody(TestCase):
    """As in any project: fixtures by name, loaded once for the class."""

    fixtures = (str(Path(__file__).parent / "novels.json"),)

    def test_it_is_there(self) -> None:
        assert Book.objects.get().title == "Emma"
        Book.objects.update(title="Emma II")

    def test_it_is_there_again(self) -> None:
        assert Book.objects.get().title == "Emma"
        assert changesets()[0][0] == "Load fixture novels.json"


def test_rows_that_a_test_database_had_at_first_are_not_saved() -> None:
    Author.objects.create(name="Jane")
    creation = connection.creation
    contents = creation.serialize_db_to_string()
    with pytest.raises(RowRefused, match="serialized_rollback saves every row"):
        creation.deserialize_db_from_string(contents)
    assert audit().findings == ()
