"""Drafts as their author finds them: of what, on which branch, since when, and the way there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from versioning.events import MAIN
from versioning.models import Branch
from versioning.viewpoints.chain import MAIN_NAME
from wiki.drafts.models import Draft
from wiki.drafts.subjects import Subject
from wiki.kinds.registry import model_of


@dataclass(frozen=True)
class ListedDraft:
    """A line of the list."""

    number: int
    title: str
    branch: str | None
    """Its name; None where its author may not see the branch any more, or it is gone."""
    kept_at: datetime
    address: str
    """Where one goes on with it; empty where that cannot be."""


def listed(drafts: Iterable[Draft]) -> list[ListedDraft]:
    """Cost: a query where any is on a branch."""
    found = list(drafts)
    names = _names_of_branches({draft.branch for draft in found})
    return [_listed(draft, names.get(draft.branch)) for draft in found]


def subject_of(draft: Draft) -> Subject:
    """The form that a draft is of."""
    return Subject(draft.branch, draft.plural, draft.page_id, draft.slug)


def _listed(draft: Draft, branch: str | None) -> ListedDraft:
    kind = str(model_of(draft.plural)._meta.verbose_name)
    named = draft.name or "without a name yet"
    title = named if draft.slug else f"New {kind}: {named}"
    address = f"{subject_of(draft).address_in(branch)}?draft={draft.pk}" if branch else ""
    return ListedDraft(draft.pk, title, branch, draft.kept_at, address)


def _names_of_branches(numbers: set[int]) -> Mapping[int, str]:
    """Of those that whoever reads may see."""
    names = {MAIN: MAIN_NAME}
    if others := numbers - names.keys():
        rows = Branch.objects.filter(number__in=others).values_list("number", "name")
        names |= dict(rows)
    return names
