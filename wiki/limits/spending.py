"""What accounts and networks may do in a while, and the refusal of what is more.

Commands ask here before they begin, whichever door they were reached by; what comes without an
account or a network (a management command, a test) is not counted by it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from django.utils import timezone
from django.utils.timesince import timeuntil

from wiki.limits.windows import windows
from wiki.requests.networks import current_network
from wiki.requests.refusals import RequestRefused
from wiki.rights.rights import Right, is_new, may

MINUTE, HOUR, DAY = 60, 3_600, 86_400

LONGEST_KEY = 120


class Action(Enum):
    """What is counted; the words end a sentence."""

    SIGN_UP = "new accounts"
    SIGN_IN = "attempts to sign in"
    EDIT = "changes of pages"
    RENAME = "renamed pages"
    DELETE = "deletions"
    BRANCH = "new or changed branches"
    MERGE = "merges and reverts"
    PROPOSE = "proposals and answers"
    COMMENT = "comments"
    DRAFT = "kept drafts"


@dataclass(frozen=True)
class Rate:
    """So many in so many seconds."""

    amount: int
    seconds: int


@dataclass(frozen=True)
class Limit:
    """The rates of one action; all of them hold."""

    new: tuple[Rate, ...]
    """Of an account that is new."""
    known: tuple[Rate, ...]
    """Of any other account; moderators are not counted."""
    network: tuple[Rate, ...]


LIMITS = {
    Action.EDIT: Limit(
        new=(Rate(20, 10 * MINUTE), Rate(100, DAY)),
        known=(Rate(60, 10 * MINUTE), Rate(600, DAY)),
        network=(Rate(120, 10 * MINUTE),),
    ),
    Action.RENAME: Limit(
        new=(Rate(10, HOUR), Rate(30, DAY)),
        known=(Rate(60, HOUR), Rate(200, DAY)),
        network=(Rate(120, HOUR),),
    ),
    Action.DELETE: Limit(
        new=(Rate(3, HOUR), Rate(10, DAY)),
        known=(Rate(20, HOUR), Rate(60, DAY)),
        network=(Rate(40, HOUR),),
    ),
    Action.BRANCH: Limit(
        new=(Rate(5, HOUR), Rate(10, DAY)),
        known=(Rate(20, HOUR), Rate(60, DAY)),
        network=(Rate(40, HOUR),),
    ),
    Action.MERGE: Limit(
        new=(Rate(5, HOUR), Rate(20, DAY)),
        known=(Rate(60, HOUR),),
        network=(Rate(120, HOUR),),
    ),
    Action.PROPOSE: Limit(
        new=(Rate(20, HOUR), Rate(40, DAY)),
        known=(Rate(120, HOUR),),
        network=(Rate(240, HOUR),),
    ),
    Action.COMMENT: Limit(
        new=(Rate(20, HOUR), Rate(40, DAY)),
        known=(Rate(60, HOUR),),
        network=(Rate(120, HOUR),),
    ),
    # A form is kept whenever somebody pauses in it.
    Action.DRAFT: Limit(
        new=(Rate(300, HOUR),),
        known=(Rate(900, HOUR),),
        network=(Rate(2_400, HOUR),),
    ),
}


class TooMuch(RequestRefused):
    """More of something than an account or a network may do in a while; nothing was done."""

    code = "too-much"
    status = 429
    title = "This is too much at once"

    def __init__(self, action: Action, wait: float) -> None:
        self.retry_seconds = round(wait)
        begin = timezone.now()
        later = timeuntil(begin + timedelta(seconds=self.retry_seconds), begin)
        super().__init__(
            f"There were too many {action.value} from your account or your network lately. "
            "Nothing was done.",
            f"Wait {later if wait >= MINUTE else 'a minute'}, then send it again.",
        )


def spend(account: Any, action: Action) -> None:
    """Count an action of an account, and of the network that it is asked from. Raises TooMuch."""
    limit = LIMITS[action]
    rates = limit.new if is_new(account) else limit.known
    count(action, f"account:{account.pk}", rates, but=account)
    if network := current_network():
        count(action, f"network:{network}", limit.network, but=account)


def count(action: Action, whose: str, rates: Iterable[Rate], *, but: Any = None) -> None:
    """Count an action under a key by each rate. Raises TooMuch, except to a moderator."""
    if len(whose) > LONGEST_KEY:
        whose = hashlib.sha256(whose.encode()).hexdigest()
    for rate in rates:
        key = f"{action.name.lower()}:{rate.amount}/{rate.seconds}:{whose}"
        wait = windows().take(key, rate.amount, rate.seconds)
        # Asked last, for it is a query, and hardly ever needed.
        if wait and not (but is not None and may(but, Right.MERGE)):
            raise TooMuch(action, wait)
