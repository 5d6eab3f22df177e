"""Create, edit, rename, delete and bring back pages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import ProtectedError

from versioning.entities.kinds import Kind
from versioning.entities.saving import record_restoration
from versioning.viewpoints.chain import Viewpoint
from wiki.accounts.rights import Right
from wiki.commanding import changeset


class StillReferredTo(Exception):
    """Other pages refer to the one that was to be deleted; nothing was."""

    def __init__(self, pages: Sequence[Any]) -> None:
        self.pages = pages
        super().__init__(f"{len(pages)} other pages refer to it.")


def save_page(form: Any, *, actor: Any, at: Viewpoint) -> Any:
    """Save a valid form's page on a branch, as one changeset with the form's summary.

    Raises EditConflict, and what `changeset` raises.
    """
    with changeset(actor, Right.EDIT, at, form.cleaned_data.get("summary", "")):
        return form.save()


def delete_page(page: Any, *, actor: Any, at: Viewpoint, message: str) -> None:
    """Delete a page on a branch; its history stays. Raises StillReferredTo, and as above."""
    with changeset(actor, Right.EDIT, at, message):
        try:
            type(page).objects.get(pk=page.pk).delete()
        except ProtectedError as protected:
            # Its pages are read here, where the branch is still shown.
            others: Any = protected.protected_objects
            raise StillReferredTo(sorted(others, key=lambda other: other.name)) from None


def restore_page(kind: Kind, entity_id: UUID, *, actor: Any, at: Viewpoint, message: str) -> None:
    """Bring a deleted page back as it was. Raises as above."""
    with changeset(actor, Right.EDIT, at, message):
        record_restoration(kind, entity_id)
