"""How every command begins, and how those on pages write: one changeset on a branch.

A right is asked before anything is done, and again under the log's lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from versioning.branches.results import ResultRefused
from versioning.context import Context, acting_as, branch_context
from versioning.viewpoints.chain import Viewpoint
from wiki.accounts.rights import Right, require
from wiki.limits.spending import Action, spend


def admit(actor: Any, right: Right, action: Action) -> None:
    """Ask whether an account may do something, and count it. Raises PermissionDenied, TooMuch."""
    require(actor, right)
    spend(actor, action)


@contextmanager
def changeset(
    actor: Any,
    at: Viewpoint,
    message: str,
    *,
    action: Action = Action.EDIT,
    details: dict[str, Any] | None = None,
) -> Iterator[Context]:
    """What is saved inside is one changeset of the account, on the branch; it keeps `details`.

    Raises PermissionDenied, TooMuch, ValidationError (the wiki's rules refuse the result), and what
    else is refused: an EditConflict, a branch that moved or is closed.
    """
    admit(actor, Right.EDIT, action)
    try:
        with (
            acting_as(actor.pk),
            branch_context(at.name, message=message, details=details) as context,
        ):
            yield context
            # The log is locked now: who lost the right meanwhile writes nothing.
            require(actor, Right.EDIT)
    except ResultRefused as refused:
        raise ValidationError(refused.sentence) from None
    except IntegrityError:
        # The form asked before; somebody was faster between that and the lock.
        raise ValidationError(
            "Somebody took this address, or deleted a page that this one refers to, at the same "
            "moment. Look again, and choose another."
        ) from None
