"""A whole wiki for the drills: to start one and fill it takes a while, so it is done once."""

import fcntl
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.load.wiki import Wiki, wiki_in


@pytest.fixture(scope="session")
def fill(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[Path], None]:
    """Make a folder the home of a wiki that was started once, and is stopped."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    begun, ready = shared / "wiki", shared / "wiki-is-ready"
    with (shared / "wiki.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes second finds it made
        if not ready.exists():
            begun.mkdir()
            with wiki_in(begun):
                ready.touch()

    # What PostgreSQL owns stays its own.
    def copy(home: Path) -> None:
        subprocess.run(["cp", "-a", f"{begun}/.", str(home)], check=True)

    return copy


@pytest.fixture(scope="module")
def wiki(fill: Callable[[Path], None]) -> Iterator[Wiki]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # a short path, for sockets
        fill(Path(folder))
        with wiki_in(Path(folder)) as wiki:
            yield wiki
