"""One process at a time does what it holds a lock for, however many transactions it takes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from eventstore.connection import server_cursor


@contextmanager
def alone(lock: int, *, asking_every: float) -> Iterator[None]:
    """Hold an advisory lock of the session's, once nobody else does; its end gives it back.

    So does the end of the process, however it ends.
    """
    # Asked again and again: a statement that waits would keep VACUUM from its work.
    while not _answer("SELECT pg_try_advisory_lock(%s)", lock):
        time.sleep(asking_every)
    try:
        yield
    finally:
        if connection.is_usable():
            _answer("SELECT pg_advisory_unlock(%s)", lock)


def _answer(statement: str, lock: int) -> bool:
    with server_cursor() as cursor:
        cursor.execute(statement, [lock])
        row = cursor.fetchone()
    return bool(row and row[0])
