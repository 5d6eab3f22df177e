"""A disk that is full, and has room again, under a wiki that is read and edited.

    python -m tests.load.disk --seconds 10

In a wiki of its own, on a small disk of memory, which only root may mount. Reading goes on or asks
to come again, saving is refused with a sentence, and nothing that was acknowledged is lost.
"""

import argparse
import asyncio
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.load.drills import Hurt, run_by_hand
from tests.load.wiki import Wiki

MEGABYTES = 700
"""Of the disk: enough for the sample, and for what PostgreSQL keeps for itself."""

BLOCK = b"\0" * 65_536


@contextmanager
def small_disk() -> Iterator[Path]:
    """A folder on a disk of its own. Raises PermissionError where none may be mounted."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # a short path, for sockets
        options = f"size={MEGABYTES}m,mode=0755"
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder],
            capture_output=True,
            check=False,
        )
        if mounted.returncode:
            raise PermissionError(mounted.stderr.decode())
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def filling(seconds: float, *, kills_postgres: bool = False) -> Hurt:
    """Take all room there is, and what is freed meanwhile; give it back after so many seconds.

    PostgreSQL that is killed meanwhile cannot start again: it needs room to recover.
    """

    async def fill(wiki: Wiki) -> None:
        ballast = wiki.home / "ballast"
        try:
            _fill(ballast)
            if kills_postgres:
                wiki.postgres()[0].kill()
            for _ in range(round(seconds * 5)):
                _fill(ballast)
                await asyncio.sleep(0.2)
        finally:
            ballast.unlink()

    return fill


def _fill(ballast: Path) -> None:
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while file.write(BLOCK):
            pass


def harms(seconds: float) -> dict[str, Hurt]:
    return {
        "disk full": filling(seconds),
        "disk full, and PostgreSQL killed": filling(seconds, kills_postgres=True),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=10)
    seconds: float = arguments.parse_args().seconds
    with small_disk() as home:
        run_by_hand(harms(seconds), home=home)


if __name__ == "__main__":
    main()
