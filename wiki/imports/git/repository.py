"""Read a git repository: its commits, what each changed, and its files.

Three git processes in all, whatever the number of commits.
"""

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from eventstore.errors import Refusal

_NO_FILES = {"120000": "is a link to another file", "160000": "is a repository of its own"}
"""What git keeps under a path besides files, by mode."""


class NotARepository(Refusal):
    """There is no git repository, or git cannot read it."""

    code = "not-a-repository"
    status = 400
    hint = "Name a folder that git can read."


@dataclass(frozen=True)
class Commit:
    """One commit; `parents` in git's order."""

    name: str
    parents: tuple[str, ...]
    author: str
    authored_at: str
    message: str


@dataclass(frozen=True)
class FileChange:
    """A path that differs from the first parent; `blob` None where it is gone, or is no file.

    `remark` says what it is instead, as a sentence goes on after the path.
    """

    path: str
    blob: str | None
    remark: str = ""


class Repository:
    """A repository on disk, or a bundle's clone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.head = self._git("rev-parse", "--verify", "HEAD").decode().strip()

    def commits(self) -> list[Commit]:
        """Everything that HEAD contains, parents before children."""
        fields = "%H%x00%P%x00%an%x00%aI%x00%B%x00"
        out = self._git("log", "-z", "--topo-order", "--reverse", f"--format={fields}", "HEAD")
        words = out.decode("utf-8", "replace").split("\0")
        commits = []
        for start in range(0, len(words) - 5, 6):
            name, parents, author, authored_at, message = words[start : start + 5]
            commits.append(
                Commit(name.strip(), tuple(parents.split()), author, authored_at, message.strip())
            )
        return commits

    def changes(self, commits: Sequence[Commit]) -> Iterator[list[FileChange]]:
        """What each commit changed against its first parent, in their order."""
        pairs = "".join(
            f"{self._tree_before(commit)} {self._trees[commit.name]}\n" for commit in commits
        )
        out = self._git("diff-tree", "--stdin", "-r", "-z", "--no-renames", given=pairs.encode())
        blocks = self._blocks(out)
        for commit in commits:
            yield blocks.get((self._tree_before(commit), self._trees[commit.name]), [])

    def blobs(self, names: Sequence[str]) -> dict[str, bytes]:
        """The contents of files, by blob."""
        out = self._git("cat-file", "--batch", given="".join(f"{n}\n" for n in names).encode())
        found, at = {}, 0
        for name in names:
            end = out.index(b"\n", at)
            size = int(out[at:end].split()[2])
            found[name] = out[end + 1 : end + 1 + size]
            at = end + 1 + size + 1
        return found

    def _tree_before(self, commit: Commit) -> str:
        return self._trees[commit.parents[0]] if commit.parents else self._empty_tree

    @cached_property
    def _empty_tree(self) -> str:
        """The name of a tree without files, which follows from the repository's hash function."""
        return self._git("hash-object", "-t", "tree", "--stdin", given=b"").decode().strip()

    @cached_property
    def _trees(self) -> dict[str, str]:
        """The tree of every commit, so that equal ones are compared once."""
        lines = self._git("log", "--format=%H %T", "HEAD").decode().split("\n")
        return {line.split()[0]: line.split()[1] for line in lines if line}

    def _blocks(self, out: bytes) -> dict[tuple[str, str], list[FileChange]]:
        """Git repeats each pair of trees before what differs between them."""
        blocks: dict[tuple[str, str], list[FileChange]] = {}
        current: list[FileChange] = []
        words = iter(out.decode("utf-8", "surrogateescape").split("\0"))
        for word in words:
            while "\n" in word:
                header, word = word.split("\n", 1)
                before, after = header.split()
                current = blocks.setdefault((before, after), [])
            if word.startswith(":"):
                _, mode, _, blob, status = word.split()
                path = next(words)
                is_file = mode.startswith("100") and status != "D"
                remark = _NO_FILES.get(mode, "") if status != "D" else ""
                current.append(FileChange(path, blob if is_file else None, remark))
        return blocks

    def _git(self, *arguments: str, given: bytes | None = None) -> bytes:
        command = ["git", "-C", str(self._folder), *arguments]
        try:
            run = subprocess.run(command, input=given, capture_output=True, check=False)
        except OSError as error:
            raise NotARepository(f"git cannot be run: {error}") from None
        if run.returncode:
            reason = run.stderr.decode("utf-8", "replace").strip().split("\n")[0]
            raise NotARepository(f"{self._folder} cannot be read as a git repository: {reason}")
        return run.stdout
