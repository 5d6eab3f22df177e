"""The signal of everything that is recorded, whatever recorded it.

    @receiver(changeset_recorded)
    def tell(sealed, header, changes, **_): ...

Sent when the transaction is committed: by then it holds, and nobody is kept waiting for the log.
Django's own signals come beside it where Django's own would: see `entities/model.py`,
`entities/deleting.py` and `entities/references.py`.
"""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.dispatch import Signal

from eventstore import log
from eventstore.models import Changeset
from versioning.entities.changes import Change

changeset_recorded = Signal()
"""`sealed` has the number, the positions and the time, `header` the branch, account, message and
kind; `changes` are the `Change`s in their order, each with its entity's kind, id, operation,
version and the values that it sets. The sender is `Changeset`.

What a receiver raises is logged (by `django.dispatch`): what is recorded stays so.
"""


def is_listened_to() -> bool:
    """Whether anybody would be told: where nobody is, changes need not be kept."""
    return changeset_recorded.has_listeners(Changeset)


def tell_on_commit(sealed: log.Sealed, header: log.Header, changes: Sequence[Change]) -> None:
    """Send the signal once what was recorded is committed; at once outside of a transaction."""
    if is_listened_to():
        send = partial(
            changeset_recorded.send_robust,
            sender=Changeset,
            sealed=sealed,
            header=header,
            changes=tuple(changes),
        )
        transaction.on_commit(send)
