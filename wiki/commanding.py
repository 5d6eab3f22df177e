"""How every command on pages writes: right, branch, changeset; the right again under the lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from versioning.branches.results import ResultRefused
from versioning.context import Context, acting_as, branch_context
from versioning.viewpoints.chain import Viewpoint
from wiki.accounts.rights import Right, require


@contextmanager
def changeset(
    actor: Any, right: Right, at: Viewpoint, message: str, *, details: dict[str, Any] | None = None
) -> Iterator[Context]:
    """What is saved inside is one changeset of the account, on the branch; it keeps `details`.

    Raises PermissionDenied, ValidationError (the wiki's rules refuse the result), and what else
    is refused: an EditConflict, a branch that moved or is closed.
    """
    require(actor, right)
    try:
        with (
            acting_as(actor.pk),
            branch_context(at.name, message=message, details=details) as context,
        ):
            yield context
            # The log is locked now: who lost the right meanwhile writes nothing.
            require(actor, right)
    except ResultRefused as refused:
        raise ValidationError(refused.sentence) from None
    except IntegrityError:
        # The form asked before; somebody was faster between that and the lock.
        raise ValidationError(
            "Somebody took this address, or deleted a page that this one refers to, at the same "
            "moment. Look again, and choose another."
        ) from None
