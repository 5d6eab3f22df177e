"""Read a git repository: its commits, what each changed, and its files.

A handful of git's processes in all, whatever the number of commits; what they say is read as it
comes, within the bounds of `bounds.py`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from wiki.exchange.git import bounds
from wiki.exchange.git.bounds import TooMuchToImport
from wiki.exchange.git.isolation import Git
from wiki.exchange.git.sources import brought_in

_NO_FILES: Final = {"120000": "is a link to another file", "160000": "is a repository of its own"}
"""What git keeps under a path besides files, by mode."""

_FIELDS: Final = ("%H", "%P", "%T", "%at", "%aI", "%an", "%B")
_BLOCK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit; `parents` in git's order, each once."""

    name: str
    parents: tuple[str, ...]
    tree: str
    author: str
    authored_at: str
    """In ISO 8601; where the source's date is none, what stands there."""
    message: str
    is_cut: bool = False
    """Whether the message was longer than what is kept of one."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """A path that differs from the first parent; `blob` None where it is gone, or is no file.

    `remark` says what it is instead, as a sentence goes on after the path.
    """

    path: str
    blob: str | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Blobs:
    """Contents of files, one after the other, in constant memory."""

    git: Git
    questions: IO[bytes]
    answers: IO[bytes]

    def read(self, name: str) -> bytes:
        """A blob's content; also a commit's, as git keeps it."""
        self.questions.write(f"{name}\n".encode())
        self.questions.flush()
        heading = self.answers.readline().split()
        if len(heading) != 3:
            raise self.git.refusal(f"the object {name} cannot be read")
        size = int(heading[2])
        content = self.answers.read(size + 1)
        if len(content) != size + 1:
            raise EOFError(name)
        return content[:-1]


@contextmanager
def opened(place: Path) -> Iterator["Repository"]:
    """A repository's folder or bundle, to be read. Raises NotARepository."""
    with brought_in(place) as git:
        yield Repository(git)


class Repository:
    """The history of a place's HEAD, in a store of ours."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self.head = git.read("rev-parse", "--verify", "refs/heads/main^{commit}").decode().strip()

    def commits(self) -> list[Commit]:
        """Everything that HEAD contains, parents before children. Raises TooMuchToImport."""
        most = bounds.MOST_COMMITS
        count = self._git.read("rev-list", "--count", f"--max-count={most + 1}", self.head)
        if int(count) > most:
            raise TooMuchToImport(f"HEAD contains more than {most:,} commits.")
        form = "%x00".join(_FIELDS)
        command = ["log", "-z", "--topo-order", "--reverse", "--no-show-signature", "--no-notes"]
        with self._git.reading(*command, f"--format=tformat:{form}", self.head) as said:
            commits = list(_commits(_Words(said)))
        return list(self._dated(commits))

    def changes(
        self, commits: Sequence[Commit], is_wanted: Callable[[str], bool] = lambda path: True
    ) -> Iterator[list[FileChange]]:
        """What each commit changed against its first parent, of wanted paths, in their order.

        Raises TooMuchToImport.
        """
        trees = {commit.name: commit.tree for commit in commits}
        trees[""] = self._git.read("hash-object", "-t", "tree", "--stdin").decode().strip()
        pairs = "".join(f"{trees[next(iter(c.parents), '')]} {c.tree}\n" for c in commits)
        command = ["diff-tree", "--stdin", "-r", "-z", "--no-renames", "--no-ext-diff"]
        with self._git.reading(*command, given=pairs) as said:
            listing = _Listing(_Words(said))
            for commit in commits:
                yield [change for change in listing.of(commit) if is_wanted(change.path)]

    def sizes(self, blobs: Iterable[str]) -> Iterator[tuple[str, int]]:
        """How many bytes each blob has, without its being read. Raises NotARepository."""
        names = "".join(f"{name}\n" for name in blobs)
        command = ["cat-file", "--batch-check=%(objectname) %(objectsize)", "--buffer"]
        with self._git.reading(*command, given=names) as said:
            for line in said:
                name, size = line.split()
                yield name.decode(), int(size)

    @contextmanager
    def blobs(self) -> Iterator[Blobs]:
        """Files' contents. Raises NotARepository."""
        with self._git.conversing("cat-file", "--batch") as (questions, answers):
            yield Blobs(self._git, questions, answers)

    def _dated(self, commits: Sequence[Commit]) -> Iterator[Commit]:
        """The commits; those whose date no calendar has, with what the commit itself says of it."""
        with self.blobs() as blobs:
            for commit in commits:
                if commit.authored_at:
                    yield commit
                else:
                    yield _with_date(commit, _quoted_date(blobs.read(commit.name)))


def _with_date(commit: Commit, quoted: str) -> Commit:
    return Commit(
        commit.name, commit.parents, commit.tree, commit.author, quoted, commit.message,
        commit.is_cut,
    )  # fmt: skip


def _quoted_date(commit: bytes) -> str:
    """What stands in a commit for when it was authored: a number of seconds and a zone, or not."""
    line = re.search(rb"^author [^\n]*?([^>\n]*)$", commit, re.MULTILINE)
    words = line[1].decode("utf-8", "replace").strip()[:50] if line else ""
    return f"{words or 'no date'} (as in the source)"


def _commits(words: "_Words") -> Iterator[Commit]:
    while not words.is_at_end():
        name = words.take(b"\0").decode()
        parents, are_too_many = words.begun(bounds.MOST_PARENTS * (len(name) + 1))
        if are_too_many:
            raise TooMuchToImport(
                f"The commit {name} has more than {bounds.MOST_PARENTS:,} parents."
            )
        tree, seconds, date = (words.take(b"\0").decode("utf-8", "replace") for _ in range(3))
        author, _ = _line(*words.begun(4 * bounds.LONGEST_AUTHOR), bounds.LONGEST_AUTHOR)
        message, is_cut = _line(*words.begun(4 * bounds.LONGEST_MESSAGE), bounds.LONGEST_MESSAGE)
        yield Commit(
            name, tuple(dict.fromkeys(parents.decode().split())), tree, author,
            date if _is_date(date, seconds) else "", message, is_cut,
        )  # fmt: skip


def _line(told: bytes, is_cut: bool, longest: int) -> tuple[str, bool]:
    """A text of at most so many characters, and whether there was more of it."""
    text = told.decode("utf-8", "replace").strip()
    return text[:longest], is_cut or len(text) > longest


def _is_date(date: str, seconds: str) -> bool:
    """Whether git's reading of a date is the date: it takes what it cannot read for 1970."""
    try:
        return datetime.fromisoformat(date).timestamp() == int(seconds)
    except (ValueError, OverflowError):
        return False


class _Listing:
    """What `diff-tree` says: of each pair of trees its names, and what differs between them."""

    def __init__(self, words: "_Words") -> None:
        self._words = words
        self._left = bounds.MOST_CHANGES

    def of(self, commit: Commit) -> Iterator[FileChange]:
        self._words.take(b"\n")
        while self._words.begins_with(b":"):
            if not self._left:
                raise TooMuchToImport(
                    f"Up to the commit {commit.name} more than {bounds.MOST_CHANGES:,} files "
                    "were changed."
                )
            self._left -= 1
            _, mode, _, blob, status = self._words.take(b"\0").decode().split()
            told, is_cut = self._words.begun(bounds.LONGEST_PATH)
            # Names that are not UTF-8 are told apart, and reported.
            path = told.decode("utf-8", "surrogateescape")
            if is_cut:
                yield FileChange(f"{path[:100]}…", None, "has too long a path")
            elif status == "D":
                yield FileChange(path, None)
            elif mode.startswith("100"):
                yield FileChange(path, blob)
            else:
                yield FileChange(path, None, _NO_FILES.get(mode, "is not a file"))


class _Words:
    """What a process of git's says, word for word; raises EOFError where it ends within one."""

    def __init__(self, said: IO[bytes]) -> None:
        self._said = said
        self._buffer = b""
        self._at = 0

    def is_at_end(self) -> bool:
        return self._at == len(self._buffer) and not self._read_on()

    def begins_with(self, sign: bytes) -> bool:
        """Whether the next word begins with a sign."""
        return not self.is_at_end() and self._buffer.startswith(sign, self._at)

    def take(self, end: bytes) -> bytes:
        """A word of git's own, which is short."""
        word, is_cut = self.begun(_BLOCK, end)
        assert not is_cut
        return word

    def begun(self, most: int, end: bytes = b"\0") -> tuple[bytes, bool]:
        """The beginning of a word, and whether there was more of it, which is read and let go."""
        kept, is_cut = b"", False
        while (found := self._buffer.find(end, self._at)) < 0:
            kept, is_cut = _joined(kept, self._buffer[self._at :], most, is_cut)
            self._at = len(self._buffer)
            if not self._read_on():
                raise EOFError
        kept, is_cut = _joined(kept, self._buffer[self._at : found], most, is_cut)
        self._at = found + 1
        return kept, is_cut

    def _read_on(self) -> bool:
        self._buffer, self._at = self._said.read(_BLOCK), 0
        return bool(self._buffer)


def _joined(kept: bytes, more: bytes, most: int, is_cut: bool) -> tuple[bytes, bool]:
    return (kept + more[: most - len(kept)], is_cut or len(kept) + len(more) > most)
