"""Which files of a history become pages: what matches, has a name, and is a text that a page holds.

What is left out is named once, with the commit that had it first.
"""

import fnmatch
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from wiki.exchange.git import bounds
from wiki.exchange.git.bounds import TooMuchToImport
from wiki.exchange.git.repository import Commit, FileChange, Repository
from wiki.fields.letters import with_shown_letters
from wiki.kinds.articles import Article

LONGEST_TEXT: Final = Article._meta.get_field("body").max_length or 0
"""Characters of a page, which its form takes as well."""

_OF_GIT: Final = frozenset({".git", "git~1"})

_MOST_BYTES_A_CHARACTER: Final = 4


@dataclass
class Selection:
    """The files that each commit changed, and those that are left out: by path, why and where."""

    changes: list[list[FileChange]] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)

    @property
    def paths(self) -> set[str]:
        """Those that are a page's at any time."""
        return {change.path for changed in self.changes for change in changed if change.blob}

    def leave_out(self, path: str, reason: str, commit: Commit) -> None:
        shown = with_shown_letters(path)
        self.skipped.setdefault(shown, f"{reason} (commit {commit.name[:12]})")


def selected(repository: Repository, commits: Sequence[Commit], glob: str) -> Selection:
    """The matching files of each commit; one that is no text there is none. Raises TooMuchToImport.

    Cost: every text is read once, in constant memory.
    """
    selection = Selection()
    matching = partial(fnmatch.fnmatch, pat=glob)
    for commit, changed in zip(commits, repository.changes(commits, matching), strict=True):
        selection.changes.append(list(_named(changed, commit, selection)))
    faults = _faults(repository, commits, selection)
    for commit, named in zip(commits, selection.changes, strict=True):
        for number, change in enumerate(named):
            if change.blob is not None and (fault := faults.get(change.blob)):
                selection.leave_out(change.path, fault, commit)
                named[number] = replace(change, blob=None)
    return selection


def _named(
    changed: Iterable[FileChange], commit: Commit, selection: Selection
) -> Iterator[FileChange]:
    """What has a name that can be written down."""
    for change in changed:
        name = change.path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        if name != change.path:
            selection.leave_out(name, "has a name that is not UTF-8", commit)
            continue
        if _is_of_git(change.path):
            selection.leave_out(name, "has a name that only git's own files may have", commit)
            continue
        if change.remark:
            selection.leave_out(name, change.remark, commit)
        yield change


def _is_of_git(path: str) -> bool:
    """Whether some file system would take a path for one within `.git`.

    Windows knows `.git` by a shorter name as well, and looks at no blanks, stops or names of
    streams (`::$`) behind it; macOS at no letters that are not seen; neither at case. Git
    checks nothing of the kind out, and nobody has such a file for its text.
    """
    seen = "".join(letter for letter in path if unicodedata.category(letter) != "Cf")
    parts = (part.split(":")[0].rstrip(" .").casefold() for part in seen.split("/"))
    return not _OF_GIT.isdisjoint(parts)


def _faults(
    repository: Repository, commits: Sequence[Commit], selection: Selection
) -> dict[str, str]:
    """The blobs that can be no page's text, each with the reason, as a sentence goes on."""
    blobs = {change.blob for changed in selection.changes for change in changed if change.blob}
    sizes = dict(repository.sizes(sorted(blobs)))
    faults: dict[str, str] = {}
    largest = LONGEST_TEXT * _MOST_BYTES_A_CHARACTER
    # Judged by its size alone, so that nothing large is ever read.
    faults |= {
        blob: f"has {size:,} bytes, and a page at most {LONGEST_TEXT:,} characters"
        for blob, size in sizes.items()
        if size > largest
    }
    _check_total(sizes, commits, selection, faults.keys())
    with repository.blobs() as reading:
        for blob in sizes.keys() - faults.keys():
            if fault := _fault_of(reading.read(blob)):
                faults[blob] = fault
    return faults


def _check_total(
    sizes: dict[str, int], commits: Sequence[Commit], selection: Selection, without: Iterable[str]
) -> None:
    left = bounds.MOST_TEXT
    counted = {**sizes, **dict.fromkeys(without, 0)}
    for commit, changed in zip(commits, selection.changes, strict=True):
        left -= sum(counted[change.blob] for change in changed if change.blob)
        if left < 0:
            raise TooMuchToImport(
                f"Up to the commit {commit.name} the files have more than {bounds.MOST_TEXT:,} "
                "bytes in all their versions."
            )


def _fault_of(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return "is not UTF-8"
    if "\0" in text:
        return "is not text"
    if len(text) > LONGEST_TEXT:
        return f"has {len(text):,} characters, and a page at most {LONGEST_TEXT:,}"
    return ""
