"""Where what a change did to one page is undone, and each field of it."""

from uuid import UUID

from django.urls import reverse

from versioning.viewpoints.versions import EntityVersion
from wiki.pages.models import Page


def undo_href(changeset: int, plural: str, entity_id: UUID) -> str:
    """The address that undoes what a change did to a page."""
    return f"{reverse('revert', args=[changeset])}?page={plural}:{entity_id}"


def undo_field_href(changeset: int, before: EntityVersion | None, after: EntityVersion) -> str:
    """The address that undoes one field, up to the field's name; nothing where none can be.

    A page that came or went with the change has no field that could go back alone.
    """
    model = after.kind.model
    if before is None or before.is_deleted or after.is_deleted or not issubclass(model, Page):
        return ""
    return f"{undo_href(changeset, model.plural, after.entity_id)}&field="
