"""granian, as this wiki uses it: one process for pages, WSGI, a few threads."""

import os
import signal
import threading
import time

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server


def serve(host: str, port: int, *, threads: int) -> None:
    """Serve pages until Ctrl-C or SIGTERM; requests under way are finished first."""
    os.environ[SERVER_PROCESS] = str(os.getpid())
    Server(
        "config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        backpressure=threads * 32,
        log_level=LogLevels.warning,
        workers_kill_timeout=10,
    ).serve()


SERVER_PROCESS = "THRILLWIKI_SERVER_PROCESS"


def end_with_server() -> None:
    """Let this worker, or follower, end when the server that started it was killed.

    It could not tell them any more, which would keep the port and the services for ever.
    """
    server = os.environ.get(SERVER_PROCESS)
    if server is None or int(server) == os.getpid():
        return

    def watch() -> None:
        while os.getppid() == int(server):
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="server-watch", daemon=True).start()
