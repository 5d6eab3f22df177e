"""Whether an account is blocked now, read from main's head wherever one looks."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from eventstore.sqlfiles import statement

_BLOCK = statement(__file__, "block")


@dataclass(frozen=True)
class Blocked:
    reason: str
    ends_at: datetime | None

    @property
    def sentence(self) -> str:
        until = f" until {self.ends_at:%-d %B %Y, %H:%M} UTC" if self.ends_at else ""
        return f"Your account is blocked{until}: {self.reason}"


def block_of(account_id: int) -> Blocked | None:
    """The block of an account, if there is one now. Cost: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_BLOCK, [account_id])
        row = cursor.fetchone()
    return Blocked(*row) if row else None
