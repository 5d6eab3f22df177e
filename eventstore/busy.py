"""How long a writer waits for others: no open transaction stops all of them without end."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from eventstore.errors import Refusal

LOCK_TIMEOUT_SECONDS = 10.0
"""What `LOG_LOCK_TIMEOUT_SECONDS` of the settings is, unless it says otherwise; 0 is for ever."""


class LogIsBusy(Refusal, OperationalError):
    """Others have been writing for longer than a writer waits; nothing was saved."""

    code = "log-is-busy"
    status = 503
    hint = "Try again in a moment."

    def __init__(self) -> None:
        super().__init__(
            f"Others have been writing for more than {lock_timeout_seconds():g} seconds: an "
            "import, perhaps, or a migration. Nothing was saved."
        )


def lock_timeout_seconds() -> float:
    """How long a connection waits for a lock, the log's or a table's."""
    return float(getattr(settings, "LOG_LOCK_TIMEOUT_SECONDS", LOCK_TIMEOUT_SECONDS))


@contextmanager
def saying_so() -> Iterator[None]:
    """Waiting that ends without a lock is told in a sentence. Raises LogIsBusy."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise LogIsBusy from error.__cause__
        raise
