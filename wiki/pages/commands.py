"""Create, edit and delete pages: right, branch, changeset."""

from typing import Any

from versioning.context import acting_as, branch_context
from versioning.viewpoints.chain import Viewpoint
from wiki.accounts.rights import Right, require


def save_page(form: Any, *, actor: Any, at: Viewpoint, message: str) -> Any:
    """Save a valid form's page on a branch, as one changeset.

    Raises PermissionDenied, EditConflict.
    """
    require(actor, Right.EDIT)
    with acting_as(actor.pk), branch_context(at.name, message=message):
        return form.save()


def delete_page(page: Any, *, actor: Any, at: Viewpoint, message: str) -> None:
    """Delete a page on a branch; its history stays. Raises PermissionDenied, ProtectedError."""
    require(actor, Right.EDIT)
    with acting_as(actor.pk), branch_context(at.name, message=message):
        type(page).objects.get(pk=page.pk).delete()
