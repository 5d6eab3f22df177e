"""`cached`: a value from Redis where it is still right, made anew where it is not."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import get_script_prefix

from eventstore.models import Changeset
from projections.cache.store import CacheIsAway, Entry, Place, Store, new_generation, store
from projections.cache.topics import Topic, at_viewpoint, moved_between
from versioning.viewpoints import entering
from versioning.viewpoints.readers import reading_alike

FARTHEST = 5_000
"""Positions that Redis is told one by one; farther behind it begins anew."""

CODE = (
    "config", "versioning", "projections", "wiki", "templates",
    "static/css", "static/img", "static/js", "static/vendor",
)  # fmt: skip
"""What a value is made by: when any of it changes, nothing of before is served.

Files that pages refer to are part of it, because their addresses change with them.
"""

KINDS_OF_FILES = frozenset({".css", ".html", ".js", ".py", ".sql", ".svg", ".woff2"})
"""Those in these folders that are read for it, by their suffixes."""


@dataclass(frozen=True)
class Made:
    """A value, and the topics that it was made from."""

    value: str
    topics: Iterable[Topic]


def cached(key: tuple[str, ...], make: Callable[[], Made]) -> str:
    """A value at the current viewpoint: what `make` makes now, from Redis or by making it.

    It is made as for nobody, so that it tells all who have it the same: of private branches
    nothing, but on one of them, which is part of the key.
    Cost of a hit: one query, and three answers of Redis. Without Redis, `make`.
    """
    seen = entering.current()
    if seen.is_preview:
        return make().value
    try:
        name = _name((*key, repr(seen.chain), get_script_prefix()))
        place, entry = _up_to_date(store(), name)
        if entry is not None and store().is_good(place, entry):
            return entry.value
        with reading_alike(branch for branch, _ in seen.chain):
            made = make()
        topics = at_viewpoint(made.topics, seen)
        store().put(place, name, Entry(place.position, topics, made.value))
    except CacheIsAway:
        return make().value
    return made.value


def _up_to_date(redis: Store, name: str) -> tuple[Place, Entry | None]:
    """Redis' place once it is the log's end, and what it holds there under a name."""
    end = _log_end()
    place, entry = redis.read(name)
    if place is not None and (place.position, place.hash) == end:
        return place, entry
    if place is None or not _is_of_this_log(place, end):
        fresh = Place(*end, new_generation())
        redis.begin(fresh)
        return fresh, None
    after = Place(*end, place.generation)
    redis.move(place, after, moved_between(place.position, end[0]))
    # Whoever told it first, the topics of this step have moved by now.
    return after, entry


def _log_end() -> tuple[int, str]:
    """The position and the hash that the log ends with."""
    newest = Changeset.every.order_by("-id").values_list("last_position", "hash").first()
    return (newest[0], bytes(newest[1]).hex()) if newest else (0, "")


def _is_of_this_log(place: Place, end: tuple[int, str]) -> bool:
    """Whether the log holds what Redis was told last: not after a restore of either."""
    if not 0 <= end[0] - place.position <= FARTHEST:
        return False
    known = Changeset.every.filter(last_position=place.position).values_list("hash", flat=True)
    return any(bytes(hashed).hex() == place.hash for hashed in known)


def _name(parts: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join((code_version(), *parts)).encode()).hexdigest()


@cache
def code_version() -> str:
    """What the code and the templates are, in short. Read once in a process."""
    digest = hashlib.sha256()
    for folder in CODE:
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            if path.suffix in KINDS_OF_FILES:
                digest.update(path.read_bytes())
    return digest.hexdigest()
