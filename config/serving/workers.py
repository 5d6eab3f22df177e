"""granian, as this wiki uses it: WSGI, some processes, a few threads in each."""

import os
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from config.serving.lifeline import SERVER_PROCESS

WAITING = 32
"""Requests that wait for each thread of a server that has no front."""


def serve(host: str, port: int, *, threads: int) -> None:
    """Serve pages at a port, with nothing in front: for tests, and whoever has a front already.

    Until Ctrl-C or SIGTERM; requests under way are finished first.
    """
    _serve(workers=1, threads=threads, backpressure=threads * WAITING, address=host, port=port)


def serve_socket(socket: Path, *, workers: int, threads: int, memory: int) -> None:
    """Serve at a Unix socket, for the front; a worker that dies is replaced.

    A worker takes a request when a thread of it is free. Until then requests wait at the socket,
    which the workers share: what one had taken, another that is idle could not make.

    So is one that takes more than so many MiB of `memory`, once it has answered what it has.
    """
    socket.unlink(missing_ok=True)  # of one that was killed
    _serve(
        workers=workers,
        threads=threads,
        backpressure=threads,
        uds=socket,
        uds_permissions=0o600,
        respawn_failed_workers=True,
        workers_max_rss=memory,
    )


def _serve(*, workers: int, threads: int, **options: Any) -> None:
    os.environ[SERVER_PROCESS] = str(os.getpid())
    Server(
        "config.wsgi:application",
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        log_level=LogLevels.warning,
        workers_kill_timeout=10,
        **options,
    ).serve()
