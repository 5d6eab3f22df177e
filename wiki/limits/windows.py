"""Sliding windows: so many of something in so many seconds, whoever of our processes is asked.

In Valkey; where that is away, in the database.
"""

import logging
import time
from functools import cache
from typing import Protocol

from django.conf import settings
from django.db import connection, transaction
from limits.errors import StorageError
from limits.storage import RedisStorage
from redis.backoff import NoBackoff
from redis.retry import Retry

from projections.cache.store import PAUSE_SECONDS, TIMEOUT_SECONDS

logger = logging.getLogger(__name__)


class Window(Protocol):
    """What is remembered of the last seconds, under a key."""

    def take(self, key: str, amount: int, seconds: int) -> bool:
        """Count one more, unless that is more than the amount."""

    def wait(self, key: str, amount: int, seconds: int) -> float:
        """Seconds until one more can be taken."""


class ValkeyWindow:
    """In Valkey, by the scripts of the library `limits`. Raises StorageError."""

    def __init__(self, url: str, prefix: str) -> None:
        # Its types know words and numbers alone; the rest is handed on to Redis' client.
        options: dict[str, object] = {
            "socket_timeout": TIMEOUT_SECONDS,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            "retry": Retry(NoBackoff(), 0),
        }
        self._storage = RedisStorage(url, None, f"{prefix}:limits", wrap_exceptions=True, **options)  # type: ignore[arg-type]

    def take(self, key: str, amount: int, seconds: int) -> bool:
        return self._storage.acquire_entry(key, amount, seconds)

    def wait(self, key: str, amount: int, seconds: int) -> float:
        begin, _ = self._storage.get_moving_window(key, amount, seconds)
        return max(1.0, begin + seconds - time.time())


class TableWindow:
    """In the database: a row each time, until it is too old to count."""

    def take(self, key: str, amount: int, seconds: int) -> bool:
        with transaction.atomic(), connection.cursor() as cursor:
            # Two that ask at once are counted one after the other.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
            cursor.execute("DELETE FROM wiki_attempt WHERE expires_at < clock_timestamp()")
            cursor.execute(
                "INSERT INTO wiki_attempt (key, made_at, expires_at)"
                " SELECT %(key)s, clock_timestamp(),"
                "        clock_timestamp() + make_interval(secs => %(seconds)s)"
                "  WHERE (SELECT count(*) FROM wiki_attempt WHERE key = %(key)s) < %(amount)s",
                {"key": key, "amount": amount, "seconds": seconds},
            )
            return bool(cursor.rowcount)

    def wait(self, key: str, amount: int, seconds: int) -> float:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT extract(epoch FROM min(expires_at) - clock_timestamp())"
                "  FROM wiki_attempt WHERE key = %s",
                [key],
            )
            row = cursor.fetchone()
        return max(1.0, float(row[0] or 0) if row else 0.0)


class Windows:
    """Valkey's while it answers, else the database's."""

    def __init__(self, first: Window, second: Window) -> None:
        self._first, self._second = first, second
        self._away_until = 0.0

    def take(self, key: str, amount: int, seconds: int) -> float:
        """Count one more; 0, or the seconds to wait for it where that would be too many."""
        if time.monotonic() >= self._away_until:
            try:
                return self._take(self._first, key, amount, seconds)
            except StorageError as error:
                logger.warning("Redis does not answer; the database counts: %s", error)
                self._away_until = time.monotonic() + PAUSE_SECONDS
        return self._take(self._second, key, amount, seconds)

    def _take(self, window: Window, key: str, amount: int, seconds: int) -> float:
        return 0.0 if window.take(key, amount, seconds) else window.wait(key, amount, seconds)


@cache
def windows() -> Windows:
    """The windows that all processes of this wiki share."""
    return Windows(ValkeyWindow(settings.REDIS_URL, settings.REDIS_PREFIX), TableWindow())
