"""Who is told of what: our signal for each changeset, Django's where Django's would come."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.db.models.signals import (
    ModelSignal,
    m2m_changed,
    post_delete,
    post_save,
    pre_delete,
    pre_save,
)

from eventstore import reading
from eventstore.log import Header
from eventstore.models import Changeset
from eventstore.pipeline import pipeline
from eventstore.types import Version
from tests.library.models import Author, Book, Shelf
from versioning import BatchOperation, acting_as, branch_context, changeset_recorded
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.branches.revert import revert
from versioning.branches.sync import sync
from versioning.entities.changes import Change, Operation
from versioning.entities.historical import new_id
from versioning.entities.kinds import kind_of
from versioning.models import Branch
from versioning.saving import writing

pytestmark = pytest.mark.django_db

Told = tuple[str, str, list[tuple[str, str]]]
"""A changeset's kind, its message, and of each change the operation and the kind of entity."""

OF_DJANGO = {
    "pre_save": pre_save,
    "post_save": post_save,
    "pre_delete": pre_delete,
    "post_delete": post_delete,
}


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Any:
    """A transaction, of which the test's own is taken for one that is committed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@contextmanager
def listening(told: list[Told]) -> Iterator[None]:
    def tell(sealed: Any, header: Any, changes: Any, sender: Any, **_: Any) -> None:
        recorded = Changeset.objects.get(pk=sealed.changeset)
        assert sender is Changeset
        assert (recorded.last_position, recorded.message, recorded.kind, recorded.actor_id) == (
            sealed.last_position, header.message, header.kind, header.actor_id,
        )  # fmt: skip
        what = [(each.operation.value, each.kind.model.__name__) for each in changes]
        told.append((str(header.kind), header.message, what))

    changeset_recorded.connect(tell)
    try:
        yield
    finally:
        changeset_recorded.disconnect(tell)


@contextmanager
def hearing(heard: list[tuple[str, str]]) -> Iterator[None]:
    """Django's signals by name, each with what it is about."""
    with ExitStack() as stack:
        for name, signal in OF_DJANGO.items():
            stack.enter_context(_connected(signal, name, heard))
        yield


@contextmanager
def _connected(signal: ModelSignal, name: str, heard: list[tuple[str, str]]) -> Iterator[None]:
    def hear(instance: Any, using: str, **_: Any) -> None:
        assert using == "default"
        heard.append((name, str(instance)))

    signal.connect(hear)
    try:
        yield
    finally:
        signal.disconnect(hear)


class Library:
    """What acts are done to: a shelf of two books, of which one was read before it moved on."""

    def __init__(self) -> None:
        self.shelf = Shelf.objects.create(label="Novels")
        self.emma = Book.objects.create(slug="emma", title="Emma", pages=1, shelf=self.shelf)
        self.other = Book.objects.create(slug="other", title="Other", pages=1, shelf=self.shelf)
        self.jane = Author.objects.create(name="Jane")
        fork("spring")
        with branch_context("spring", message="Of spring"):
            Book.objects.filter(slug="emma").update(text="Spring.")


@pytest.fixture
def library() -> Library:
    return Library()


def save(library: Library) -> None:
    library.emma.title = "Emma II"
    library.emma.save()


def save_nothing(library: Library) -> None:
    library.emma.save()


def in_a_context(library: Library) -> None:
    with branch_context(message="Both"):
        library.emma.title = "Emma II"
        library.emma.save()
        Book.objects.create(slug="new", title="New")


def in_a_batch(library: Library) -> None:
    library.emma.title = library.other.title = "II"
    with BatchOperation(message="Both") as batch:
        batch.process_changes([library.emma, library.other])
        batch.delete([library.jane])


def bulk_update(library: Library) -> None:
    library.emma.title = "Emma II"
    Book.objects.bulk_update([library.emma], ["title"])


def delete_shelf(library: Library) -> None:
    library.shelf.delete()


def merge_spring(_: Library) -> None:
    merge(Branch.objects.select_related("parent").get(name="spring"))


def sync_spring(library: Library) -> None:
    Author.objects.create(name="Anne")
    sync(Branch.objects.select_related("parent").get(name="spring"))


def revert_last(library: Library) -> None:
    library.emma.title = "Emma II"
    library.emma.save()
    last = reading.changeset_at(reading.last_position())
    assert last is not None
    revert([last.pk])


EDIT, TITLE = [("change", "Book")], ("edit", "")
ACTS: dict[str, tuple[Callable[[Library], Any], list[Told], list[tuple[str, str]]]] = {
    "save": (save, [(*TITLE, EDIT)], [("pre_save", "Emma II"), ("post_save", "Emma II")]),
    "save nothing": (save_nothing, [], [("pre_save", "Emma"), ("post_save", "Emma")]),
    "create": (
        lambda _: Book.objects.create(slug="new", title="New"),
        [(*TITLE, [("create", "Book")])],
        [("pre_save", "New"), ("post_save", "New")],
    ),
    "get_or_create": (
        lambda _: Book.objects.get_or_create(slug="new", defaults={"title": "New"}),
        [(*TITLE, [("create", "Book")])],
        [("pre_save", "New"), ("post_save", "New")],
    ),
    "update_or_create": (
        lambda _: Book.objects.update_or_create(slug="emma", defaults={"title": "Emma II"}),
        [(*TITLE, EDIT)],
        [("pre_save", "Emma II"), ("post_save", "Emma II")],
    ),
    "a context": (
        in_a_context,
        [("edit", "Both", [("change", "Book"), ("create", "Book")])],
        [("pre_save", "Emma II"), ("post_save", "Emma II"), ("pre_save", "New"),
         ("post_save", "New")],
    ),
    "a batch": (
        in_a_batch,
        [("edit", "Both", [("change", "Book"), ("change", "Book"), ("delete", "Author")])],
        [],
    ),
    "update": (
        lambda _: Book.objects.update(pages=F("pages") + 1), [(*TITLE, EDIT + EDIT)], [],
    ),
    "bulk_create": (
        lambda _: Book.objects.bulk_create([Book(slug="new", title="New")]),
        [(*TITLE, [("create", "Book")])],
        [],
    ),
    "bulk_update": (bulk_update, [(*TITLE, EDIT)], []),
    "delete": (
        lambda library: library.jane.delete(),
        [(*TITLE, [("delete", "Author")])],
        [("pre_delete", "Jane"), ("post_delete", "Jane")],
    ),
    "delete with a cascade": (
        delete_shelf,
        [(*TITLE, [("delete", "Shelf"), ("delete", "Book"), ("delete", "Book")])],
        [("pre_delete", "Novels"), ("pre_delete", "Emma"), ("pre_delete", "Other"),
         ("post_delete", "Novels"), ("post_delete", "Emma"), ("post_delete", "Other")],
    ),
    "delete many": (
        lambda _: Book.objects.all().delete(),
        [(*TITLE, [("delete", "Book"), ("delete", "Book")])],
        [("pre_delete", "Emma"), ("pre_delete", "Other"), ("post_delete", "Emma"),
         ("post_delete", "Other")],
    ),
    "references": (lambda library: library.emma.authors.set([library.jane]), [(*TITLE, EDIT)], []),
    "merge": (
        merge_spring,
        [("merge", "Merge spring into main", [("change", "Book"), ("change", "Branch")])],
        [],
    ),
    "sync": (
        sync_spring,
        [(*TITLE, [("create", "Author")]), ("sync", "", [("change", "Branch")])],
        [("pre_save", "Anne"), ("post_save", "Anne")],
    ),
    "revert": (
        revert_last,
        [(*TITLE, EDIT), ("revert", "", EDIT)],
        [("pre_save", "Emma II"), ("post_save", "Emma II")],
    ),
    "fork": (lambda _: fork("summer"), [("fork", "", [("create", "Branch")])], []),
}  # fmt: skip
"""Each act, what our signal tells of it, and which of Django's come."""


@pytest.mark.parametrize("act", ACTS)
def test_who_is_told_of_what(library: Library, commits: Any, act: str) -> None:
    do, ours, of_django = ACTS[act]
    told: list[Told] = []
    heard: list[tuple[str, str]] = []
    with listening(told), hearing(heard), commits():
        do(library)
        assert told == []
    assert [(kind, what) for kind, _, what in told] == [(kind, what) for kind, _, what in ours]
    messages = [(said, wanted) for (_, said, _), (_, wanted, _) in zip(told, ours, strict=True)]
    assert all(said == wanted for said, wanted in messages if wanted)
    assert heard == of_django


def test_what_is_sent_in_a_pipeline_is_told_when_it_is_answered(
    library: Library, commits: Any
) -> None:
    told: list[Told] = []
    with listening(told), commits(), transaction.atomic(), pipeline() as sending:
        for name in ("Anne", "Emily"):
            change = Change(
                kind_of(Author), new_id(), Operation.CREATE, Version(0),
                values=kind_of(Author).full({"name": name}),
            )  # fmt: skip
            writing.send(sending, [change], Header(1, None, name))
    assert told == [("edit", name, [("create", "Author")]) for name in ("Anne", "Emily")]


def save_in_vain(library: Library) -> None:
    with transaction.atomic():
        save(library)
        transaction.set_rollback(True)


def test_what_is_rolled_back_is_told_to_nobody(library: Library, commits: Any) -> None:
    told: list[Told] = []
    with listening(told), commits():
        save_in_vain(library)
        with branch_context(message="Half"):
            library.jane.name = "Jane Austen"
            library.jane.save()
            save_in_vain(library)
    assert told == [("edit", "Half", [("change", "Author")])]


@pytest.mark.django_db(transaction=True)
def test_a_receiver_may_save_and_may_fail(caplog: pytest.LogCaptureFixture) -> None:
    """After the commit: what it saves is a changeset of its own, what it raises undoes nothing."""
    account = 7

    def save_another(changes: Any, header: Any, **_: Any) -> None:
        assert header.actor_id == account
        if changes[0].kind.model is Book:
            Author.objects.create(name="Jane")

    def fail(**_: Any) -> None:
        raise ZeroDivisionError

    for receiver in (save_another, fail):
        changeset_recorded.connect(receiver)
    try:
        with acting_as(account), branch_context(message="A book"):
            Book.objects.create(slug="emma", title="Emma")
    finally:
        for receiver in (save_another, fail):
            changeset_recorded.disconnect(receiver)
    assert [each.message for each in Changeset.objects.order_by("-id")[:2]] == ["", "A book"]
    assert Book.objects.get().title == "Emma"
    assert "ZeroDivisionError" in caplog.text


def test_it_costs_nothing_where_nobody_listens(library: Library) -> None:
    with branch_context(message="Many") as context:
        save(library)
        assert context.told == []
        assert not connection.run_on_commit


def test_receivers_of_a_deletion_may_save_what_is_deleted(library: Library) -> None:
    def rename(instance: Any, **_: Any) -> None:
        instance.name = "Jane, gone"
        instance.save()

    pre_delete.connect(rename, sender=Author)
    try:
        library.jane.delete()
    finally:
        pre_delete.disconnect(rename, sender=Author)
    newest = Author.history.of(library.jane.pk).all()[0]
    assert (newest.deleted, newest.name, newest.version) == (True, "Jane, gone", 3)


def test_a_deletion_says_how_many_of_each_model_went(library: Library) -> None:
    assert library.shelf.delete() == (3, {"library.Shelf": 1, "library.Book": 2})
    assert Author.objects.all().delete() == (1, {"library.Author": 1})
    assert Author.objects.all().delete() == (0, {})


LISTS: dict[str, tuple[Callable[[Library, Author], Any], list[tuple[str, Any]]]] = {
    "add": (lambda it, anne: it.emma.authors.add(anne), [("add", {"Anne"})]),
    "add again": (lambda it, anne: it.emma.authors.add(it.jane), []),
    "remove": (lambda it, anne: it.emma.authors.remove(it.jane), [("remove", {"Jane"})]),
    "set": (
        lambda it, anne: it.emma.authors.set([anne]), [("remove", {"Jane"}), ("add", {"Anne"})],
    ),
    "clear": (lambda it, anne: it.emma.authors.clear(), [("clear", None)]),
}  # fmt: skip


@pytest.mark.parametrize("act", LISTS)
def test_lists_of_references_send_what_many_to_many_fields_send(library: Library, act: str) -> None:
    library.emma.authors.set([library.jane])
    anne = Author.objects.create(name="Anne")
    names = {each.pk: each.name for each in (library.jane, anne)}
    heard: list[tuple[str, Any]] = []

    def hear(action: str, instance: Any, pk_set: Any, model: Any, **told: Any) -> None:
        assert (instance, model, told["reverse"], told["using"]) == (
            library.emma, Author, False, "default",
        )  # fmt: skip
        there = set(Book.objects.get(pk=instance.pk).authors.all())
        wanted = action in ("pre_remove", "pre_clear", "post_add")
        for pk in pk_set or {library.jane.pk}:
            assert (pk in {each.pk for each in there}) == wanted
        heard.append((action, pk_set and {names[pk] for pk in pk_set}))

    do, actions = LISTS[act]
    m2m_changed.connect(hear, sender=Book.authors.through)
    try:
        do(library, anne)
    finally:
        m2m_changed.disconnect(hear, sender=Book.authors.through)
    assert heard == [
        (f"{moment}_{action}", ids) for moment in ("pre", "post") for action, ids in actions
    ]


OTHER_SIDE: dict[str, tuple[Callable[[Any, Any], object], list[tuple[str, set[str] | None]]]] = {
    "add": (lambda author, ida: author.books.add(ida), [("add", {"Ida"})]),
    "add what is there": (lambda author, ida: author.books.add(*author.books.all()), []),
    "remove": (
        lambda author, ida: author.books.remove(*author.books.all(), ida),
        [("remove", {"Emma"})],
    ),
    "set": (lambda author, ida: author.books.set([ida]), [("remove", {"Emma"}), ("add", {"Ida"})]),
    "clear": (lambda author, ida: author.books.clear(), [("clear", None)]),
}


@pytest.mark.parametrize("act", OTHER_SIDE)
def test_from_the_other_side_they_send_what_that_side_of_many_to_many_fields_sends(
    library: Library, act: str
) -> None:
    library.emma.authors.set([library.jane])
    ida = Book.objects.create(slug="ida", title="Ida")
    names = {library.emma.pk: "Emma", ida.pk: "Ida"}
    heard: list[tuple[str, Any]] = []

    def hear(action: str, pk_set: Any, **told: Any) -> None:
        assert (told["instance"], told["model"], told["reverse"]) == (library.jane, Book, True)
        heard.append((action, pk_set and {names[pk] for pk in pk_set}))

    do, actions = OTHER_SIDE[act]
    m2m_changed.connect(hear, sender=Book.authors.through)
    try:
        do(library.jane, ida)
    finally:
        m2m_changed.disconnect(hear, sender=Book.authors.through)
    assert heard == [
        (f"{moment}_{action}", ids) for action, ids in actions for moment in ("pre", "post")
    ]
