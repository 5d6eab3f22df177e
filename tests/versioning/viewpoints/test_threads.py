"""No thread that was begun inside a viewpoint or a context reads or saves main by silence."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from contextvars import copy_context
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection

from eventstore.models import Changeset
from tests.library.models import Author, Book
from tests.threads import without_a_loop
from versioning import AnotherThread, BatchOperation, LeftViewpoint, branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.saving.context import WriteAtViewpoint
from versioning.saving.recorded import WrittenElsewhere

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def emma() -> Book:
    emma = Book.objects.create(slug="emma", title="Emma", text="Long ago.")
    fork("spring")
    with branch_context("spring"):
        Book.objects.update(title="Emma of spring")
    return emma


def told(work: Callable[[], Any]) -> Any:
    """What work returns, or the refusal; the thread's connection is closed."""
    try:
        return work()
    except (AnotherThread, WriteAtViewpoint) as refusal:
        return refusal
    finally:
        connection.close()


def in_a_thread(work: Callable[[], Any]) -> Any:
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(told(work)))
    thread.start()
    thread.join()
    return answers[0]


def title() -> str:
    return Book.objects.get().title


def save() -> None:
    Author.objects.create(name="Jane")


def save_many() -> None:
    with BatchOperation() as batch:
        batch.process_changes([Author(name="Jane")])


READS: dict[str, Callable[[], Any]] = {
    "get": title,
    "by key": lambda: Book.objects.get(pk=UUID(int=5)),
    "list": lambda: list(Book.objects.all()),
    "values": lambda: list(Book.objects.values_list("title", flat=True)),
    "count": Book.objects.count,
    "raw": lambda: list(Book.objects.raw("SELECT * FROM library_book")),
    "update": lambda: Book.objects.update(pages=5),
    "delete": lambda: Book.objects.all().delete(),
}
SAVES: dict[str, Callable[[], Any]] = {
    "create": save,
    "batch": save_many,
    "bulk_create": lambda: Author.objects.bulk_create([Author(name="Jane")]),
}
PLACES: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "viewpoint": lambda: viewpoint("spring"),
    "past": lambda: viewpoint("main", at=2),
    "context": lambda: branch_context("spring"),
    "context of main": lambda: branch_context("main"),
}


@contextmanager
def nothing_recorded() -> Iterator[None]:
    before = Changeset.objects.count()
    yield
    assert Changeset.objects.count() == before


@pytest.mark.parametrize("act", [*READS, *SAVES])
@pytest.mark.parametrize("place", PLACES)
def test_a_thread_begun_inside_is_refused(place: str, act: str) -> None:
    with nothing_recorded(), PLACES[place]():
        refusal = in_a_thread((READS | SAVES)[act])
    assert isinstance(refusal, AnotherThread), refusal
    assert "This thread was begun inside" in str(refusal)
    assert "Open a viewpoint or a branch_context in this thread" in str(refusal)


@pytest.mark.parametrize("act", [*READS, *SAVES])
@pytest.mark.parametrize("place", PLACES)
def test_contextvars_that_came_along_bring_no_connection(place: str, act: str) -> None:
    """As `asyncio.to_thread` does it too."""
    with nothing_recorded(), PLACES[place]():
        inside = copy_context()
        refusal = in_a_thread(lambda: inside.run((READS | SAVES)[act]))
    only_looks = act in SAVES and place in ("viewpoint", "past")
    assert type(refusal) is (WriteAtViewpoint if only_looks else AnotherThread), refusal


def through_a_pool(work: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(told, work).result()


@pytest.mark.parametrize("begin", [in_a_thread, through_a_pool])
@pytest.mark.parametrize("between", [in_a_thread, through_a_pool])
@pytest.mark.parametrize("act", [title, save])
def test_nor_does_a_thread_that_such_a_thread_begins(
    begin: Callable[..., Any], between: Callable[..., Any], act: Callable[[], Any]
) -> None:
    """To any depth: neither is main's title read, nor anything written to main."""
    with branch_context("spring"):
        answer = in_a_thread(lambda: between(lambda: begin(act)))
    assert isinstance(answer, AnotherThread)
    assert not Author.objects.exists()


def test_a_thread_may_open_its_own() -> None:
    def work() -> str:
        with branch_context("spring"):
            Book.objects.update(pages=8)
        with viewpoint("spring"):
            return title()

    with viewpoint("main", at=2):
        assert in_a_thread(work) == "Emma of spring"
    with viewpoint("spring"):
        assert Book.objects.get().pages == 8


def test_main_is_read_by_whoever_only_looks_at_main() -> None:
    with viewpoint("main"):
        assert in_a_thread(title) == "Emma"
        refusal = in_a_thread(save)
    assert isinstance(refusal, AnotherThread)


def test_a_thread_that_outlives_its_place_is_refused_still() -> None:
    over = threading.Event()
    answers: list[Any] = []

    def work() -> None:
        over.wait(20)
        answers.append(told(title))

    thread = threading.Thread(target=work)
    with viewpoint("spring"):
        thread.start()
    over.set()
    thread.join()
    assert isinstance(answers[0], AnotherThread)


def test_a_worker_of_a_pool_is_refused_while_its_place_is_open() -> None:
    """It may have been begun by whoever happened to bring the first work."""
    with ThreadPoolExecutor(1) as pool:
        with branch_context("spring"):
            refused = pool.submit(told, title).result()
        assert isinstance(refused, AnotherThread)
        assert pool.submit(told, title).result() == "Emma"


def test_a_pool_of_before_takes_nothing_of_the_branch(emma: Book) -> None:
    """Its worker cannot be told where it is; what it is handed can."""
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(told, title).result() == "Emma"
        with branch_context("spring"):
            there = Book.objects.get()
            rows = Book.objects.all()
            there.title = "Emma II"
            with pytest.raises(WrittenElsewhere):
                pool.submit(there.save).result()
            with pytest.raises(LeftViewpoint):
                pool.submit(list, rows).result()
        pool.submit(told, list).result()


def test_what_runs_later_is_refused() -> None:
    with viewpoint("spring"):
        inside = copy_context()
    with pytest.raises(AnotherThread, match="or later"):
        inside.run(title)


def test_tasks_read_and_save_where_they_were_begun() -> None:
    """Through `async_to_sync`, which has the database asked by the thread that waits for it."""

    async def work() -> str:
        book = await Book.objects.aget()
        book.pages = 9
        await sync_to_async(book.save)()
        titles = await asyncio.gather(asyncio.create_task(sync_to_async(title)()))
        return titles[0] + "".join([each.title async for each in Book.objects.all()])

    titles: list[str] = []

    def body() -> None:
        with branch_context("spring"):
            titles.append(async_to_sync(work)())

    without_a_loop(lambda: told(body))
    assert titles == ["Emma of spring" * 2]
    with viewpoint("spring"):
        assert Book.objects.get().pages == 9


def test_a_loop_of_its_own_asks_by_another_thread() -> None:
    async def work() -> Any:
        return await sync_to_async(told)(title)

    answers: list[Any] = []

    def body() -> None:
        with viewpoint("spring"):
            answers.append(asyncio.run(work()))
        answers.append(asyncio.run(work()))

    without_a_loop(lambda: told(body))
    inside, outside = answers
    assert isinstance(inside, AnotherThread)
    assert outside == "Emma"
