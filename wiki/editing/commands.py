"""Create, edit, rename, delete and bring back pages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import ProtectedError

from eventstore.errors import Refusal
from eventstore.types import ChangesetId
from versioning.entities.kinds import Kind
from versioning.saving.edits import record_restoration
from versioning.viewpoints.chain import Viewpoint
from wiki.commanding import changeset
from wiki.kinds.named import NamedPage
from wiki.limits.spending import Action
from wiki.pages.items import OtherName
from wiki.rights.protections import RENAMING, Act, protected_from
from wiki.texts.linking import pages_naming, plan_relinking


class StillReferredTo(Refusal):
    """Other pages refer to the one that was to be deleted; nothing was."""

    code = "still-referred-to"
    status = 409
    hint = "Let them refer to another page first."

    def __init__(self, pages: Sequence[NamedPage]) -> None:
        self.pages = pages
        super().__init__(f"{len(pages)} other pages refer to it.")


def save_page(form: Any, *, actor: Any, at: Viewpoint) -> tuple[Any, ChangesetId | None]:
    """Save a valid form's page on a branch, as one changeset with the form's summary.

    Returns the page and the changeset, which is None where nothing was changed. Raises
    EditConflict, and what `changeset` raises.
    """
    message = form.cleaned_data.get("summary", "")
    page = [form.instance.pk]
    acts = {Act.RENAME} if RENAMING.intersection(form.changed_data) else set()
    with changeset(actor, at, message, acts=acts, of=page, details=form.overridden) as context:
        saved = form.save()
    return saved, context.sealed.changeset if context.sealed else None


def rename_page(form: Any, *, actor: Any, at: Viewpoint) -> Any:
    """Save a valid form's name and address, as one changeset.

    Where it asks for that, links in texts follow (but for those that the account may not edit: the
    former address leads on from there), and the page keeps its former name as another one. Raises
    as above.
    """
    relink = form.cleaned_data["relink"]
    message = form.cleaned_data.get("summary", "")
    with changeset(actor, at, message, action=Action.RENAME, of=[form.instance.pk]):
        page = type(form.instance).objects.get(pk=form.instance.pk)
        links = plan_relinking(page) if relink else None
        if form.cleaned_data["keep_name"] and form.instance.name != page.name:
            form.instance.names = [*page.names, OtherName(name=page.name)]
        saved = form.save()
        texts = links.texts if links else []
        protected = protected_from(actor, [text.pk for text in texts], Act.EDIT)
        for other in texts:
            if other.pk in protected:
                continue
            # A page that links to itself was saved just now.
            text = type(other).objects.get(pk=other.pk) if other.pk == saved.pk else other
            text.body = links.rewritten(text.body, saved.name, saved.slug) if links else text.body
            text.save()
        return saved


def delete_page(page: Any, *, actor: Any, at: Viewpoint, message: str) -> None:
    """Delete a page on a branch; its history stays. Raises StillReferredTo, and as above."""
    with changeset(actor, at, message, action=Action.DELETE, of=[page.pk]):
        # Foreign keys would refuse it too; lists of items have none.
        if others := pages_naming(page):
            raise StillReferredTo(others)
        try:
            type(page).objects.get(pk=page.pk).delete()
        except ProtectedError:
            raise StillReferredTo(pages_naming(page)) from None


def restore_page(kind: Kind, entity_id: UUID, *, actor: Any, at: Viewpoint, message: str) -> None:
    """Bring a deleted page back as it was; by who may delete it. Raises as above."""
    with changeset(actor, at, message, acts={Act.DELETE}, of=[entity_id]):
        record_restoration(kind, entity_id)
