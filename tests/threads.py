"""Work of several threads that begin together."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def at_once(threads: int, work: Callable[[int], object]) -> None:
    """Run `work` in so many threads, each told its number; the first error comes out."""
    barrier = threading.Barrier(threads)

    def run(number: int) -> None:
        barrier.wait()
        try:
            work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, range(threads)))


def without_a_loop[T](body: Callable[[], T]) -> T:
    """Begin a loop where none runs: the tests in a browser have theirs in the main thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(body).result()
