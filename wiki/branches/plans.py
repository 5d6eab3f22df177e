"""What a merge, a sync or a revert would do, as pages show it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import pluralize

from versioning.branches.documents import state
from versioning.branches.entity_plans import EntityPlan
from versioning.branches.plans import Plan
from versioning.entities.kinds import Document, Kind
from wiki.branches.origins import Behind
from wiki.branches.plan_tokens import token_of
from wiki.branches.questions import Asking, Labels, sides_of
from wiki.pages.models import Page
from wiki.pages.values import FieldDiff, Shelf, field_diffs, shelf_of

MOST_SHOWN = 100
"""Entities that a page of a plan shows; all of them are carried out."""


@dataclass(frozen=True)
class PlannedPage:
    """One entity that changes, and how."""

    title: str
    address: str
    what: str
    fields: Sequence[FieldDiff]

    @property
    def counted(self) -> str:
        """How much of it changes, in words: `2 facts, 1 text`."""
        texts = sum(1 for each in self.fields if each.parts)
        facts = len(self.fields) - texts
        said = ((facts, "fact"), (texts, "text"))
        return ", ".join(f"{count} {noun}{pluralize(count)}" for count, noun in said if count)


def shown_plan(
    plan: Plan,
    *,
    labels: Labels,
    behind: Behind | None = None,
    typed: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A plan for a template: the pages that change, and the questions that are open.

    Who wrote what is `behind` the sides is told where that is given.
    """
    changing = [entity for entity in plan.changing if _is_told(entity)]
    conflicts = plan.conflicts
    shelf = shelf_of([*_documents(changing[:MOST_SHOWN]), *sides_of(conflicts)])
    asking = Asking.about(conflicts, labels, shelf, behind=behind, typed=typed)
    return {
        "plan_token": token_of(plan),
        "planned_pages": [_planned_page(entity, shelf) for entity in changing[:MOST_SHOWN]],
        "planned_more": max(0, len(changing) - MOST_SHOWN),
        "questions": [asking.question(asked) for asked in conflicts],
    }


def _is_told(entity: EntityPlan) -> bool:
    """Whether anything of it changes about which nothing is asked."""
    return not entity.conflicts or (entity.merged is not None and bool(entity.differing))


def _documents(entities: Sequence[EntityPlan]) -> Iterator[tuple[Kind, Document | None]]:
    for entity in entities:
        yield entity.kind, state(entity.ours)
        yield entity.kind, entity.merged


def _planned_page(entity: EntityPlan, shelf: Shelf) -> PlannedPage:
    before, after = state(entity.ours), entity.merged
    what = "created" if before is None else "deleted" if after is None else "changed"
    return PlannedPage(
        entity.title,
        _address(entity.kind, after or before),
        what,
        field_diffs(entity.kind, before, after, shelf),
    )


def _address(kind: Kind, document: Document | None) -> str:
    if document is None or not issubclass(kind.model, Page):
        return ""
    return f"{kind.model.plural}/{document['slug']}/"
