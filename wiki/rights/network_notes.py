"""Which network a changeset came from, noted for moderators and forgotten after a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from eventstore import reading
from eventstore.sqlfiles import statement
from wiki.requests.networks import current_network

KEPT_DAYS = 90

_NOTE = statement(__file__, "note_network")


@contextmanager
def noting_network(account_id: int) -> Iterator[None]:
    """Note the network of what an account records inside; where nobody tells one, nothing."""
    network = current_network()
    if not network:
        yield
        return
    before = reading.last_position()
    yield
    named: dict[str, Any] = {
        "network": network,
        "account": account_id,
        "after": before,
        "days": KEPT_DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, named)
