"""For machines: is it alive, can it serve, what are its figures."""

import shutil

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from eventstore import reading
from eventstore.models import Changeset
from projections.cache.store import store
from projections.readiness import schema_fits

NOT_MIGRATED = "the database is not what this code reads: run manage.py migrate\n"
DISK_IS_FULL = "the disk is full: edits would be refused. Make room on the wiki's home\n"
LEAST_FREE = 200_000_000
"""Bytes that the disk of the wiki's home has to have left: PostgreSQL stops without them, and needs
some to be started again. (A segment of its write-ahead log is 16 MB, and it may keep several.)"""

PLAIN = "text/plain; charset=utf-8"


def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing of anything."""
    return HttpResponse("alive\n", content_type=PLAIN)


def ready(request: HttpRequest) -> HttpResponse:
    """PostgreSQL answers, and fits the code, and there is room to write: pages can be served.

    Without Redis they are slower, and right. The room is that of this machine's disk; a PostgreSQL
    elsewhere is for whoever runs it to watch.
    """
    try:
        fits = schema_fits()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type=PLAIN)
    if not fits:
        return HttpResponse(NOT_MIGRATED, status=503, content_type=PLAIN)
    if _free() < LEAST_FREE:
        return HttpResponse(DISK_IS_FULL, status=503, content_type=PLAIN)
    return HttpResponse("ready\n", content_type=PLAIN)


def _free() -> int:
    """Bytes that are left where the wiki keeps what it keeps; where it keeps nothing, as many."""
    try:
        return shutil.disk_usage(settings.THRILLWIKI_HOME).free
    except OSError:
        return LEAST_FREE


def metrics(request: HttpRequest) -> HttpResponse:
    """Gauges in Prometheus' text format."""
    last = Changeset.every.order_by("-id").values_list("id", flat=True).first() or 0
    figures = {
        "thrillwiki_log_position": ("Last position of the log.", reading.last_position()),
        "thrillwiki_changesets_total": ("Changesets in the log.", last),
        "thrillwiki_cache_up": ("Whether the cache answers.", int(store().answers())),
    }
    lines = [
        f"# HELP {name} {text}\n# TYPE {name} gauge\n{name} {value}\n"
        for name, (text, value) in figures.items()
    ]
    return HttpResponse("".join(lines), content_type="text/plain; version=0.0.4; charset=utf-8")
