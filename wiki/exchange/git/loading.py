"""Import a repository: read it, record it aside, show it when it is whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from eventstore.alone import alone
from eventstore.errors import Refusal
from versioning.branches.fork import check_depth
from versioning.saving.context import require_open
from versioning.viewpoints.chain import Viewpoint, resolve
from wiki.exchange.git import bounds
from wiki.exchange.git.bounds import TooMuchToImport
from wiki.exchange.git.forks import fork_of_head
from wiki.exchange.git.known import is_here, refuse_known_roots
from wiki.exchange.git.lines import Line, lines_of
from wiki.exchange.git.publishing import publish
from wiki.exchange.git.purpose import Purpose
from wiki.exchange.git.recording import Recorder
from wiki.exchange.git.repository import Commit, opened
from wiki.exchange.git.selecting import Selection, selected
from wiki.exchange.git.unfinished import Remains, taken_up

LOCK: Final = 7236120
"""Held by the import that runs: whatever stands aside is of one that does no more."""

_ASKED_EVERY: Final = 0.5
"""Seconds, by an import that waits for another one."""

_MOST_REASONS = 5


class NothingMatches(Refusal):
    """No file of the whole history is one that was asked for."""

    code = "nothing-matches"
    status = 400
    hint = "Name other files with --path."


@dataclass
class Report:
    """What came in, and what did not."""

    commits: int = 0
    branches: int = 0
    pages: int = 0
    skipped: dict[str, str] = field(default_factory=dict)
    """By path, why a file was left out, and in which commit first."""
    shortened: list[str] = field(default_factory=list)
    """The commits whose messages were longer than what is kept of one."""
    is_known: bool = False


def import_git(
    place: Path,
    *,
    glob: str = "*.md",
    branch: str = "main",
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Report:
    """Import the whole history of a repository's HEAD: seen by nobody, until all of it is there.

    Raises NotARepository, TooMuchToImport, NoSuchBranch, BranchIsClosed, NameTaken,
    NestedTooDeep, PartlyHere, NothingMatches. Cost: one append a commit, one fork a line, one
    merge; texts are read twice, in constant memory. What HEAD holds is imported once: a second run
    changes nothing, and one after a run that ended in the middle goes on from there. Waits for
    other imports of repositories to end.
    """
    target = resolve(branch)
    require_open(target)
    with opened(place) as repository, alone(LOCK, asking_every=_ASKED_EVERY):
        if is_here(repository.head):
            return Report(is_known=True)
        commits = repository.commits()
        lines = _lines(commits, repository.head)
        selection = selected(repository, commits, glob)
        if not selection.paths:
            raise _nothing_matches(glob, selection)
        refuse_known_roots(commits)
        _check_depths(lines, target)
        purpose = Purpose(repository.head, commits[0].name, glob, target.branch)
        remains = _begun(purpose, commits, lines)
        recorder = Recorder(purpose, lines, selection, remains)
        recorder.record_all(repository, commits, progress)
        publish(recorder.head, recorder.numbers, target.branch, _message(commits))
    return Report(
        len(commits),
        len(set(lines.values())),
        len(selection.paths),
        selection.skipped,
        [commit.name for commit in commits if commit.is_cut],
    )


def _begun(purpose: Purpose, commits: Sequence[Commit], lines: Mapping[str, Line]) -> Remains:
    """What an earlier run recorded; at least the branch of HEAD's line, which begins all."""
    remains = taken_up(purpose, commits, lines)
    if remains.branches:
        return remains
    name = lines[purpose.head].name
    others = {line.name for line in lines.values()} - {name}
    return Remains({name: fork_of_head(purpose, name, others)})


def _nothing_matches(glob: str, selection: Selection) -> NothingMatches:
    """With some of what did match, and was no text."""
    reasons = [f" {path} {reason}." for path, reason in sorted(selection.skipped.items())]
    sentence = f"No text of this history matches {glob!r}, so nothing was imported."
    return NothingMatches(sentence + "".join(reasons[:_MOST_REASONS]))


def _lines(commits: Sequence[Commit], head: str) -> dict[str, Line]:
    lines = lines_of(commits, head)
    if (count := len(set(lines.values()))) > bounds.MOST_LINES:
        raise TooMuchToImport(
            f"This history runs along {count:,} lines, each of which would be a branch; "
            f"{bounds.MOST_LINES:,} can be imported."
        )
    return lines


def _check_depths(lines: Mapping[str, Line], target: Viewpoint) -> None:
    """Refuse lines that left one another too often. Raises NestedTooDeep."""
    depths: dict[Line, int] = {}
    for line in dict.fromkeys(lines.values()):  # each after the one that it left
        parent = None if line.forked_at is None else lines[line.forked_at]
        above = len(target.chain) if parent is None else depths[parent]
        check_depth(target.name if parent is None else parent.name, above)
        depths[line] = above + 1


def _message(commits: Sequence[Commit]) -> str:
    return f"Import {len(commits):,} commits of git, up to {commits[-1].name[:12]}"
