"""Whether an account is blocked now, read from main's head wherever one looks."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from eventstore.sqlfiles import statement
from wiki.requests.refusals import RequestRefused

_BLOCK = statement(__file__, "block")


@dataclass(frozen=True)
class Blocked:
    """Why an account may write nothing, and until when; None: for good."""

    reason: str
    ends_at: datetime | None


class AccountIsBlocked(RequestRefused):
    """An account that is blocked was to change something."""

    code = "account-is-blocked"
    status = 403
    title = "Your account is blocked"
    hint = "Everything can be read meanwhile. Ask a moderator if you think that this is a mistake."

    def __init__(self, blocked: Blocked) -> None:
        until = f" until {blocked.ends_at:%-d %B %Y, %H:%M} UTC" if blocked.ends_at else ""
        super().__init__(f"Your account is blocked{until}: {blocked.reason}")


def block_of(account_id: int) -> Blocked | None:
    """The block of an account, if there is one now. Cost: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_BLOCK, [account_id])
        row = cursor.fetchone()
    return Blocked(*row) if row else None
