"""Sliding windows count the same in Valkey and in the database, and one stands in for the other."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from django.conf import settings
from django.db import connection
from limits.errors import StorageError

from wiki.limits import windows
from wiki.limits.models import Attempt
from wiki.limits.windows import TableWindow, ValkeyWindow, Window, Windows

pytestmark = pytest.mark.usefixtures("nothing_counted")

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(params=[TableWindow, ValkeyWindow])
def window(request: pytest.FixtureRequest) -> Window:
    if request.param is TableWindow:
        return TableWindow()
    return ValkeyWindow(settings.REDIS_URL, settings.REDIS_PREFIX)


@pytest.mark.django_db
def test_so_many_are_counted_and_no_more(window: Window) -> None:
    assert [window.take("a", 3, 60) for _ in range(5)] == [True, True, True, False, False]
    assert window.take("b", 3, 60)
    assert 50 < window.wait("a", 3, 60) <= 60


@pytest.mark.django_db
def test_a_window_slides(window: Window) -> None:
    assert window.take("a", 2, 2)
    time.sleep(1.2)
    assert window.take("a", 2, 2)
    assert not window.take("a", 2, 2)
    time.sleep(1)
    assert window.take("a", 2, 2)
    assert not window.take("a", 2, 2)


@pytest.mark.django_db
def test_what_is_too_old_to_count_is_not_kept() -> None:
    window = TableWindow()
    window.take("a", 5, 1)
    time.sleep(1.1)
    window.take("b", 5, 60)
    assert list(Attempt.objects.values_list("key", flat=True)) == ["b"]


@pytest.mark.django_db(transaction=True)
def test_those_who_ask_at_once_are_counted_one_by_one(window: Window) -> None:
    begin = threading.Barrier(4)

    def take(_: int) -> int:
        begin.wait(10)
        taken = sum(window.take("a", 10, 60) for _ in range(10))
        connection.close()
        return taken

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(take, range(4))) == 10


@pytest.mark.django_db
def test_the_database_counts_where_valkey_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "PAUSE_SECONDS", 60)
    both = Windows(ValkeyWindow(NOWHERE, "test"), TableWindow())
    assert [both.take("a", 2, 60) for _ in range(2)] == [0, 0]
    assert both.take("a", 2, 60) > 0
    assert Attempt.objects.count() == 2


@pytest.mark.django_db
def test_whatever_stands_in_valkey_counts_nothing_wrong(nothing_counted: redis.Redis) -> None:
    nothing_counted.set(f"{settings.REDIS_PREFIX}:limits:a", "garbage")
    valkey = ValkeyWindow(settings.REDIS_URL, settings.REDIS_PREFIX)
    with pytest.raises(StorageError):
        valkey.take("a", 1, 60)
    both = Windows(valkey, TableWindow())
    assert both.take("a", 1, 60) == 0
    assert both.take("a", 1, 60) > 0
