"""Record commits as changesets: each line a branch, other parents edges of the graph."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid5

from django.db import transaction

from eventstore import log, reading
from eventstore.busy import holding_without_end
from eventstore.errors import Refusal
from eventstore.events import Event
from eventstore.models import Changeset, ChangesetKind
from eventstore.pipeline import Pipeline, Sent, pipeline
from eventstore.types import ChangesetId, Position, Version
from versioning import writing
from versioning.branches.fork import Fork, check_depth, members_of_fork, next_number
from versioning.changesets import newest_of
from versioning.context import require_open
from versioning.entities.kinds import kind_of
from versioning.events import MAIN
from versioning.models import Branch
from versioning.viewpoints.chain import resolve
from versioning.viewpoints.entering import viewpoint
from versioning.writing import Change, Operation
from wiki.imports.git import bounds
from wiki.imports.git.addresses import addresses_for, name_for
from wiki.imports.git.bounds import TooMuchToImport
from wiki.imports.git.lines import Line, lines_of
from wiki.imports.git.repository import Commit, FileChange, Repository, opened
from wiki.imports.git.selecting import Selection, selected
from wiki.models import Article
from wiki.texts.letters import with_shown_letters

NAMESPACE = UUID("5f7d3c1e-9a44-5d0b-8f0e-6c1b2a3d4e5f")


class PartlyHere(Refusal):
    """Some of the history was imported before, and not all."""

    code = "partly-here"
    status = 409
    hint = "Import it into a wiki of its own, or bring its news in by hand."


class NothingMatches(Refusal):
    """No file of the whole history is one that was asked for."""

    code = "nothing-matches"
    status = 400
    hint = "Name other files with --path."


class CommitNoted(Event):
    """A commit that changed none of the pages: only its changeset tells of it."""

    topic: ClassVar[str] = "git.commit"
    commit: str


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


@dataclass(frozen=True, slots=True)
class Known:
    """A page as a line has it: version, the branch that it is of, the blob of its text."""

    version: int
    branch: int
    blob: str
    is_deleted: bool = False


State = dict[str, Known]
"""The pages of a line, by path."""

_TEXTS_AT_HAND = 64
_MOST_REASONS = 5


@dataclass
class _Branch:
    """A line on its way into the log; `depth` counts it and its ancestors."""

    number: int
    name: str
    depth: int
    state: State


def import_git(
    place: Path,
    *,
    glob: str = "*.md",
    branch: str = "main",
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Report:
    """Import the whole history of a repository's HEAD, all or nothing.

    Raises NotARepository, TooMuchToImport, NoSuchBranch, BranchIsClosed, NameTaken,
    NestedTooDeep, PartlyHere, NothingMatches. Cost: one append a commit, one fork a line; texts
    are read twice, in constant memory. What HEAD holds is imported once; a second run changes
    nothing.
    """
    require_open(resolve(branch))
    with opened(place) as repository:
        if _is_here(repository.head):
            return Report(is_known=True)
        commits = repository.commits()
        lines = _lines(commits, repository.head)
        selection = selected(repository, commits, glob)
        if not selection.paths:
            raise _nothing_matches(glob, selection)
        report = Report(skipped=selection.skipped, shortened=[c.name for c in commits if c.is_cut])
        with transaction.atomic(), holding_without_end():
            # Decided under the lock: another run may bring in the same, and people write pages.
            log.lock()
            if _is_here(repository.head):
                return Report(is_known=True)
            _refuse_known_roots(commits)
            importer = _Importer(branch, commits[0].name, lines, selection, report)
            importer.record_all(repository, commits, progress)
    return report


def _nothing_matches(glob: str, selection: Selection) -> NothingMatches:
    """With some of what did match, and was no text."""
    reasons = [f" {path} {reason}." for path, reason in sorted(selection.skipped.items())]
    sentence = f"No text of this history matches {glob!r}, so nothing was imported."
    return NothingMatches(sentence + "".join(reasons[:_MOST_REASONS]))


def _lines(commits: Sequence[Commit], head: str) -> dict[str, Line]:
    lines = lines_of(commits, head)
    if (count := len(set(lines.values()))) > bounds.MOST_LINES:
        raise TooMuchToImport(
            f"This history was told on {count:,} lines, each of which would be a branch; "
            f"{bounds.MOST_LINES:,} can be imported."
        )
    return lines


def _refuse_known_roots(commits: Sequence[Commit]) -> None:
    if any(_is_here(commit.name) for commit in commits if not commit.parents):
        raise PartlyHere(
            "The beginning of this history is here already, and what was imported may have been "
            "edited since."
        )


class _Importer:
    """Goes through the commits, parents first."""

    def __init__(
        self, target: str, root: str, lines: dict[str, Line], selection: Selection, report: Report
    ) -> None:
        """`root` is the history's first commit: histories may each have a page of one path."""
        into = resolve(target)
        self._target = _Branch(into.branch, into.name, len(into.chain), {})
        self._lines = lines
        self._changes = selection.changes
        self._report = report
        self._kind = kind_of(Article)
        self._page_ids = {
            path: uuid5(NAMESPACE, f"{into.branch}:{root}:{path}") for path in selection.paths
        }
        with viewpoint(target):
            taken = set(Article.objects.values_list("slug", flat=True))
        self._addresses = addresses_for(self._page_ids, taken)
        began_at = reading.last_position()
        above = None if into.branch == MAIN else Branch.every.get(number=into.branch)
        self._members = members_of_fork(above, is_private=False)
        self._began_at = began_at, newest_of(into.branch, began_at)
        self._next_number = next_number(*{line.name for line in lines.values()} - {"main"})
        self._branches: dict[Line, _Branch] = {}
        self._sent: dict[str, Sent] = {}
        self._forked_at = {line.forked_at for line in lines.values()}
        self._states: dict[str, State] = {}
        self._sending: Pipeline
        self._text: Callable[[str], str]

    def record_all(
        self,
        repository: Repository,
        commits: Sequence[Commit],
        progress: Callable[[int, int], None],
    ) -> None:
        """Each commit in its turn, its texts read from the repository then."""
        with repository.blobs() as blobs, pipeline() as self._sending:
            # A change asks for the text before it, too, which often was the last to be read.
            self._text = lru_cache(_TEXTS_AT_HAND)(lambda blob: blobs.read(blob).decode())
            for done, (commit, changed) in enumerate(zip(commits, self._changes, strict=True), 1):
                self.record(commit, changed)
                progress(done, len(commits))
        self._report.pages = len(self._addresses)

    def record(self, commit: Commit, changed: Sequence[FileChange]) -> None:
        """One commit as one changeset of its line's branch."""
        line = self._lines[commit.name]
        branch = self._branches.get(line) or self._begin(line)
        changes = [c for each in changed if (c := self._change(branch, each)) is not None]
        header = log.Header(
            branch.number,
            writing.actor.get(),
            with_shown_letters(commit.message, is_line=False),
            ChangesetKind.IMPORT,
            {
                "git": commit.name,
                "author": with_shown_letters(commit.author),
                "authored_at": with_shown_letters(commit.authored_at),
            },
            merged=tuple(self._sent[parent].changeset for parent in commit.parents[1:]),
        )
        # A commit that changed no page is a changeset as well: its merge edges count.
        self._sent[commit.name] = (
            writing.send(self._sending, changes, header)
            if changes
            else self._sending.append([self._noted(commit)], header)
        )
        if commit.name in self._forked_at:
            self._states[commit.name] = dict(branch.state)
        self._report.commits += 1

    def _noted(self, commit: Commit) -> CommitNoted:
        stream_id = uuid5(NAMESPACE, f"{self._target.number}:{commit.name}")
        return CommitNoted(stream_id=stream_id, version=Version(1), commit=commit.name)

    def _begin(self, line: Line) -> _Branch:
        """The branch of a line that begins: the target itself, or forked where the line left."""
        if line.name == "main":
            branch = self._target
        elif line.forked_at is None:
            branch = self._forked(line.name, self._target, *self._began_at, {})
        else:
            parent = self._branches[self._lines[line.forked_at]]
            left = self._sent[line.forked_at]
            state = dict(self._states[line.forked_at])
            branch = self._forked(line.name, parent, left.last_position, left.changeset, state)
        self._branches[line] = branch
        return branch

    def _forked(
        self,
        name: str,
        parent: _Branch,
        position: Position,
        forked_at: ChangesetId | None,
        state: State,
    ) -> _Branch:
        check_depth(parent.name, parent.depth)
        fork = Fork(
            self._next_number, name, parent.number, position, forked_at, members=self._members
        )
        writing.send(self._sending, [fork.change()], fork.header(f"Import {name}"))
        self._next_number += 1
        self._report.branches += 1
        return _Branch(fork.number, name, parent.depth + 1, state)

    def _change(self, branch: _Branch, change: FileChange) -> Change | None:
        known = branch.state.get(change.path)
        if change.blob is None:
            if known is None or known.is_deleted:
                return None
            return self._recorded(branch, change.path, Operation.DELETE, known, known.blob)
        if known is None:
            return self._recorded(branch, change.path, Operation.CREATE, None, change.blob)
        operation = Operation.RESTORE if known.is_deleted else Operation.CHANGE
        if operation is Operation.CHANGE and known.blob == change.blob:
            return None
        return self._recorded(branch, change.path, operation, known, change.blob)

    def _recorded(
        self, branch: _Branch, path: str, operation: Operation, known: Known | None, blob: str
    ) -> Change:
        base_version = Version(known.version if known else 0)
        is_deletion = operation is Operation.DELETE
        values = {} if is_deletion else {"body": self._text(blob)}
        if operation is Operation.CREATE:
            named = {"slug": self._addresses[path], "name": name_for(path)}
            values = self._kind.full({**named, **values})
        branch.state[path] = Known(base_version + 1, branch.number, blob, is_deletion)
        return Change(
            self._kind,
            self._page_ids[path],
            operation,
            base_version,
            branch.number,
            known.branch if known else None,
            values,
            {"body": self._text(known.blob)} if known and values else {},
        )


def _is_here(commit: str) -> bool:
    return Changeset.objects.filter(recorded_details__contains=f'"git": "{commit}"').exists()


def changeset_of(commit: str) -> ChangesetId:
    """The changeset that a commit became. Raises DoesNotExist."""
    return ChangesetId(Changeset.objects.get(recorded_details__contains=f'"git": "{commit}"').pk)
