"""The cache's side of Redis: its place in the log, the topics, the entries.

Every key begins with the site's prefix; those of entries and topics hold a
generation as well. A generation ends when Redis cannot be brought up to the
log any more: its place was lost, or is none of this log's.

Whatever else has written there: what is not of the form that is written here is not there.
"""

import json
import logging
import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from projections.cache.topics import Topic

TIMEOUT_SECONDS = 0.15
"""A Redis that is slower than this costs more than it saves."""

PAUSE_SECONDS = 2.0
"""How long a Redis that failed is left alone, so that not every page waits for it."""

ENTRY_SECONDS = 24 * 3600
"""How long an entry that nobody asks for stays."""

logger = logging.getLogger(__name__)


class CacheIsAway(Exception):
    """Redis does not answer: the page is made without it."""


@dataclass(frozen=True)
class Place:
    """How far into the log Redis has been told, as the changeset that ends there."""

    position: int
    hash: str
    generation: str

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}:{self.generation}"


@dataclass(frozen=True)
class Entry:
    """A value, the position at which it was made, and the topics that it was made from."""

    at: int
    topics: list[Topic]
    value: str


def new_generation() -> str:
    return secrets.token_hex(6)


_PLACE = re.compile(r"([0-9]{1,18}):([0-9a-f]*):([0-9a-f]+)")

# Told in one go: either all topics of the step moved and the place with them, or nothing did,
# because somebody else told it first.
_MOVE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
for i = 2, #KEYS do redis.call('SET', KEYS[i], ARGV[3]) end
redis.call('SET', KEYS[1], ARGV[2])
return 1
"""

# An entry is kept only where the log did not move while it was made; a topic that Redis does
# not know has then not moved since.
_PUT = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
for i = 3, #KEYS do redis.call('SET', KEYS[i], ARGV[2], 'NX') end
redis.call('SET', KEYS[2], ARGV[3], 'EX', ARGV[4])
return 1
"""


class Store:
    """Redis, as the cache needs it. Every method raises CacheIsAway."""

    def __init__(self, url: str, prefix: str) -> None:
        self._prefix = f"{prefix}:cache"
        self._away_until = 0.0
        self._redis: Any = redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )
        self._move = self._redis.register_script(_MOVE)
        self._put = self._redis.register_script(_PUT)

    def answers(self) -> bool:
        """Whether Redis is there for pages, just now."""
        try:
            return bool(self._ask(self._redis.ping))
        except CacheIsAway:
            return False

    def read(self, key: str) -> tuple[Place | None, Entry | None]:
        """Redis' place in the log, and an entry of that place's generation."""
        place = self._place(self._ask(self._redis.get, self._place_key))
        if place is None:
            return None, None
        found = self._ask(self._redis.get, self._entry_key(place, key))
        return place, _entry(found)

    def begin(self, place: Place) -> None:
        """Take a place in the log with a new generation: what was kept before is forgotten."""
        self._ask(self._redis.set, self._place_key, str(place))

    def forget(self) -> None:
        """Remove everything that is kept, of all generations: what was erased is nowhere then."""
        self._ask(self._redis.delete, self._place_key)
        cursor = -1
        while cursor:
            cursor, keys = self._ask(self._redis.scan, max(cursor, 0), f"{self._prefix}:*", 500)
            if keys:
                self._ask(self._redis.unlink, *keys)

    def move(self, before: Place, after: Place, topics: Iterable[Topic]) -> bool:
        """Tell what moved between two places; False if somebody told it first."""
        keys = [self._place_key, *(self._topic_key(before, topic) for topic in topics)]
        arguments = [str(before), str(after), after.position]
        return bool(self._ask(self._move, keys=keys, args=arguments))

    def put(self, place: Place, key: str, entry: Entry) -> None:
        """Keep an entry that was made at a place, unless the log has moved on."""
        keys = [
            self._place_key,
            self._entry_key(place, key),
            *(self._topic_key(place, topic) for topic in entry.topics),
        ]
        content = json.dumps({"at": entry.at, "topics": entry.topics, "value": entry.value})
        self._ask(self._put, keys=keys, args=[str(place), entry.at, content, ENTRY_SECONDS])

    def is_good(self, place: Place, entry: Entry) -> bool:
        """None of its topics moved since. A topic that Redis lost may have."""
        if not entry.topics:
            return True
        keys = [self._topic_key(place, topic) for topic in entry.topics]
        moved = [_number(position) for position in self._ask(self._redis.mget, keys) or [None]]
        return all(position is not None and position <= entry.at for position in moved)

    def _place(self, text: str | None) -> Place | None:
        match = _PLACE.fullmatch(text or "")
        return Place(int(match[1]), match[2], match[3]) if match else None

    @property
    def _place_key(self) -> str:
        return f"{self._prefix}:place"

    def _topic_key(self, place: Place, topic: Topic) -> str:
        return f"{self._prefix}:{place.generation}:t:{topic}"

    def _entry_key(self, place: Place, key: str) -> str:
        return f"{self._prefix}:{place.generation}:v:{key}"

    def _ask(self, command: Any, *arguments: Any, **named: Any) -> Any:
        if time.monotonic() < self._away_until:
            raise CacheIsAway
        try:
            return command(*arguments, **named)
        except UnicodeDecodeError:
            return None
        except redis.ResponseError as error:
            if "WRONGTYPE" in str(error):
                return None
            raise self._is_away(error) from None
        except (redis.RedisError, OSError) as error:
            raise self._is_away(error) from None

    def _is_away(self, error: Exception) -> CacheIsAway:
        logger.warning("Redis does not answer; pages are made without it: %s", error)
        self._away_until = time.monotonic() + PAUSE_SECONDS
        return CacheIsAway()


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch("[0-9]{1,18}", text) else None


def _entry(text: str | None) -> Entry | None:
    """What stands under an entry's key, if it is an entry."""
    try:
        told = json.loads(text or "null")
    except ValueError:
        return None
    match told:
        case {"at": int(at), "topics": list(topics), "value": str(value)}:
            return Entry(at, topics, value)
    return None


@cache
def store() -> Store:
    """The way to Redis that this process has."""
    return Store(settings.REDIS_URL, settings.REDIS_PREFIX)
