"""Make what follows the log anew: dropped, and followed again from the first event."""

from itertools import batched

from django.db import connection, transaction

from eventstore import reading
from projections.following.followed import PAGE, LogTracking, followed
from projections.models import Tracking


def rebuild_followed() -> None:
    """Drop and follow again, to the end of the log, in one transaction: readers see no gap.

    A follower that is at work waits meanwhile, is then refused what it held
    already, and begins again from here.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Tracking._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        Tracking.objects.all().delete()
        tracking = LogTracking()
        end = reading.last_position()
        for projection in followed():
            projection.clear()
            for events in batched(reading.forward(upto=end), PAGE, strict=False):
                projection.apply(events)
            tracking.track(projection.name, end)
