"""Signatures of changesets: that this wiki appended them, and not whoever has the database.

The database's password is enough to append events by the log's own functions, in the name of any
account. It is not enough to sign: that takes the wiki's SECRET_KEY. What is signed is the branch,
account, kind, message and details of a changeset, and which versions of which streams it holds, so
that no signature fits another changeset. What its events say, its time and its parents are sealed
by the chain of hashes.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final, Protocol
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac

from eventstore.integrity import Finding, bounded
from eventstore.sqlfiles import statement

SIGNATURE: Final = "signature"
"""The key in a changeset's details."""

_SALT = "eventstore.changeset"
_PAGE = 10_000
_SIGNED = statement(__file__, "signed_changesets")


class Signed(Protocol):
    """What is signed of an event."""

    @property
    def stream_id(self) -> UUID: ...
    @property
    def version(self) -> int: ...
    @property
    def topic(self) -> str: ...


def as_bytes(events: Sequence[Signed]) -> bytes:
    """Which versions events are, in their order; `signed_changesets.sql` spells it likewise."""
    return b"".join(
        event.stream_id.bytes + event.version.to_bytes(8) + event.topic.encode() + b"\0"
        for event in events
    )


def signed_details(
    branch: int,
    actor_id: int | None,
    kind: str,
    message: str,
    details: dict[str, Any],
    events: bytes,
) -> str:
    """The details of a changeset as they are kept, with its signature; `events` as bytes."""
    digest = hashlib.sha256(events).hexdigest()
    told = _told(branch, actor_id, kind, message, details, digest)
    return as_text({**details, SIGNATURE: _sign(told, settings.SECRET_KEY)})


def as_text(details: dict[str, Any]) -> str:
    return json.dumps(details, ensure_ascii=False, sort_keys=True)


def verify_signatures(upto: int) -> Iterator[Finding]:
    """Changesets that this wiki did not append. Cost: a row each, and a hash of its events' names.

    None is asked of those from before changesets were signed.
    """
    yield from bounded(_unsigned(upto))


def _unsigned(upto: int) -> Iterator[Finding]:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    is_signed_by_now = False
    for number, branch, actor_id, kind, message, text, digest in _changesets(upto):
        details, signature = _parted(text)
        is_signed_by_now |= signature is not None
        if not is_signed_by_now:
            continue
        told = _told(branch, actor_id, kind, message, details, digest)
        if not any(constant_time_compare(signature or "", _sign(told, key)) for key in keys):
            yield Finding(
                f"changeset {number}",
                "was not signed by this wiki: somebody appended it who has the database's "
                "password, or SECRET_KEY was another then (name it in SECRET_KEY_FALLBACKS).",
            )


def _parted(text: str) -> tuple[dict[str, Any], str | None]:
    """Details and their signature, which is empty for what nobody of ours can have written."""
    try:
        details = json.loads(text)
        text.encode()
        as_text(details).encode()
    except ValueError:
        return {}, ""
    if not isinstance(details, dict):
        return {}, ""
    signature = details.pop(SIGNATURE, None)
    return details, None if signature is None else str(signature)


def _changesets(upto: int) -> Iterator[tuple[Any, ...]]:
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_SIGNED, [after, upto, _PAGE])
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < _PAGE:
            return
        after = rows[-1][0]


def _told(
    branch: int,
    actor_id: int | None,
    kind: str,
    message: str,
    details: dict[str, Any],
    digest: str,
) -> str:
    return "|".join(
        [str(branch), str(actor_id), kind, str(len(message)), message, as_text(details), digest]
    )


def _sign(told: str, key: str | bytes) -> str:
    return hmac.digest(_key(key), told.encode(), "sha256").hex()


@cache
def _key(secret: str | bytes) -> bytes:
    """A key of its own, so that nothing else that is signed with the secret passes for this."""
    return salted_hmac(_SALT, "", secret=secret, algorithm="sha256").digest()
