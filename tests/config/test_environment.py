"""A wrong environment is refused at the start: what, where, and what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import CHECKOUT, Environment, environment
from config.refusal import CannotStart
from config.secrets_file import kept_secret

SECRET = "s" * 50
PRODUCTION = {
    "DATABASE_URL": "postgresql://wiki@db.example/wiki",
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "wiki.example",
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Environment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(Environment.model_config, "env_file", None)


def read(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Environment:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return environment.__wrapped__()


def test_nothing_has_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch)
    assert found.is_local
    assert (found.host, found.port) == ("127.0.0.1", 8000)
    assert found.thrillwiki_home == CHECKOUT / ".thrillwiki"


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, DATABASE_URL="", PORT="").port == 8000


def test_hosts_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, ALLOWED_HOSTS="wiki.example, www.wiki.example,")
    assert found.allowed_hosts == ["wiki.example", "www.wiki.example"]


def test_a_database_of_ones_own_makes_it_production(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, **PRODUCTION)
    assert not found.is_local
    assert found.database_parameters() == {
        "user": "wiki",
        "host": "db.example",
        "dbname": "wiki",
    }


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "eighty", "PORT is wrong"),
        ("PORT", "0", "PORT is wrong"),
        ("PORT", "70000", "PORT is wrong"),
        ("THREADS", "0", "THREADS is wrong"),
        ("DEBUG", "perhaps", "DEBUG is wrong"),
        ("DATABASE_URL", "mysql://wiki@db/wiki", "only PostgreSQL"),
        ("DATABASE_URL", "postgresql://wiki@db.example", "names no database"),
        ("DATABASE_URL", "postgresql://wiki@db:x:y/wiki?=", "PostgreSQL cannot read it"),
        ("REDIS_URL", "memcached://cache", "redis://host:6379/0"),
        ("REDIS_URL", "redis://localhost:abc/0", "Redis's client cannot read it"),
        ("REDIS_URL", "redis://localhost:99999/0", "Redis's client cannot read it"),
        ("REDIS_URL", "redis://localhost:6379/0?bogus=1", "Redis's client cannot read it"),
        ("ALLOWED_HOSTS", "https://wiki.example/", "write the host's name alone"),
        ("THRILLWIKI_HOME", __file__, "is not a folder"),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    with pytest.raises(CannotStart) as refusal:
        read(monkeypatch, **{name: value})
    assert words in str(refusal.value)
    assert name in str(refusal.value)
    assert ".env.example" in str(refusal.value)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    variables = {name: value for name, value in PRODUCTION.items() if name != missing}
    with pytest.raises(CannotStart, match=missing):
        read(monkeypatch, **variables)


def test_a_short_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotStart, match="at least 50"):
        read(monkeypatch, **PRODUCTION | {"SECRET_KEY": "short"})


def test_every_wrong_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotStart) as refusal:
        read(monkeypatch, PORT="x", THREADS="y")
    assert "PORT" in str(refusal.value)
    assert "THREADS" in str(refusal.value)


def test_a_refusal_tells_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotStart) as refusal:
        read(monkeypatch, DATABASE_URL="mysql://wiki:hunter2@db/wiki")
    assert "hunter2" not in str(refusal.value)


def test_the_example_names_every_variable() -> None:
    example = (CHECKOUT / ".env.example").read_text()
    for name in Environment.model_fields:
        assert f"\n# {name.upper()}=" in example


def test_a_database_that_does_not_answer_is_told_with_the_reason(tmp_path: Path) -> None:
    variables = PRODUCTION | {"DATABASE_URL": "postgresql://wiki:hunter2@localhost:1/wiki"}
    started = subprocess.run(
        [sys.executable, "manage.py", "audit"],
        cwd=CHECKOUT,
        env=os.environ | variables | {"REDIS_URL": "redis://localhost:1/0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert "The database of DATABASE_URL does not answer: " in started.stderr
    assert "refused" in started.stderr
    assert "hunter2" not in started.stderr
    assert "Traceback" not in started.stderr


def test_a_home_is_known_by_the_name_that_has_no_links(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "home")
    found = read(monkeypatch, THRILLWIKI_HOME=str(tmp_path / "link"))
    assert found.thrillwiki_home == (tmp_path / "home").resolve()


def test_a_home_that_nobody_can_write_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match="Set THRILLWIKI_HOME to a folder of yours"):
        kept_secret(tmp_path / "file" / "secret_key", 50)


@pytest.mark.parametrize("command", [["manage.py", "check"], ["-c", "import config.wsgi"]])
def test_a_start_ends_with_the_sentence_and_no_trace(command: list[str], tmp_path: Path) -> None:
    started = subprocess.run(
        [sys.executable, *command],
        cwd=CHECKOUT,
        env=os.environ | {"PORT": "eighty", "THRILLWIKI_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert started.stderr.startswith("ThrillWiki cannot start: PORT is wrong")
    assert "Traceback" not in started.stderr
