"""Change a branch itself: its name, its title, its description, its state."""

from typing import Any

from eventstore import log
from eventstore.models import ChangesetKind
from eventstore.types import Version
from versioning import writing
from versioning.branches.fork import check_name, name_taken
from versioning.entities.kinds import kind_of
from versioning.models import Branch, BranchState
from versioning.writing import Change, Operation


def change_of(branch: Branch, **values: Any) -> Change:
    """A change of the branch's own entity, to record with others or alone."""
    kind = kind_of(Branch)
    return Change(
        kind,
        branch.pk,
        Operation.CHANGE,
        branch.version_read() or Version(0),  # which nothing stands at
        base_branch=branch.branch_read(),
        values=values,
        base=branch.loaded_values(),
    )


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
    writing.record(
        [change_of(branch, **values)],
        log.Header(branch.number, writing.actor.get(), message, ChangesetKind.BRANCH),
    )
    branch.refresh_from_db()
