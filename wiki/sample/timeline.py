"""The sample's steps into the log, one after the other, each as its author's and of its time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from eventstore.history import dated, takes_a_history
from eventstore.models import Changeset
from versioning import acting_as, branch_context
from versioning.branches.changes import archive
from versioning.branches.fork import fork
from versioning.branches.proposals import carry_out, open_proposals, propose
from versioning.branches.revert import revert
from versioning.models import Branch, ProposalPurpose
from wiki.models import Element, Source
from wiki.pages.kinds import KINDS
from wiki.rides.figures import Track
from wiki.sample.steps import (
    Act,
    Archive,
    Edit,
    Fork,
    Merge,
    PageEdit,
    Proposal,
    Revert,
    Step,
)
from wiki.sources.citations import Citation

_BEHIND_THE_CLOCK: Final = timedelta(minutes=1)
"""Nothing is dated ahead of the database's clock, which may be a little behind ours."""


class Timeline:
    """Where steps are carried out: who their authors are, and which changesets they became."""

    def __init__(self, accounts: Mapping[str, int]) -> None:
        """`accounts` are the authors' keys, by the names that steps call them."""
        self._accounts = accounts
        self._takes_a_history = takes_a_history()
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
                        _edit(page)
            case Fork(branch, description):
                fork(branch, description=description, message=why)
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


def _edit(edit: PageEdit) -> None:
    """Change a page, or make it. Raises LookupError where it does not say what was to go."""
    plural, slug = edit.page.split("/")
    model: Any = KINDS[plural]
    page = model.objects.filter(slug=slug).first() or model(slug=slug)
    page.name = edit.name or page.name
    if edit.body is not None:
        page.body = edit.body
    if edit.passage is not None:
        page.body = _rewritten(page.body, *edit.passage, page=edit.page)
    for name, value in edit.values.items():
        setattr(page, name, value)
    if edit.elements:
        page.tracks = [Track("1", elements=_elements(edit.elements))]
    if edit.sources:
        page.citations = [*page.citations, *_citations(edit.sources)]
    page.save()


def _rewritten(body: str, before: str, after: str, page: str) -> str:
    if before not in body:
        raise LookupError(f"The text of {page} does not say {before!r} any more.")
    return body.replace(before, after)


def _elements(slugs: Iterable[str]) -> list[str]:
    return [str(Element.objects.get(slug=slug).pk) for slug in slugs]


def _citations(sources: Mapping[str, tuple[str, str]]) -> Iterator[Citation]:
    for name, (slug, place) in sources.items():
        source = str(Source.objects.get(slug=slug).pk)
        yield Citation(f"{name}-{slug}"[:40], field=name, source=source, place=place)
