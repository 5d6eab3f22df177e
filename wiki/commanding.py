"""How every command begins and ends, and how those on pages write: one changeset on a branch.

A right is asked before anything is done, and again under the log's lock.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from versioning.branches.results import ResultRefused
from versioning.saving.context import Context, acting_as, branch_context
from versioning.viewpoints.chain import Viewpoint
from wiki.limits.spending import Action, spend
from wiki.rights.network_notes import noting_network
from wiki.rights.protections import Act, require_acts
from wiki.rights.rights import Right, require

_ACTS = {Action.EDIT: Act.EDIT, Action.RENAME: Act.RENAME, Action.DELETE: Act.DELETE}


@contextmanager
def command(actor: Any, right: Right, action: Action) -> Iterator[None]:
    """What an account does inside is its own, counted, and known by its network for a while.

    Raises PermissionDenied, TooMuch.
    """
    require(actor, right)
    spend(actor, action)
    with noting_network(actor.pk), acting_as(actor.pk):
        yield


@contextmanager
def changeset(
    actor: Any,
    at: Viewpoint,
    message: str,
    *,
    action: Action = Action.EDIT,
    acts: Iterable[Act] = (),
    of: Iterable[UUID] = (),
    details: dict[str, Any] | None = None,
) -> Iterator[Context]:
    """What is saved inside is one changeset of the account, on the branch; it keeps `details`.

    `of` are the pages that it is about, `acts` what is done to them besides what the action says.
    Raises PermissionDenied, TooMuch, ValidationError (the wiki's rules refuse the result), and what
    else is refused: an EditConflict, a branch that moved or is closed.
    """
    doing = {page: {_ACTS[action], *acts} for page in of}
    try:
        with (
            command(actor, Right.EDIT, action),
            branch_context(at.name, message=message, details=details) as context,
        ):
            require_acts(actor, doing, branch=at.branch)
            yield context
            # The log is locked now: who lost the right meanwhile writes nothing.
            require(actor, Right.EDIT)
            require_acts(actor, doing, branch=at.branch)
    except ResultRefused as refused:
        raise ValidationError(refused.sentence) from None
    except IntegrityError:
        # The form asked before; somebody was faster between that and the lock.
        raise ValidationError(
            "Somebody took this address, or deleted a page that this one refers to, at the same "
            "moment. Look again, and choose another."
        ) from None
