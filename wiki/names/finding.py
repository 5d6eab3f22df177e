"""Find the page that an address means, at a viewpoint.

A page may stand there now, have stood there before (it moved, or it was
deleted), or come only later. The version tables know; there is no table of
redirects to keep.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from versioning.changesets import changesets_of
from versioning.entities.kinds import Kind, kind_of
from versioning.history import History
from versioning.viewpoints import entering
from versioning.viewpoints.chain import MAIN_NAME
from versioning.viewpoints.versions import EntityVersion, rows_in, visible_versions
from versioning.viewpoints.visibility import lying_behind
from wiki.kinds.registry import model_of
from wiki.names.lookup import pages_called
from wiki.requests.refusals import RequestRefused
from wiki.viewpoints.addresses import prefix_named
from wiki.viewpoints.middleware import Moved


class PageIsDeleted(RequestRefused):
    code = "page-is-deleted"
    status = 410
    title = "This page was deleted"
    hint = "Its history is kept: read it there, or bring it back."


class PageComesLater(RequestRefused):
    code = "page-comes-later"
    status = 404
    title = "This page does not exist yet"
    hint = "It was written later than the moment that you are looking at."


@dataclass(frozen=True)
class Traced:
    """An entity by its address: the page, or its tombstone where it is deleted."""

    kind: Kind
    plural: str
    slug: str
    entity_id: UUID
    page: Any | None
    name: str

    @property
    def is_deleted(self) -> bool:
        return self.page is None

    @property
    def history(self) -> History:
        return History(self.kind, self.entity_id, entering.current())


def find_page(plural: str, slug: str, *, address: str = "page") -> Any:
    """The page with an address at this viewpoint. Cost: one query where it stands there.

    `address` names the view that is asked of the page: a page that moved, or is or was only
    called so, redirects to that of its own. Raises Http404,
    Moved, PageIsDeleted, PageComesLater.
    """
    traced = trace(plural, slug, address=address)
    if traced.page is None:
        history = reverse("history", kwargs={"plural": plural, "slug": slug})
        raise PageIsDeleted(
            f"{traced.name} was here once.", links=[(f"History of {traced.name}", history)]
        )
    return traced.page


def trace(plural: str, slug: str, *, address: str = "page") -> Traced:
    """The entity with an address at this viewpoint, deleted ones too.

    Raises Http404, Moved, PageComesLater.
    """
    model = model_of(plural)
    kind = kind_of(model)
    page = model.objects.filter(slug=slug).first()
    if page is not None:
        return Traced(kind, plural, slug, page.pk, page, page.name)
    earlier = _last_with(kind, slug)
    if earlier is None:
        raise _called_so(plural, slug, address) or _not_here(kind, plural, slug)
    if not earlier.is_deleted:
        raise _moved(plural, earlier.document["slug"], address)
    return Traced(kind, plural, slug, earlier.entity_id, None, earlier.document["name"])


def _last_with(kind: Kind, slug: str) -> EntityVersion | None:
    """The entity that had the address last, as it is now at this viewpoint."""
    chain = entering.current().chain
    row = rows_in(kind).filter(lying_behind(chain), slug=slug).order_by("-valid_from").first()
    if row is None:
        return None
    return visible_versions(kind, [row.entity_id], chain).get(row.entity_id)


def _moved(plural: str, slug: str, address: str) -> Moved:
    """To the same view of a page, of which everything else is asked as before."""
    # A version's own number means nothing at another address: the history does.
    view = "history" if address in ("version", "restore") else address
    return Moved(reverse(view, kwargs={"plural": plural, "slug": slug}), keeps_query=True)


def _called_so(plural: str, slug: str, address: str) -> Exception | None:
    """Where the pages stand that are or were called as the address says; of the kind, if any is."""
    called = pages_called([slug]).get(slug, [])
    of_kind = [page for page in called if page.plural == plural]
    if len(of_kind) == 1:
        return _moved(plural, of_kind[0].slug, address)
    if called:
        return Moved(reverse("called", kwargs={"called": slug}))
    return None


def _not_here(kind: Kind, plural: str, slug: str) -> Exception:
    """A 404; with the first moment at which the page exists, if there is one."""
    seen = entering.current()
    own_branch, position = seen.chain[0]
    later = (
        rows_in(kind)
        .filter(slug=slug, branch_number=own_branch, valid_from__gt=position, deleted=False)
        .order_by("valid_from")
        .values_list("valid_from", "name")
        .first()
    )
    if later is None:
        return Http404(f"There is no {kind.model._meta.verbose_name} called {slug!r} here.")
    first, name = later
    changeset = changesets_of([first])[first]
    at = f"@c{changeset.pk}"
    prefix = prefix_named(at if seen.name == MAIN_NAME else f"{seen.name}{at}")
    since = f"{changeset.recorded_at:%-d %B %Y, %H:%M}"
    return PageComesLater(
        f"{name} was first written on {since} (changeset {changeset.pk}).",
        links=[(f"{name}, as it was first", f"{prefix}{plural}/{slug}/")],
    )
