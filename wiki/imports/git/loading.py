"""Record commits as changesets: each line a branch, other parents edges of the graph."""

import fnmatch
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID, uuid5

from django.db import transaction

from eventstore import log, reading
from eventstore.errors import Refusal
from eventstore.events import Event
from eventstore.models import Changeset, ChangesetKind
from eventstore.pipeline import Pipeline, Sent, pipeline
from eventstore.types import ChangesetId, Position, Version
from versioning import writing
from versioning.branches.fork import Fork, check_depth, next_number
from versioning.changesets import newest_of
from versioning.context import require_open
from versioning.entities.kinds import kind_of
from versioning.viewpoints.chain import resolve
from versioning.viewpoints.entering import viewpoint
from versioning.writing import Change, Operation
from wiki.imports.git.lines import Line, lines_of
from wiki.imports.git.repository import Commit, FileChange, Repository
from wiki.models import Article
from wiki.pages.addresses import RESERVED

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
    is_known: bool = False


@dataclass(frozen=True)
class Known:
    """A page as a line has it: version, the branch that it is of, text; None if deleted."""

    version: int
    branch: int
    body: str
    is_deleted: bool = False


State = dict[str, Known]
"""The pages of a line, by path."""


@dataclass
class _Branch:
    """A line on its way into the log; `depth` counts it and its ancestors."""

    number: int
    name: str
    depth: int
    state: State


def import_git(
    folder: Repository,
    *,
    glob: str = "*.md",
    branch: str = "main",
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Report:
    """Import HEAD's whole history, all or nothing.

    Raises NotARepository, NoSuchBranch, BranchIsClosed, NameTaken, NestedTooDeep, PartlyHere,
    NothingMatches. Cost: one append a commit, one fork a line. What HEAD holds is imported
    once; a second run changes nothing.
    """
    require_open(resolve(branch))
    if _is_here(folder.head):
        return Report(is_known=True)
    commits = folder.commits()
    report = Report()
    changes = [
        [c for c in changed if fnmatch.fnmatch(c.path, glob) and _is_named(c, report)]
        for changed in folder.changes(commits)
    ]
    paths = {change.path for changed in changes for change in changed}
    if not paths:
        raise NothingMatches(f"No text of this history matches {glob!r}, so nothing was imported.")
    if any(_is_here(commit.name) for commit in commits if not commit.parents):
        raise PartlyHere(
            "The beginning of this history is here already, and what was imported may have been "
            "edited since."
        )
    texts = _texts(folder, changes, report)
    with viewpoint(branch):
        taken = set(Article.objects.values_list("slug", flat=True))
    slugs = _slugs(paths, taken | RESERVED)
    lines = lines_of(commits, folder.head)
    with transaction.atomic(), pipeline() as sending:
        importer = _Importer(branch, commits[0].name, lines, texts, slugs, report, sending)
        for done, (commit, changed) in enumerate(zip(commits, changes, strict=True), 1):
            importer.record(commit, changed)
            progress(done, len(commits))
    report.pages = len(slugs)
    return report


class _Importer:
    """Goes through the commits, parents first."""

    def __init__(
        self,
        target: str,
        root: str,
        lines: dict[str, Line],
        texts: dict[str, str],
        slugs: dict[str, str],
        report: Report,
        sending: Pipeline,
    ) -> None:
        """`root` is the history's first commit: histories may each have a page of one path."""
        into = resolve(target)
        self._root = root
        self._target = _Branch(into.branch, into.name, len(into.chain), {})
        self._lines = lines
        self._texts = texts
        self._slugs = slugs
        self._report = report
        self._sending = sending
        self._kind = kind_of(Article)
        began_at = reading.last_position()
        self._began_at = began_at, newest_of(into.branch, began_at)
        self._next_number = next_number(*{line.name for line in lines.values()} - {"main"})
        self._branches: dict[Line, _Branch] = {}
        self._sent: dict[str, Sent] = {}
        self._forked_at = {line.forked_at for line in lines.values()}
        self._states: dict[str, State] = {}

    def record(self, commit: Commit, changed: Sequence[FileChange]) -> None:
        """One commit as one changeset of its line's branch."""
        line = self._lines[commit.name]
        branch = self._branches.get(line) or self._begin(line)
        changes = [c for each in changed if (c := self._change(branch, each)) is not None]
        header = log.Header(
            branch.number,
            writing.actor.get(),
            commit.message,
            ChangesetKind.IMPORT,
            {"git": commit.name, "author": commit.author, "authored_at": commit.authored_at},
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
        fork = Fork(self._next_number, name, parent.number, position, forked_at)
        writing.send(self._sending, [fork.change()], fork.header(f"Import {name}"))
        self._next_number += 1
        self._report.branches += 1
        return _Branch(fork.number, name, parent.depth + 1, state)

    def _change(self, branch: _Branch, change: FileChange) -> Change | None:
        known = branch.state.get(change.path)
        text = self._texts.get(change.blob) if change.blob else None
        if text is None:
            if known is None or known.is_deleted:
                return None
            return self._recorded(branch, change.path, Operation.DELETE, known, known.body)
        if known is None:
            return self._recorded(branch, change.path, Operation.CREATE, None, text)
        operation = Operation.RESTORE if known.is_deleted else Operation.CHANGE
        if operation is Operation.CHANGE and known.body == text:
            return None
        return self._recorded(branch, change.path, operation, known, text)

    def _recorded(
        self, branch: _Branch, path: str, operation: Operation, known: Known | None, text: str
    ) -> Change:
        entity_id = uuid5(NAMESPACE, f"{self._target.number}:{self._root}:{path}")
        base_version = Version(known.version if known else 0)
        values: dict[str, str] = {} if operation is Operation.DELETE else {"body": text}
        if operation is Operation.CREATE:
            values = self._kind.full({"slug": self._slugs[path], "name": path[:200], "body": text})
        branch.state[path] = Known(
            base_version + 1, branch.number, text, operation is Operation.DELETE
        )
        return Change(
            self._kind,
            entity_id,
            operation,
            base_version,
            branch.number,
            known.branch if known else None,
            values,
            {"body": known.body} if known else {},
        )


def _is_named(change: FileChange, report: Report) -> bool:
    """Whether a path can be a page's name; one that cannot be written down is reported."""
    try:
        change.path.encode("utf-8")
    except UnicodeEncodeError:
        name = change.path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        report.skipped[name] = "has a name that is not UTF-8"
        return False
    if change.remark:
        report.skipped[change.path] = change.remark
    return True


def _texts(
    folder: Repository, changes: Sequence[Sequence[FileChange]], report: Report
) -> dict[str, str]:
    """The files that are text, by blob; others are reported."""
    blobs = {c.blob for changed in changes for c in changed if c.blob}
    texts: dict[str, str] = {}
    refused: dict[str | None, str] = {}
    for blob, content in folder.blobs(sorted(blobs)).items():
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            refused[blob] = "is not UTF-8"
            continue
        if "\0" in text:
            refused[blob] = "is no text"
        else:
            texts[blob] = text
    for changed in changes if refused else ():
        report.skipped |= {c.path: refused[c.blob] for c in changed if c.blob in refused}
    return texts


def _slugs(paths: set[str], taken: set[str]) -> dict[str, str]:
    """An address for each path; two paths never share one, nor take one that is `taken`."""
    slugs: dict[str, str] = {}
    for path in sorted(paths):
        plain = unicodedata.normalize("NFKD", path).encode("ascii", "ignore").decode().lower()
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100] or "page"
        if slug in taken:
            slug = f"{slug}-{uuid5(NAMESPACE, path).hex[:8]}"
        taken.add(slug)
        slugs[path] = slug
    return slugs


def _is_here(commit: str) -> bool:
    return Changeset.objects.filter(recorded_details__contains=f'"git": "{commit}"').exists()


def changeset_of(commit: str) -> ChangesetId:
    """The changeset that a commit became. Raises DoesNotExist."""
    return ChangesetId(Changeset.objects.get(recorded_details__contains=f'"git": "{commit}"').pk)
