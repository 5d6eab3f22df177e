"""Heads of the log, kept outside of the database: what it was cannot be made another.

A chain of hashes shows a change of any part, but not that its end was cut off and written anew. So
`manage.py audit`, where all of the wiki is well, notes where the log ended in a file that the
settings name (LOG_HEADS_FILE), with the hash that stood there, signed with SECRET_KEY; later ones
ask whether that still stands.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.core import signing
from django.db import connection

from eventstore.errors import Refusal
from eventstore.integrity import Finding
from eventstore.sqlfiles import statement

_SALT = "eventstore.heads"
_HEAD = statement(__file__, "head")
_CHANGED = statement(__file__, "changed_heads")
_FOR_OWNER_ALONE = 0o600


class BadHead(Refusal):
    """A file of heads that cannot be believed."""

    code = "bad-head"
    status = 400
    hint = (
        "Was the SECRET_KEY another then? Name it in SECRET_KEY_FALLBACKS. Else look for a copy "
        "of the file."
    )


@dataclass(frozen=True)
class Head:
    """Where the log ended: its last changeset with its hash, and how far its sequence was."""

    changeset: int
    position: int
    hash: str
    recorded_at: str
    reached: int

    def as_line(self) -> str:
        """What a file holds of it: JSON, and a signature behind it."""
        return signing.Signer(salt=_SALT).sign(json.dumps(asdict(self), sort_keys=True))


def head_at(position: int) -> Head | None:
    """Where the log ended at a position; None where it had not begun. Cost: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, [position])
        row = cursor.fetchone()
    return None if row is None else Head(*row)


def keep_head(file: Path, position: int) -> None:
    """Note where the log ended at a position, behind what the file holds, which stays."""
    head = head_at(position)
    if head is None:
        return
    file.touch(_FOR_OWNER_ALONE)
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{head.as_line()}\n")


def read_heads(file: Path) -> list[Head]:
    """The heads of a file; none where there is no file. Raises BadHead."""
    if not file.exists():
        return []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadHead(f"{file} cannot be read: {error}.") from None
    return [_read(file, number, line) for number, line in enumerate(lines, start=1) if line]


def _read(file: Path, number: int, line: str) -> Head:
    try:
        return Head(**json.loads(signing.Signer(salt=_SALT).unsign(line)))
    except (signing.BadSignature, ValueError, TypeError):
        raise BadHead(f"Line {number} of {file} was not written by this wiki.") from None


def verify_heads(heads: Iterable[Head]) -> Iterator[Finding]:
    """What of the log is not as it was when its ends were noted. Cost: two queries."""
    noted = list(dict.fromkeys(heads))
    if not noted:
        return
    with connection.cursor() as cursor:
        numbers = [head.changeset for head in noted]
        cursor.execute(_CHANGED, [numbers, [head.hash for head in noted]])
        changed = set(cursor.fetchall())
        cursor.execute("SELECT last_value FROM public.eventstore_position")
        (reached,) = cursor.fetchone()
    for head in noted:
        if (head.changeset, head.hash) not in changed:
            continue
        when = datetime.fromisoformat(head.recorded_at)
        yield Finding(
            f"changeset {head.changeset}",
            f"is gone or another than the one of {when:%-d %B %Y, %H:%M} UTC that was noted when "
            "the log ended with it. Something was cut off or written anew, or this is an older "
            "backup.",
        )
    furthest = max(head.reached for head in noted)
    if reached < furthest:
        yield Finding(
            "sequence eventstore_position", f"stood at {furthest} once, and was moved back."
        )
