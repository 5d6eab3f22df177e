"""The sample's steps into the log, one after the other, each as its author's and of its time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Final

from eventstore.history import dated, takes_a_history
from eventstore.models import Changeset
from versioning import acting_as, branch_context
from versioning.branches.changes import archive
from versioning.branches.comments import comment
from versioning.branches.fork import fork
from versioning.branches.proposals import carry_out, open_proposals, propose
from versioning.branches.revert import revert
from versioning.models import Branch, ProposalPurpose
from wiki.sample.editing import Editor
from wiki.sample.steps import Act, Archive, Comment, Edit, Fork, Merge, Proposal, Revert, Step

_BEHIND_THE_CLOCK: Final = timedelta(minutes=1)
"""Nothing is dated ahead of the database's clock, which may be a little behind ours."""


class Timeline:
    """Where steps are carried out: who their authors are, and which changesets they became."""

    def __init__(self, accounts: Mapping[str, int]) -> None:
        """`accounts` are the authors' keys, by the names that steps call them."""
        self._accounts = accounts
        self._takes_a_history = takes_a_history()
        self._editor = Editor()
        self._changesets: dict[str, int] = {}

    @contextmanager
    def at(self, moment: datetime, by: str) -> Iterator[None]:
        """What is recorded inside is of a moment, if the log still takes one; and of an author."""
        moment = min(moment, datetime.now(UTC) - _BEHIND_THE_CLOCK)
        with (
            acting_as(self._accounts[by]),
            dated(moment) if self._takes_a_history else nullcontext(),
        ):
            yield

    def carry_out(
        self, steps: Iterable[Step], progress: Callable[[int, int], None] = lambda done, of: None
    ) -> None:
        """All steps, in the order of their times."""
        in_order = sorted(steps, key=lambda step: step.on)
        for done, step in enumerate(in_order, 1):
            with self.at(step.on, step.by):
                self._do(step.act, step.why)
            if step.name:
                self._changesets[step.name] = Changeset.objects.latest("id").pk
            progress(done, len(in_order))

    def _do(self, act: Act, why: str) -> None:
        match act:
            case Edit(pages, branch):
                with branch_context(branch, message=why):
                    for page in pages:
                        self._editor.edit(page)
            case Fork(branch, title, description):
                fork(branch, title=title, description=description, message=why)
            case Comment(branch):
                comment(_branch(branch), why)
            case Proposal(branch):
                propose(_branch(branch), ProposalPurpose.MERGE, why)
            case Merge(branch):
                (waiting,) = open_proposals(_branch(branch))
                carry_out(waiting, why)
            case Archive(branch):
                archive(_branch(branch))
            case Revert(step):
                revert([self._changesets[step]], message=why)


def _branch(name: str) -> Branch:
    return Branch.objects.get(name=name)
