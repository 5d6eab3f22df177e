"""Who starts the embedded services, and who stops them.

Every process that uses them holds a shared lock for as long as it lives. Whoever leaves and can
then have that lock alone was the last one, and stops them. The kernel frees a killed process's
lock, so nothing is left to clean up after kill -9 but the services themselves, which the next
process finds running, joins, and stops when it is done.
"""

import atexit
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from config.embedded.paths import ServicePaths
from config.embedded.postgres import EmbeddedPostgres, trusted_owners
from config.embedded.valkey import EmbeddedValkey
from config.refusal import CannotStart


@dataclass
class Services:
    """The embedded services of one home that this process needs, between `join` and `leave`."""

    home: Path
    with_postgres: bool = True
    with_valkey: bool = True
    durable: bool = True
    _membership: int | None = field(default=None, init=False)
    _process: int | None = field(default=None, init=False)

    @cached_property
    def paths(self) -> ServicePaths:
        return ServicePaths(self.home)

    @cached_property
    def postgres(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(self.paths, durable=self.durable)

    @cached_property
    def valkey(self) -> EmbeddedValkey:
        return EmbeddedValkey(self.paths)

    def join(self) -> None:
        """Bring up what is down, and count among its users until `leave` or the process's end.

        Where nothing is embedded there is nothing to join: who migrates may own no home.
        """
        if self._membership is not None:
            return
        if not (self.with_postgres or self.with_valkey):
            with suppress(CannotStart):
                self.prepare()
            return
        self.prepare()
        with self._starting():
            membership = os.open(self.paths.users_lock, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(membership, fcntl.LOCK_SH)
            self._membership, self._process = membership, os.getpid()
            atexit.register(self.leave)
            if self.with_postgres:
                self.postgres.account.own(self.paths.sockets)
                self.postgres.start()
            if self.with_valkey:
                self.valkey.start()

    def prepare(self) -> None:
        """Make the folders of the home. Raises CannotStart."""
        self.paths.prepare(trusted_owners())

    def mend(self) -> list[str]:
        """Bring up again what went down though it is in use; the names of what did."""
        down = [
            (name, service)
            for name, service, is_needed in (
                ("postgres", self.postgres, self.with_postgres),
                ("valkey", self.valkey, self.with_valkey),
            )
            if is_needed and not service.is_running()
        ]
        if down:
            with self._starting():
                for _, service in down:
                    service.start()
        return [name for name, _ in down]

    def leave(self) -> None:
        """Stop counting among the users; the last one out stops the services."""
        # A forked child inherits this object, and the lock; only the one that joined may leave.
        if self._membership is None or self._process != os.getpid():
            return
        atexit.unregister(self.leave)
        with self._starting():
            os.close(self._membership)
            self._membership = None
            if self._nobody_is_left():
                # Both, whichever this process needed: nobody else will come to stop the other.
                self.valkey.stop()
                self.postgres.stop()

    def _nobody_is_left(self) -> bool:
        with self.paths.users_lock.open("rb") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    @contextmanager
    def _starting(self) -> Iterator[None]:
        """One process at a time starts or stops; the others wait, then find it done."""
        with self.paths.starting_lock.open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def join_services(home: Path, *, postgres: bool, valkey: bool, durable: bool = True) -> Services:
    """Join what is asked for, from the services of a home."""
    services = Services(home, with_postgres=postgres, with_valkey=valkey, durable=durable)
    if postgres or valkey:
        services.join()
    return services
