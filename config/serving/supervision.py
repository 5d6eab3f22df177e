"""The processes of a running wiki: started, watched, and started again with patience.

What happens to them is kept in a file of the home, for `/health/` to tell.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.environment import CHECKOUT
from config.refusal import CannotStart
from config.serving.lifeline import SERVER_PROCESS

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
"""Between two starts of what does not stay up: each time twice as long."""

STEADY_SECONDS = 60.0
"""What ran for so long is taken to be well again."""

STOP_SECONDS = 10.0
LOOK_SECONDS = 0.2
"""How often processes are looked at."""

SERVICES_SECONDS = 2.0
"""How often the embedded services are; those that cannot be brought up less and less often."""


def manage(*words: str) -> list[str]:
    """A command of this wiki."""
    return [sys.executable, str(CHECKOUT / "manage.py"), *words]


@dataclass
class Child:
    """One process, and what became of it."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    starts: int = 0
    ended: str = ""
    """When and how it last ended, in words; empty where it never did."""
    process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _pause: float = FIRST_PAUSE_SECONDS
    _due: float = 0.0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look(self, now: float) -> bool:
        """Start what should run and does not, when its time has come; whether anything changed."""
        if self.is_running:
            if now - self._started > STEADY_SECONDS:
                self._pause = FIRST_PAUSE_SECONDS
            return False
        if self.process is not None:
            self.ended = f"{_now()} with status {self.process.returncode}"
            self.process = None
            self._due = now + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
            return True
        if now < self._due:
            return False
        self._start(now)
        return True

    def _start(self, now: float) -> None:
        self.process = subprocess.Popen(
            self.command,
            env=os.environ | {SERVER_PROCESS: str(os.getpid())} | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in this terminal is for who stops them in order
        )
        self._started = now
        self.starts += 1

    def stop(self) -> None:
        """Ask it to end, and end it if it does not."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Supervisor:
    """Keeps processes up until it is told to stop, which it does in the reverse order."""

    children: Sequence[Child]
    record: Path
    """Where it keeps what runs (see `config.serving.health`)."""
    mend_services: Callable[[], Sequence[str]] = lambda: ()
    """Brings up embedded services that are down; their names."""
    mended: dict[str, str] = field(default_factory=dict)
    """When each of them last was."""
    down_since: str | None = None
    """When it was first tried in vain to bring one up that still is down."""
    _stopping: threading.Event = field(default_factory=threading.Event)
    _kept: dict[str, Any] = field(default_factory=dict)

    def run(self) -> None:
        """Until Ctrl-C or SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stopping.set())
        # Beside the processes, which are not to wait while a database recovers.
        threading.Thread(target=self._look_after_services, name="services", daemon=True).start()
        try:
            while not self._stopping.is_set():
                for child in self.children:
                    child.look(time.monotonic())
                self._keep()
                self._stopping.wait(LOOK_SECONDS)
        finally:
            for child in reversed(self.children):
                child.stop()
            self.record.unlink(missing_ok=True)

    def _look_after_services(self) -> None:
        pause = SERVICES_SECONDS
        while not self._stopping.wait(pause):
            try:
                self.mended |= dict.fromkeys(self.mend_services(), _now())
            except (CannotStart, Exception) as error:  # noqa: BLE001  # the next try may go well
                sys.stderr.write(f"A service cannot be brought up, and is tried again: {error}\n")
                self.down_since = self.down_since or _now()
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            else:
                self.down_since, pause = None, SERVICES_SECONDS

    def _keep(self) -> None:
        """Write down what runs, where that is not as it was."""
        told = {
            "processes": {
                child.name: {
                    "running": child.is_running,
                    "starts": child.starts,
                    "last_end": child.ended or None,
                }
                for child in self.children
            },
            "services_started_again": self.mended,
            "services_down_since": self.down_since,
        }
        if told == self._kept:
            return
        new = self.record.with_suffix(".new")
        # On a disk that is full nothing can be told, for now; what runs goes on running.
        with suppress(OSError):
            new.write_text(json.dumps(told, indent=1))
            new.replace(self.record)
            self._kept = told


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
