"""Record commits as changesets aside: each line a branch, other parents edges of the graph.

In many short transactions, between which others write. `publishing.py` shows what they came to.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final
from uuid import UUID, uuid5

from django.db import transaction

from eventstore import log
from eventstore.events import Event
from eventstore.models import ChangesetKind
from eventstore.pipeline import Pipeline, Sent, pipeline
from eventstore.types import Position, Version
from versioning.branches.fork import next_number
from versioning.changesets import newest_of
from versioning.entities.changes import Change, Operation
from versioning.entities.kinds import kind_of
from versioning.saving import writing
from versioning.viewpoints.chain import resolve_number
from versioning.viewpoints.entering import entered
from wiki.exchange.git.addresses import addresses_for, name_for
from wiki.exchange.git.forks import fork_aside, message_of
from wiki.exchange.git.lines import Line
from wiki.exchange.git.purpose import Purpose
from wiki.exchange.git.repository import Commit, FileChange, Repository
from wiki.exchange.git.selecting import Selection
from wiki.exchange.git.steps import State, Step, steps_of
from wiki.exchange.git.unfinished import Remains
from wiki.fields.letters import with_shown_letters
from wiki.kinds.articles import Article

NAMESPACE = UUID("5f7d3c1e-9a44-5d0b-8f0e-6c1b2a3d4e5f")

LONGEST_CHUNK: Final = 0.4
"""Seconds after which a transaction takes no more commits: whoever saves waits for its end."""

_UNANSWERED = 16
"""Commits on their way at most: what the server has yet to do when a transaction takes no more."""

_TEXTS_AT_HAND = 64


class CommitNoted(Event):
    """A commit that changed none of the pages: only its changeset tells of it."""

    topic: ClassVar[str] = "git.commit"
    commit: str


@dataclass
class _LineBranch:
    """A line on its way into the log."""

    number: int
    state: State


class Recorder:
    """Goes through the commits, parents first, from where an earlier run ended."""

    def __init__(
        self, purpose: Purpose, lines: Mapping[str, Line], selection: Selection, remains: Remains
    ) -> None:
        """`remains` hold the branch of HEAD's line at least."""
        self._purpose = purpose
        self._lines = lines
        self._changes = selection.changes
        self._remains = remains
        self._kind = kind_of(Article)
        # Of the first commit, too: histories may each have a page of one path.
        self._page_ids = {
            path: uuid5(NAMESPACE, f"{purpose.target}:{purpose.root}:{path}")
            for path in selection.paths
        }
        base = remains.branches[lines[purpose.head].name]
        self.head = base.number
        """The number of the branch of HEAD's line."""
        assert base.base_position is not None
        self._forked_from = Position(base.base_position)
        # As it was then, so that a later run comes to the same.
        with entered(resolve_number(purpose.target, self._forked_from)):
            taken = set(Article.objects.values_list("slug", flat=True))
        self._addresses = addresses_for(self._page_ids, taken)
        self._branches: dict[Line, _LineBranch] = {}
        self._sent: dict[str, Sent] = {}
        self._forked_at = {line.forked_at for line in lines.values()}
        self._states: dict[str, State] = {}
        # Somebody may take one of them meanwhile.
        self._names_to_come = {line.name for line in lines.values()} - remains.branches.keys()
        self._sending: Pipeline
        self._next_number: int
        self._text: Callable[[str], str]

    @property
    def numbers(self) -> list[int]:
        """The numbers of all lines' branches, once all is recorded."""
        return [branch.number for branch in self._branches.values()]

    def record_all(
        self,
        repository: Repository,
        commits: Sequence[Commit],
        progress: Callable[[int, int], None],
    ) -> None:
        """Each commit in its turn, its texts read from the repository then. Raises NameTaken."""
        done = self._recall(commits)
        with repository.blobs() as blobs:
            # A change asks for the text before it, too, which often was the last to be read.
            self._text = lru_cache(_TEXTS_AT_HAND)(lambda blob: blobs.read(blob).decode())
            while done < len(commits):
                done = self._record_from(done, commits)
                progress(done, len(commits))

    def _recall(self, commits: Sequence[Commit]) -> int:
        """Come to where an earlier run ended; how many commits that was."""
        recorded = commits[: len(self._remains.commits)]
        for commit, changed in zip(recorded, self._changes, strict=False):
            branch = self._branch_of(commit)
            list(steps_of(branch.state, branch.number, changed))  # for the state after them
            self._keep(commit, branch, self._remains.commits[commit.name])
        return len(recorded)

    def _record_from(self, begin: int, commits: Sequence[Commit]) -> int:
        """Record in one transaction as many commits as others can wait for; where it ended."""
        with transaction.atomic(), pipeline(_UNANSWERED) as self._sending:
            over = time.monotonic() + LONGEST_CHUNK
            self._next_number = next_number(*self._names_to_come)
            for at in range(begin, len(commits)):
                self._record(commits[at], self._changes[at])
                if time.monotonic() > over:
                    break
        return at + 1

    def _record(self, commit: Commit, changed: Sequence[FileChange]) -> None:
        """One commit as one changeset of its line's branch."""
        branch = self._branch_of(commit)
        steps = steps_of(branch.state, branch.number, changed)
        changes = [self._change(branch, step) for step in steps]
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
        sent = (
            writing.send(self._sending, changes, header)
            if changes
            else self._sending.append([_noted(commit, branch)], header)
        )
        self._keep(commit, branch, sent)

    def _keep(self, commit: Commit, branch: _LineBranch, sent: Sent) -> None:
        """Remember what commits to come go on from."""
        self._sent[commit.name] = sent
        if commit.name in self._forked_at:
            self._states[commit.name] = dict(branch.state)

    def _branch_of(self, commit: Commit) -> _LineBranch:
        line = self._lines[commit.name]
        return self._branches.get(line) or self._begin(line)

    def _begin(self, line: Line) -> _LineBranch:
        """The branch of a line that begins: taken up, or forked where the line left."""
        known = self._remains.branches.get(line.name)
        number = known.number if known else self._fork(line)
        state = dict(self._states[line.forked_at]) if line.forked_at else {}
        self._branches[line] = branch = _LineBranch(number, state)
        return branch

    def _fork(self, line: Line) -> int:
        if line.forked_at is None:
            parent, position = self._purpose.target, self._forked_from
            forked_at = newest_of(parent, position)
        else:
            parent = self._branches[self._lines[line.forked_at]].number
            left = self._sent[line.forked_at]
            position, forked_at = left.last_position, left.changeset
        number = self._next_number
        fork = fork_aside(self._purpose, number, line.name, parent, position, forked_at)
        writing.send(self._sending, [fork.change()], fork.header(message_of(line.name)))
        self._names_to_come.remove(line.name)
        self._next_number += 1
        return number

    def _change(self, branch: _LineBranch, step: Step) -> Change:
        before = step.before
        values = {} if step.operation is Operation.DELETE else {"body": self._text(step.blob)}
        if step.operation is Operation.CREATE:
            named = {"slug": self._addresses[step.path], "name": name_for(step.path)}
            values = self._kind.full({**named, **values})
        return Change(
            self._kind,
            self._page_ids[step.path],
            step.operation,
            Version(before.version if before else 0),
            branch.number,
            before.branch if before else None,
            values,
            {"body": self._text(before.blob)} if before and values else {},
        )


def _noted(commit: Commit, branch: _LineBranch) -> CommitNoted:
    stream_id = uuid5(NAMESPACE, f"{branch.number}:{commit.name}")
    return CommitNoted(stream_id=stream_id, version=Version(1), commit=commit.name)
