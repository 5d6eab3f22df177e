"""What follows the log: not ahead of it, and right as far as it has come."""

from collections.abc import Iterator

from eventstore import reading
from eventstore.integrity import Finding, bounded
from projections.following.followed import AheadOfTheLog, followed, tracked


def verify_followed() -> Iterator[Finding]:
    """Each projection up to the position that it has followed to, however far behind that is."""
    end = reading.last_position()
    for projection in followed():
        position = tracked(projection.name)
        if position > end:
            yield Finding("tracking:", str(AheadOfTheLog(projection.name, position, end)))
        else:
            yield from bounded(projection.verify(position))
