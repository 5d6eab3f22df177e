"""Where the embedded services of one home keep their data and their sockets."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from config.refusal import CannotStart

# The address of a Unix socket is a field of 104 bytes on macOS and 108 on Linux, its end included.
LONGEST_SOCKET_PATH = 103
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432")


@dataclass(frozen=True)
class ServicePaths:
    """The places of one home. Nothing exists until `prepare` has made it."""

    home: Path

    @property
    def postgres_data(self) -> Path:
        return self.home / "postgres"

    @property
    def postgres_log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def valkey_log(self) -> Path:
        return self.home / "valkey.log"

    @property
    def starting_lock(self) -> Path:
        """Held while services are being started or stopped."""
        return self.home / "starting.lock"

    @property
    def users_lock(self) -> Path:
        """Shared by every process that uses the services, for as long as it lives."""
        return self.home / "users.lock"

    @cached_property
    def sockets(self) -> Path:
        """In the home if the path is short enough, else in a private folder keyed by it.

        So where it has a comma: PostgreSQL and its clients would read two places.
        """
        inside = self.home / "run"
        length = len(os.fsencode(inside)) + LONGEST_SOCKET_NAME
        if length <= LONGEST_SOCKET_PATH and "," not in str(inside):
            return inside
        key = hashlib.sha256(os.fsencode(self.home.resolve())).hexdigest()[:16]
        return _short_temporary_folder() / f"thrillwiki-{key}"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def prepare(self, owners: frozenset[int]) -> None:
        """Make the folders, for this user alone; `owners` are the users trusted with sockets."""
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.sockets.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise CannotStart(
                f"its folder {error.filename} cannot be made ({error.strerror}).",
                "Set THRILLWIKI_HOME to a folder that this user may write.",
            ) from error
        found = self.sockets.lstat()
        # Others may write to the folder for temporary files: someone could have been here first.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
            raise CannotStart(
                f"{self.sockets} belongs to another user.",
                "Remove it, or set THRILLWIKI_HOME to a shorter path.",
            )
        self.sockets.chmod(0o700)


def _short_temporary_folder() -> Path:
    # macOS gives each user a temporary folder whose path alone is half the limit.
    shared = Path("/tmp")  # noqa: S108 (the folder below it is private and its owner checked)
    return shared if shared.is_dir() else Path(tempfile.gettempdir())
