"""All of a list as a file, at the viewpoint, with the list's filters and order."""

import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

from django.http import FileResponse
from django.http.response import HttpResponseBase

from eventstore import reading
from versioning.entities.kinds import kind_of
from versioning.viewpoints import entering
from versioning.viewpoints.chain import resolve
from wiki.exchange.documents import records_of
from wiki.exchange.formats import FORMATS, Format
from wiki.lists.listing import Asked, all_of
from wiki.pages.models import Page
from wiki.requests.refusals import RequestRefused

DOWNLOADS: Final[Mapping[str, Format]] = {"csv": FORMATS["csv"], "json": FORMATS["json"]}

IN_MEMORY = 2_000_000
"""Bytes; what is larger waits on disk."""


def download(model: type[Page], asked: Asked, encoding: str) -> HttpResponseBase:
    """Every page that the list holds, whichever part of it was asked for. Raises RequestRefused.

    Read to its end here, and then sent: a stream that reads while it is sent would outlive the
    viewpoint and show main's head, and a reader on a slow line would hold a connection of the
    database. Constant memory. Cost: a query, and for each thousand pages one for each field that
    refers to others.
    """
    if encoding not in DOWNLOADS:
        raise RequestRefused(
            f"There is no format called {encoding[:40]!r}.",
            hint=f"Choose one of these: {', '.join(DOWNLOADS)}.",
        )
    written = DOWNLOADS[encoding]
    kind = kind_of(model)
    file: Any = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # closed by the response
    try:
        with _held_still():
            for piece in written.write(kind, records_of(kind, all_of(model, asked))):
                file.write(piece.encode())
    except BaseException:
        file.close()
        raise
    file.seek(0)
    answer = FileResponse(file, as_attachment=True, filename=f"{model.plural}.{encoding}")
    answer.headers["Content-Type"] = written.content_type
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _held_still() -> AbstractContextManager[None]:
    """A head at the log's last position: what is written between two queries changes nothing."""
    seen = entering.current()
    if seen.is_past or seen.is_preview:
        return nullcontext()
    return entering.entered(resolve(seen.name, reading.last_position()))
