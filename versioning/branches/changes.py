"""Change a branch itself: its name, its title, its description, its state."""

from collections.abc import Sequence
from typing import Any

from eventstore import log
from eventstore.models import ChangesetKind
from eventstore.types import Version
from versioning.branches.fork import check_name, name_taken
from versioning.entities.changes import Change, Operation
from versioning.entities.kinds import kind_of
from versioning.models import Branch, BranchState, Comment, Proposal
from versioning.saving import writing


def change_of(instance: Branch | Proposal | Comment, **values: Any) -> Change:
    """A change of a branch's own entity, or of one about it, to record with others or alone."""
    return Change(
        kind_of(type(instance)),
        instance.pk,
        Operation.CHANGE,
        instance.version_read() or Version(0),  # which nothing stands at
        base_branch=instance.branch_read(),
        values=values,
        base=instance.loaded_values(),
    )


def record_about(branch: Branch, changes: Sequence[Change], message: str) -> None:
    """Record what is about a branch, as a changeset of it."""
    header = log.Header(branch.number, writing.actor.get(), message, ChangesetKind.BRANCH)
    writing.record(changes, header)


def rename(branch: Branch, name: str) -> None:
    """Give a branch another name. Raises ValidationError, NameTaken, StaleStreams."""
    check_name(name)
    if Branch.every.filter(name=name).exists():
        raise name_taken(name)
    _record(branch, f"Rename {branch.name} to {name}", name=name)


def entitle(branch: Branch, title: str) -> None:
    """Say what people call a branch; nothing, where they call it by its name."""
    if title != branch.title:
        _record(branch, f"Call {branch.name} {title or 'by its name'}", title=title)


def describe(branch: Branch, description: str) -> None:
    """Say what a branch is for."""
    if description != branch.description:
        _record(branch, f"Describe {branch.name}", description=description)


def archive(branch: Branch) -> None:
    """Close a branch: it is read, compared and replayed, but not written any more."""
    _record(branch, f"Archive {branch.name}", state=BranchState.ARCHIVED.value)


def reopen(branch: Branch) -> None:
    """Open an archived branch again."""
    _record(branch, f"Open {branch.name} again", state=BranchState.OPEN.value)


def _record(branch: Branch, message: str, **values: Any) -> None:
    record_about(branch, [change_of(branch, **values)], message)
    branch.refresh_from_db()
