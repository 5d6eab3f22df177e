"""Starting a server apart from this process, and finding it again."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from config.refusal import CannotStart


@dataclass(frozen=True)
class Account:
    """The user that a server runs as. PostgreSQL refuses to be root, whose stand-in is `nobody`."""

    name: str | None
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        if self.name is not None:
            os.chown(path, self.uid, self.gid)

    def command(self, *words: str | Path) -> list[str]:
        """The command, run as this account.

        `setpriv` leaves it root's right to pass folders that are closed to others (a checkout
        below /root, say), so that no folder's mode has to be loosened for it. `initdb` asks by
        access(2) whether it may run `postgres`, and the kernel answers without that right: unless
        `no_setuid_fixup` says that who is not root may have some of root's.
        """
        command = [str(word) for word in words]
        if self.name is None:
            return command
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise CannotStart(
                "PostgreSQL does not run as root, and setpriv (of util-linux) is not here.",
                "Start ThrillWiki as an ordinary user, or set DATABASE_URL.",
            )
        rights = [
            "--securebits=+no_setuid_fixup",
            "--inh-caps=-all,+dac_override",
            "--ambient-caps=-all,+dac_override",
        ]
        user = [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        return [setpriv, *user, *rights, *command]


def server_account() -> Account:
    if os.geteuid() != 0:
        return Account(None, os.geteuid(), os.getegid())
    import pwd

    nobody = pwd.getpwnam("nobody")
    return Account("nobody", nobody.pw_uid, nobody.pw_gid)


def spawn(command: list[str], log: Path, folder: Path) -> subprocess.Popen[bytes]:
    """Start a server that Ctrl-C in this terminal does not reach: it is stopped in order."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            start_new_session=True,
        )


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    """Whether it came true in time. The first looks follow closely: most starts are quick."""
    deadline = time.monotonic() + seconds
    pause = 0.005
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    return True


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs. One that ended stays listed as a zombie while its parent looks away."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end(process: psutil.Process, seconds: float) -> None:
    """Wait for a server that was asked to stop, and kill it if it does not."""
    if not wait_until(lambda: not is_alive(process), seconds):
        process.kill()
        wait_until(lambda: not is_alive(process), seconds)


def processes_named_with(name: str, path: Path) -> Iterator[psutil.Process]:
    """Processes of a program whose command line names the path: a lost server of this home.

    The path as a whole: that of another home may end with it, or begin.
    """
    named = re.compile(rf"(?:^|[\s:=]){re.escape(str(path))}(?=\s|$)")
    for process in psutil.process_iter(["name", "cmdline"]):
        words = process.info["cmdline"] or []
        if process.info["name"] == name and any(named.search(each) for each in words):
            yield process


def last_lines(log: Path, count: int = 5) -> str:
    """The end of a log, for a refusal to quote."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in lines[-count:])
