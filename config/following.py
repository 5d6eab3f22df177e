"""The follower beside the server: a process of its own, which ends when the server does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from config.environment import CHECKOUT
from config.serving import SERVER_PROCESS

STOP_SECONDS = 10


@contextmanager
def follower_beside() -> Iterator[None]:
    """`manage.py follow` for as long as the block lasts; it notices when this process is killed.

    Pages work without it, so nothing waits for its start.
    """
    process = subprocess.Popen(
        [sys.executable, CHECKOUT / "manage.py", "follow"],
        env=os.environ | {SERVER_PROCESS: str(os.getpid())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C in this terminal is the server's, which stops it in order
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
