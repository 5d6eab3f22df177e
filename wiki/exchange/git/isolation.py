"""Git as it reads what strangers made: in an empty environment, on a repository of our own.

A repository can name programs that git runs: in its configuration (`core.fsmonitor`, `gpg.program`,
filters, aliases), as hooks, and in whatever environment and settings the caller has. It can also
say that its objects are elsewhere or others than they are: alternates, grafts, replace refs, a
partial clone's promises, a commit graph. So no command ever runs inside of a given repository
(`sources.py` brings its objects into the store here), and none inherits anything.
"""

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from eventstore.errors import Refusal
from wiki.exchange.git.bounds import MOST_MEMORY, MOST_SECONDS, TooMuchToImport
from wiki.fields.letters import with_shown_letters

LONGEST_REASON: Final = 200
"""Characters of what git says that a sentence repeats."""

_CONFIGURATION: Final = """\
[core]
    fsmonitor = false
    hooksPath = /dev/null
    attributesFile = /dev/null
    excludesFile = /dev/null
    # Both tell of objects without their being looked at.
    commitGraph = false
    multiPackIndex = false
    # What is larger passes through in pieces; pages are smaller.
    bigFileThreshold = 1m
    packedGitWindowSize = 16m
    packedGitLimit = 128m
    deltaBaseCacheLimit = 32m
    compression = 1
[pack]
    threads = 1
    window = 0
    useBitmaps = false
[fetch]
    # Objects come as one pack, of which git computes every name anew.
    unpackLimit = 1
    recurseSubmodules = false
    writeCommitGraph = false
[gc]
    auto = 0
[maintenance]
    auto = false
[protocol]
    allow = never
[protocol "file"]
    allow = always
[i18n]
    logOutputEncoding = UTF-8
"""

_OUT_OF_MEMORY: Final = re.compile(rb"(out of|cannot allocate) memory", re.IGNORECASE)

_LIMITED: Final = f"""
ulimit -c 0; ulimit -t {MOST_SECONDS}; ulimit -v {MOST_MEMORY // 1024} 2>/dev/null
exec git "$@"
"""
"""Not every system bounds address space (`-v`). The words come as they are: no shell reads them."""


class NotARepository(Refusal):
    """There is no git repository, or git cannot read it."""

    code = "not-a-repository"
    status = 400
    hint = (
        "Name the folder that its .git is in, a bare repository, or a bundle, which can be made "
        "of all others: git bundle create FILE HEAD."
    )


class Git:
    """Runs git on the store of a scratch folder, for the sake of a place that somebody named."""

    def __init__(self, scratch: Path, place: Path) -> None:
        self.scratch, self.place = scratch, place
        configuration = scratch / ".gitconfig"
        configuration.write_text(_CONFIGURATION)
        self._environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "LC_ALL": "C",
            "HOME": str(scratch),
            "XDG_CONFIG_HOME": str(scratch),
            "GIT_CONFIG_GLOBAL": str(configuration),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            # Nothing above the scratch folder is looked through for a repository.
            "GIT_CEILING_DIRECTORIES": str(scratch.parent),
        }

    @property
    def store(self) -> Path:
        return self.scratch / "store"

    def begin(self, folder: Path, *, object_format: str) -> None:
        """An empty repository, without a template's hooks."""
        self._run("init", "--quiet", "--bare", "--template=", f"--object-format={object_format}",
                  str(folder))  # fmt: skip

    def read(self, *arguments: str, given: str = "") -> bytes:
        """All that a command on the store says. Raises NotARepository."""
        return self._run(f"--git-dir={self.store}", *arguments, given=given)

    @contextmanager
    def reading(self, *arguments: str, given: str = "") -> Iterator[IO[bytes]]:
        """What a command on the store says, to be read bit by bit. Raises NotARepository."""
        with tempfile.TemporaryFile() as questions:
            questions.write(given.encode())
            questions.seek(0)
            with self._started(f"--git-dir={self.store}", *arguments, stdin=questions) as process:
                assert process.stdout is not None
                yield process.stdout

    @contextmanager
    def conversing(self, *arguments: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
        """A command on the store that answers one question after another. Raises NotARepository."""
        with self._started(f"--git-dir={self.store}", *arguments, stdin=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            yield process.stdin, process.stdout

    def _run(self, *arguments: str, given: str = "") -> bytes:
        with self._popen(arguments, subprocess.PIPE, subprocess.PIPE) as process:
            try:
                said, complaint = process.communicate(given.encode(), MOST_SECONDS)
            except subprocess.TimeoutExpired:
                raise self.refusal(f"git took more than {MOST_SECONDS} seconds") from None
            finally:
                _end(process)
        self._check(process.returncode, complaint)
        return said

    @contextmanager
    def _started(
        self, *arguments: str, stdin: IO[bytes] | int
    ) -> Iterator[subprocess.Popen[bytes]]:
        with tempfile.TemporaryFile() as complaints:
            process = self._popen(arguments, stdin, complaints)
            too_early = False
            try:
                yield process
            except (EOFError, BrokenPipeError):
                too_early = True
            except BaseException:
                _end(process)
                raise
            finally:
                # Who answers questions ends when no more of them can come.
                for pipe in filter(None, (process.stdin, process.stdout)):
                    with suppress(BrokenPipeError):
                        pipe.close()
                process.wait()
            complaints.seek(0)
            self._check(process.returncode, complaints.read(10_000))
            if too_early:
                raise self.refusal("git ended in the middle of a word")

    def _popen(
        self, arguments: tuple[str, ...], stdin: IO[bytes] | int, stderr: IO[bytes] | int
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["/bin/sh", "-c", _LIMITED, "git", *arguments],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=self._environment,
            cwd=self.scratch,
            start_new_session=True,
        )

    def _check(self, returncode: int, complaint: bytes) -> None:
        if returncode == 0:
            return
        if _OUT_OF_MEMORY.search(complaint):
            raise TooMuchToImport(
                f"git needs more than {MOST_MEMORY:,} bytes of memory to read {self.place}: a "
                "commit changes too many files, perhaps, or a file of it is too large."
            )
        reason = complaint.decode("utf-8", "replace").strip().split("\n")[0]
        if returncode < 0:
            reason = f"git was ended by {signal.Signals(-returncode).name} {reason}".strip()
        raise self.refusal(with_shown_letters(reason or "git says nothing")[:LONGEST_REASON])

    def refusal(self, reason: str) -> NotARepository:
        """That the place cannot be read, for a reason that ends the sentence."""
        return NotARepository(f"{self.place} cannot be read as a git repository: {reason}.")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it started, if it has not ended itself."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
