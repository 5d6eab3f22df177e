"""The first changeset of every log: main."""

from uuid import UUID

from eventstore import log
from eventstore.models import ChangesetKind
from eventstore.types import Version
from versioning import writing
from versioning.entities.kinds import kind_of
from versioning.events import MAIN
from versioning.models import Branch, BranchState
from versioning.viewpoints.chain import MAIN_NAME
from versioning.writing import Change, Operation

MAIN_ID = UUID("00000000-0000-7000-8000-000000000001")


def ensure_main() -> None:
    """Begin the log with main, unless it has begun."""
    if Branch.objects.filter(number=MAIN).exists():
        return
    kind = kind_of(Branch)
    document = kind.full(
        {"number": MAIN, "name": MAIN_NAME, "state": BranchState.OPEN.value, "description": ""}
    )
    change = Change(kind, MAIN_ID, Operation.CREATE, Version(0), values=document)
    writing.record([change], log.Header(MAIN, None, "The wiki begins.", ChangesetKind.FORK))
