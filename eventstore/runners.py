"""The library's runners of projections, for views that are kept on Django's connection.

A runner processes in a thread of its own, which has a connection of Django's to itself. These
close it when the thread ends; the library's would leave that to chance.
"""

from typing import Any

from django.db import connection
from eventsourcing import projection


class _GivingBack:
    @staticmethod
    def _process_events_loop(*args: Any, **kwargs: Any) -> None:
        try:
            projection.BaseProjectionRunner._process_events_loop(*args, **kwargs)  # noqa: SLF001  # its thread's only hook
        finally:
            connection.close()


class BaseProjectionRunner[App: Any](_GivingBack, projection.BaseProjectionRunner[App]):
    """For a projection and a tracking that are given."""


class ProjectionRunner[App: Any, View: Any](_GivingBack, projection.ProjectionRunner[App, View]):
    """For a projection and a view that are made by the application's factory."""


class EventSourcedProjectionRunner[App: Any, Projected: Any](
    _GivingBack, projection.EventSourcedProjectionRunner[App, Projected]
):
    """For a projection that records events itself."""
