"""A Chromium for the browser tests: found, or fetched in one way after the other."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e import chromium


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without any, where everything is fetched into one folder."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "ON_PATH", ())
    monkeypatch.setattr(chromium, "ON_MACOS", ())
    monkeypatch.setattr(chromium, "DOWNLOADED", tmp_path / "playwright")
    monkeypatch.setattr(chromium, "FETCHED", tmp_path / "npm")
    return tmp_path


def program(path: Path, *, ends_with: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexit {ends_with}\n")
    path.chmod(0o755)
    return path


def test_playwrights_own_comes_first_then_npms_then_the_distributions() -> None:
    names = [way.__name__ for way in chromium.WAYS]
    assert names == ["_from_playwright", "_from_npm", "_from_apt"]


def test_the_first_way_that_leads_to_one_that_starts_is_the_last_one_gone(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[str] = []

    def way(name: str, path: Path | None, ends_with: int = 0) -> Callable[[], None]:
        def fetch() -> None:
            gone.append(name)
            if path is not None:
                program(path, ends_with=ends_with)

        return fetch

    downloaded = bare / "playwright" / "chromium_headless_shell-1" / "linux" / "headless_shell"
    unpacked = bare / "npm" / "chromium"
    ways = (
        way("fails", None),
        way("does not start", downloaded, ends_with=127),
        way("starts", unpacked),
        way("is not needed", None),
    )
    monkeypatch.setattr(chromium, "WAYS", ways)
    assert chromium.find_chromium() is None
    assert chromium.fetch_chromium() == unpacked
    assert gone == ["fails", "does not start", "starts"]
    assert chromium.find_chromium() == unpacked


def test_playwrights_own_is_found_where_it_was_downloaded(bare: Path) -> None:
    folder = bare / "playwright" / "chromium_headless_shell-1255"
    path = program(folder / "chrome-headless-shell-linux64" / "chrome-headless-shell")
    assert chromium.find_chromium() == path


def test_one_that_is_named_is_not_replaced_by_another(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMIUM", str(bare / "nowhere"))
    monkeypatch.setattr(chromium, "WAYS", (lambda: pytest.fail("It was fetched."),))
    assert chromium.fetch_chromium() is None


def test_a_step_that_hangs_is_given_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(chromium, "SECONDS", 0.2)
    assert chromium._run([sys.executable, "-c", "import time; time.sleep(60)"]) is None
    assert "timed out" in capsys.readouterr().err
