"""The fear: an engine that keeps its word costs more than one that did not.

The code of the commit before that work is taken from the history into a folder, and does the same
work as today's: each in a process and a database of its own, on one server, in turn.
"""

import gc
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from tests.benchmarks.harness import OURS, Row, Target, Timing, timed_row
from tests.benchmarks.wiki import Size

COMMIT = "2907bed048134f5f07bcbb803ce875531dd08274"
"""The last without a schema in the log, a rule book for branches, doors to viewpoints."""

BEFORE = "before"

MOST = 1.15
"""Within noise: today's code beside itself came to 0.98 to 1.02, where the machine was quiet."""

START = """
import runpy, sys
from config.start import start
start()
runpy.run_path(sys.argv[1], run_name="__main__")
"""
"""Start Django with the code that PYTHONPATH names, and then run the script."""

WORK = {
    "save": ("a save of a page", 25),
    "past": ("a page and a list of 50, past", 25),
    "merge": ("a merge of 100 changed pages", 1),
    "branch": ("a save of a page, branch", 25),
}
"""What it is called, and how often a turn does it."""


def rows(size: Size) -> Iterator[Row]:
    """Today's code beside the former; no rows, and a sentence, where there is no history."""
    with ExitStack() as stack:
        former = _checked_out(stack)
        if former is None:
            print(
                f"Left out: today's code beside that of {COMMIT[:7]}, which git does not find in "
                "this checkout's history. Where a clone is shallow, `git fetch --unshallow` "
                "brings it.",
                file=sys.stderr,
            )
            return
        checkouts = {OURS: settings.BASE_DIR, BEFORE: former}
        processes = {name: stack.enter_context(_started(at)) for name, at in checkouts.items()}
        sides = {name: _Side(process) for name, process in processes.items()}
        for work, (what, times) in WORK.items():
            timings = _in_turn(sides, work, times, size.merges * 2)
            before = timings[BEFORE].p50
            words = f"≤ {MOST} × {COMMIT[:7]}'s {before * 1e3:.2f}"
            target = Target(words, timings[OURS].p50 / before, most=MOST)
            yield timed_row(what, {OURS: timings[OURS]}, [target])


class _Side:
    """A process that does the work when it is told to."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._said()  # that it is ready

    def seconds(self, work: str, times: int) -> list[float]:
        assert self._process.stdin is not None
        print(work, times, file=self._process.stdin, flush=True)
        seconds: list[float] = json.loads(self._said())
        return seconds

    def _said(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "The process ended; above it says why."
        return line


def _in_turn(sides: Mapping[str, _Side], work: str, times: int, rounds: int) -> dict[str, Timing]:
    """As the harness does it, with some of the work a turn: a process that woke up is slow."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    names = list(sides)
    gc.collect()
    for turn in range(-max(1, rounds // 10), rounds):
        for name in names if turn % 2 else reversed(names):
            seconds = sides[name].seconds(work, times)
            if turn >= 0:
                taken[name] += seconds
    return {name: Timing(tuple(seconds)) for name, seconds in taken.items()}


def _checked_out(stack: ExitStack) -> Path | None:
    """The former code in a folder that goes with the stack; None where the history lacks it."""
    if shutil.which("git") is None:
        return None
    known = subprocess.run(
        ["git", "cat-file", "-e", f"{COMMIT}^{{commit}}"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=False,
    )
    if known.returncode:
        return None
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="thrillwiki-before-")))
    archive = ["git", "archive", "--format=tar", COMMIT]
    with subprocess.Popen(archive, cwd=settings.BASE_DIR, stdout=subprocess.PIPE) as git:
        assert git.stdout is not None
        with tarfile.open(fileobj=git.stdout, mode="r|") as tar:
            tar.extractall(folder, filter="data")
    if (variables := settings.BASE_DIR / ".env").exists():
        shutil.copy(variables, folder)  # they may name the server
    return folder


@contextmanager
def _started(checkout: Path) -> Iterator["subprocess.Popen[str]"]:
    """The workload with a checkout's code, under today's interpreter and on today's server."""
    with subprocess.Popen(
        [sys.executable, "-P", "-c", START, Path(__file__).with_name("workload.py")],
        cwd=checkout,
        env=os.environ
        | {"PYTHONPATH": str(checkout), "THRILLWIKI_HOME": str(settings.THRILLWIKI_HOME)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process  # whose input ends then, and it with it
