"""What commits do to pages: pure, from the state of a line and the files that a commit changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from versioning.entities.changes import Operation
from wiki.exchange.git.repository import FileChange


@dataclass(frozen=True, slots=True)
class Known:
    """A page as a line has it: version, the branch that it is of, the blob of its text."""

    version: int
    branch: int
    blob: str
    is_deleted: bool = False


State = dict[str, Known]
"""The pages of a line, by path."""


@dataclass(frozen=True, slots=True)
class Step:
    """A page's next version; `before` is the one that it follows, None for a new page."""

    path: str
    operation: Operation
    before: Known | None
    blob: str


def steps_of(state: State, branch: int, changed: Iterable[FileChange]) -> Iterator[Step]:
    """What a commit on a branch does to each page; the state is that after it."""
    for change in changed:
        step = _step(state.get(change.path), change)
        if step is None:
            continue
        version = step.before.version if step.before else 0
        is_deleted = step.operation is Operation.DELETE
        state[change.path] = Known(version + 1, branch, step.blob, is_deleted)
        yield step


def _step(before: Known | None, change: FileChange) -> Step | None:
    """None where the page stays as it is."""
    if change.blob is None:
        if before is None or before.is_deleted:
            return None
        return Step(change.path, Operation.DELETE, before, before.blob)
    if before is None:
        return Step(change.path, Operation.CREATE, None, change.blob)
    if before.is_deleted:
        return Step(change.path, Operation.RESTORE, before, change.blob)
    if before.blob == change.blob:
        return None
    return Step(change.path, Operation.CHANGE, before, change.blob)
