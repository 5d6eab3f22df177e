"""`manage.py test` runs the tests, or says what does."""

import os
import subprocess
import sys

import pytest

from config.environment import CHECKOUT
from config.management.commands import test

GROUND = "tests/test_ground.py"


def managed(*words: str) -> subprocess.CompletedProcess[str]:
    variables = {name: value for name, value in os.environ.items() if name[:7] != "PYTEST_"}
    return subprocess.run(
        [sys.executable, "manage.py", "test", *words],
        cwd=CHECKOUT, env={**variables, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_it_is_pytest_with_the_words_that_stand_behind() -> None:
    collected = managed("--collect-only", "-p", "no:cacheprovider", GROUND)
    assert collected.returncode == 0, collected.stdout + collected.stderr
    assert "settings: tests.settings" in collected.stdout
    assert "<Module test_ground.py>" in collected.stdout
    assert "tests/wiki" not in collected.stdout


def test_it_ends_as_pytest_ends() -> None:
    missing = managed("-q", "-p", "no:cacheprovider", "tests/no_such_test.py")
    assert missing.returncode == pytest.ExitCode.USAGE_ERROR


def test_where_there_is_no_pytest_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(test, "find_spec", lambda name: None)
    with pytest.raises(SystemExit) as ended:
        test.Command().run_from_argv(["manage.py", "test"])
    assert ended.value.code == 1
    assert "Run `make test`." in capsys.readouterr().err
