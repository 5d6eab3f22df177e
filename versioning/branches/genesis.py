"""The first changeset of every log: main."""

from uuid import UUID

from eventstore import log
from eventstore.history import BEGINNING, dated
from eventstore.models import ChangesetKind
from eventstore.types import Version
from versioning.entities.changes import Change, Operation
from versioning.entities.kinds import kind_of, kinds_by_label
from versioning.events import MAIN
from versioning.models import Branch, BranchState
from versioning.saving import writing
from versioning.schema.differences import Differences
from versioning.schema.lines import Lines
from versioning.schema.recording import declare_kinds_of_today, schema_events
from versioning.viewpoints.chain import MAIN_NAME

MAIN_ID = UUID("00000000-0000-7000-8000-000000000001")


def ensure_main() -> None:
    """Begin the log with main and the kinds that there are, unless it has begun.

    What a log that has begun does not know yet, of an app without migrations or from before
    logs told their schema, it is told now.
    """
    if Branch.objects.filter(number=MAIN).exists():
        declare_kinds_of_today("Kinds of pages, and their fields.")
        return
    kind = kind_of(Branch)
    document = kind.full(
        {"number": MAIN, "name": MAIN_NAME, "state": BranchState.OPEN.value, "description": ""}
    )
    change = Change(kind, MAIN_ID, Operation.CREATE, Version(0), values=document)
    declarations = schema_events(Differences(Lines(), kinds_by_label()))
    header = log.Header(MAIN, None, "The wiki begins.", ChangesetKind.FORK)
    # A language is there before its first word: a history may follow that is older than this log.
    with dated(BEGINNING):
        writing.record([change], header, beside=declarations)
