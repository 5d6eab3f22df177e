"""Serving: a port that is taken is a sentence, a killed server leaves nothing behind."""

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import CommandError

from config.administrator import ensure_local_administrator
from config.embedded.processes import wait_until
from config.environment import CHECKOUT
from config.management.commands.run import require_free_port


def test_a_port_in_use_says_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=rf"Port {port} is in use.*PORT={port + 1} make run"):
            require_free_port("127.0.0.1", port)
    require_free_port("127.0.0.1", port)


def test_a_host_that_is_not_this_machines_is_named() -> None:
    with pytest.raises(CommandError, match=r"192\.0\.2\.1"):
        require_free_port("192.0.2.1", 8000)


def serve(port: int) -> subprocess.Popen[bytes]:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.server", str(port)], cwd=CHECKOUT, stderr=subprocess.PIPE
    )
    assert wait_until(lambda: answers(port), 60)
    return server


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/static/css/app.css", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port: int = chosen.getsockname()[1]
        return port


@pytest.mark.slow
def test_ctrl_c_ends_the_server_in_order() -> None:
    server = serve(free_port())
    server.send_signal(signal.SIGINT)
    _, complaints = server.communicate(timeout=20)
    assert server.returncode == 0
    assert b"Traceback" not in complaints


@pytest.mark.slow
def test_a_killed_server_takes_its_worker_along() -> None:
    port = free_port()
    server = serve(port)
    workers = psutil.Process(server.pid).children()
    server.kill()
    server.wait()
    assert workers
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not alive
    require_free_port("127.0.0.1", port)


@pytest.mark.django_db
def test_the_administrator_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "THRILLWIKI_HOME", tmp_path)
    told = ensure_local_administrator()
    password_file = tmp_path / "administrator.txt"
    name, password = password_file.read_text().split()
    assert password in told
    assert password_file.stat().st_mode & 0o777 == 0o600
    administrator = User.objects.get(username=name)
    assert administrator.is_superuser
    assert administrator.check_password(password)

    assert password not in ensure_local_administrator()
    password_file.unlink()
    assert "changepassword" in ensure_local_administrator()
    assert User.objects.count() == 1
