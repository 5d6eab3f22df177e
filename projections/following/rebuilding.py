"""Make what follows the log anew."""

from django.db import connection, transaction

from eventstore import reading
from projections.following.followed import LogTracking, followed
from projections.models import Tracking


def rebuild_followed() -> None:
    """Rebuild each to the end of the log, in one transaction: readers see no gap.

    The rows of entities are right by now, so a projection may be read off them.
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
            projection.rebuild(end)
            tracking.track(projection.name, end)
