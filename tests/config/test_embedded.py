"""The embedded services: shared, private, and not to be lost by kill -9."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from config.embedded import Services
from config.embedded.paths import LONGEST_SOCKET_PATH, ServicePaths
from config.embedded.processes import server_account, wait_until
from config.environment import CHECKOUT
from config.refusal import CannotStart

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    yield home
    # Whatever a test has killed or left: nothing of it outlives the test.
    with using(home):
        pass


@contextmanager
def using(home: Path) -> Iterator[Services]:
    services = Services(home, durable=False)
    services.join()
    try:
        yield services
    finally:
        services.leave()


@contextmanager
def another_process(home: Path) -> Iterator[subprocess.Popen[str]]:
    process = begin(home)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "joined\n"
        yield process
    finally:
        process.communicate(timeout=60)


def begin(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.config.holder", str(home)],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def sql(services: Services, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(
        host=services.postgres.host, user="thrillwiki", dbname="thrillwiki"
    ) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def cache(services: Services) -> redis.Redis:
    return redis.from_url(services.valkey.url)


def postmaster_pid(home: Path) -> int:
    return int(ServicePaths(home).postgres_data.joinpath("postmaster.pid").read_text().split()[0])


def are_running(home: Path) -> tuple[bool, bool]:
    services = Services(home, durable=False)
    return services.postgres.is_running(), services.valkey.is_running()


def test_the_last_one_out_stops_them(home: Path) -> None:
    with using(home) as ours:
        with another_process(home):
            assert are_running(home) == (True, True)
        assert are_running(home) == (True, True)
        sql(ours, "CREATE TABLE kept AS SELECT 1 AS number")
    assert are_running(home) == (False, False)
    with using(home) as ours:
        assert sql(ours, "SELECT number FROM kept") == [(1,)]


def test_who_began_them_may_leave_first(home: Path) -> None:
    with using(home) as ours:
        other = begin(home)
        assert other.stdout is not None
        other.stdout.readline()
        ours.leave()
        assert are_running(home) == (True, True)
    other.communicate(timeout=60)
    assert are_running(home) == (False, False)


def test_a_killed_process_leaves_them_to_the_next(home: Path) -> None:
    with another_process(home) as killed:
        pid = postmaster_pid(home)
        killed.kill()
        killed.wait()
        assert are_running(home) == (True, True)
        with using(home):
            assert postmaster_pid(home) == pid
    assert are_running(home) == (False, False)


def test_killed_services_come_back_with_their_data(home: Path) -> None:
    with using(home) as ours:
        sql(ours, "CREATE TABLE kept AS SELECT 1 AS number")
        server = cache(ours).info("server")["process_id"]
        for pid in (postmaster_pid(home), server):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: are_running(home) == (False, False), 10)
    with using(home) as ours:
        assert sql(ours, "SELECT number FROM kept") == [(1,)]
        assert cache(ours).ping()


def test_a_process_that_got_the_number_of_a_dead_server_is_let_be(home: Path) -> None:
    with using(home):
        pass
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    pid_file = ServicePaths(home).postgres_data / "postmaster.pid"
    pid_file.write_text(f"{stranger.pid}\n{ServicePaths(home).postgres_data}\n")
    with using(home):
        assert postmaster_pid(home) != stranger.pid
    assert stranger.poll() is None
    stranger.communicate(b"\n")


def test_several_that_begin_at_once_begin_one_server(home: Path) -> None:
    processes = [begin(home) for _ in range(4)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "joined\n"
    data = str(ServicePaths(home).postgres_data)
    servers = [
        each for each in psutil.process_iter(["cmdline"]) if data in (each.info["cmdline"] or [])
    ]
    assert len(servers) == 1
    for process in processes:
        process.communicate(timeout=60)
    assert are_running(home) == (False, False)


def test_two_homes_do_not_meet(home: Path, tmp_path: Path) -> None:
    with using(home) as ours, using(tmp_path / "other") as theirs:
        sql(ours, "CREATE TABLE ours AS SELECT 1")
        assert sql(theirs, "SELECT to_regclass('ours')::text") == [(None,)]
        cache(ours).set("key", "ours")
        assert cache(theirs).get("key") is None


def test_a_home_whose_path_ends_as_anothers_leaves_that_alone(home: Path, tmp_path: Path) -> None:
    """Lost servers are looked for by the path."""
    inner = tmp_path / "var" / str(home).lstrip("/")
    inner.parent.mkdir(parents=True)
    with using(inner) as theirs:
        with using(home):
            pass
        assert sql(theirs, "SELECT 1") == [(1,)]
        cache(theirs).set("key", "theirs")


def test_they_listen_to_this_user_of_this_machine_alone(home: Path) -> None:
    with using(home) as ours:
        assert sql(ours, "SHOW listen_addresses") == [("",)]
        assert cache(ours).config_get("port") == {"port": "0"}
        for folder in (ours.paths.home, ours.paths.sockets):
            assert folder.stat().st_mode & 0o077 == 0


def test_a_path_too_long_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 30) / "home"
    paths = ServicePaths(deep)
    assert len(os.fsencode(paths.sockets / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
    assert ServicePaths(deep.parent / "another").sockets != paths.sockets
    with using(deep) as ours:
        assert sql(ours, "SELECT 1") == [(1,)]
    ours.paths.sockets.rmdir()


@pytest.mark.parametrize("name", ["with blanks", "100%25 #1? “ü”", "one, two", "it's=a\\n"])
def test_a_path_may_have_any_signs(tmp_path: Path, name: str) -> None:
    with using(tmp_path / name / "home") as ours:
        assert sql(ours, "SELECT 1") == [(1,)]
        assert cache(ours).ping()
    assert are_running(tmp_path / name / "home") == (False, False)


@pytest.mark.skipif(os.geteuid() != 0, reason="is about root, who alone may run as another")
def test_the_servers_user_may_run_what_stands_where_root_alone_may_enter(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    program = closed / "program"
    program.write_text("#!/bin/sh\necho ran\n")
    program.chmod(0o755)
    # initdb looks for its neighbour by access(2), then runs it.
    look = (
        "import os, subprocess, sys; path = sys.argv[1]; "
        "print(os.geteuid(), os.access(path, os.X_OK), subprocess.check_output([path], text=True))"
    )
    account = server_account()
    command = account.command(sys.executable, "-c", look, program)
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=True)
    assert done.stdout.split() == [str(account.uid), "True", "ran"]


def test_a_place_for_sockets_that_another_made_is_refused(tmp_path: Path) -> None:
    paths = ServicePaths(tmp_path)
    paths.sockets.symlink_to(tmp_path)
    with pytest.raises(CannotStart, match="belongs to another user"):
        paths.prepare(frozenset({os.geteuid()}))


def test_a_home_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match="cannot be made"):
        ServicePaths(tmp_path / "file" / "home").prepare(frozenset({os.geteuid()}))


def test_a_cluster_left_half_made_is_made_anew(home: Path) -> None:
    unfinished = home / "postgres.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    with using(home) as ours:
        assert sql(ours, "SELECT 1") == [(1,)]
