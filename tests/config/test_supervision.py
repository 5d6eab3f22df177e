"""Processes that end are started again, with patience."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psutil
import pytest

from config.refusal import CannotStart
from config.serving import supervision
from config.serving.supervision import (
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    STEADY_SECONDS,
    Child,
    Supervisor,
)


def ended(child: Child) -> None:
    assert child.process is not None
    child.process.wait(10)


def test_what_does_not_stay_up_is_started_less_and_less_often() -> None:
    child, now, pauses = Child("short", ["true"]), 0.0, []
    assert child.look(now)
    for _ in range(9):
        ended(child)
        assert child.look(now), "its end is noticed"
        begun = now
        while not child.look(now):
            now += 0.05
        pauses.append(round(now - begun, 1))
    assert pauses[0] == FIRST_PAUSE_SECONDS
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_SECONDS
    assert "with status 0" in child.ended


def test_what_ran_for_long_is_started_again_at_once() -> None:
    child = Child("steady", [sys.executable, "-c", "input()"])
    child._pause = LONGEST_PAUSE_SECONDS
    child.look(0.0)
    assert not child.look(STEADY_SECONDS + 1)
    assert child.process is not None
    child.process.kill()
    ended(child)
    assert child.look(100.0)
    assert not child.look(100.0 + FIRST_PAUSE_SECONDS / 2)
    assert child.look(100.1 + FIRST_PAUSE_SECONDS)
    child.stop()
    assert child.starts == 2


def test_a_child_is_told_who_it_is_of(tmp_path: Path) -> None:
    told = tmp_path / "told"
    script = f"import os; open({str(told)!r}, 'w').write(os.environ['THRILLWIKI_LANE'])"
    child = Child("told", [sys.executable, "-c", script], {"THRILLWIKI_LANE": "pages"})
    child.look(0.0)
    ended(child)
    assert told.read_text() == "pages"


def test_what_does_not_end_when_asked_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "STOP_SECONDS", 0.5)
    script = "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(); input()"
    child = Child("stubborn", [sys.executable, "-c", "pass"])
    child.process = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.process.stdout is not None
    child.process.stdout.readline()
    child.stop()
    assert child.process.returncode is not None
    child.process.communicate()


def test_a_service_that_cannot_start_is_tried_again_and_ends_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database on a full disk, say: there will be room again, and then it is brought up."""
    monkeypatch.setattr(supervision, "SERVICES_SECONDS", 0.05)
    record = tmp_path / "processes.json"
    errors = iter([CannotStart("the disk is full.", "Make room."), psutil.NoSuchProcess(1)])
    started = iter([["postgres"]])
    told: list[dict[str, Any]] = []

    def mend() -> list[str]:
        if record.exists():
            told.append(json.loads(record.read_text()))
        if error := next(errors, None):
            raise error
        return next(started, [])

    child = Child("steady", [sys.executable, "-c", "import time; time.sleep(60)"])
    supervisor = Supervisor([child], record, mend)
    threading.Timer(3, supervisor._stopping.set).start()
    supervisor.run()
    assert child.starts == 1
    assert any(each["services_down_since"] for each in told), "it is told while it lasts"
    assert told[-1]["services_down_since"] is None
    assert told[-1]["services_started_again"].keys() == {"postgres"}
    assert capsys.readouterr().err.count("is tried again") == 2


def test_on_a_disk_without_room_processes_are_looked_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    child = Child("short", ["true"])
    supervisor = Supervisor([child], tmp_path / "processes.json")
    threading.Timer(2, supervisor._stopping.set).start()
    supervisor.run()
    assert child.starts > 1
