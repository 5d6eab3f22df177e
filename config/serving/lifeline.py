"""What is started beside the server ends with it, even where the server was killed."""

import os
import signal
import threading
import time

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
