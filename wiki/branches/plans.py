"""What a merge, a sync or a revert would do, as pages show it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from versioning.branches.answers import answer_of
from versioning.branches.conflicts import EntityConflict
from versioning.branches.documents import state
from versioning.branches.entity_plans import EntityPlan
from versioning.branches.plans import Plan
from versioning.entities.kinds import Document, DocumentField, Kind, kind_of
from versioning.fields.items import ItemsField
from versioning.merge import MISSING, merge_text, split_path
from wiki.branches.plan_tokens import token_of
from wiki.pages.fields import PageField
from wiki.pages.forms import edit_form, rename_form
from wiki.pages.models import Page
from wiki.pages.values import (
    FieldDiff,
    Shelf,
    Shown,
    field_diffs,
    in_words,
    label_of,
    shelf_of,
    shown,
    text_parts,
)

MOST_SHOWN = 100
"""Entities that a page of a plan shows; all of them are carried out."""

Labels = tuple[str, str]
"""What our side and theirs are called to people."""


@dataclass(frozen=True)
class PlannedPage:
    """One entity that changes, and how."""

    title: str
    address: str
    what: str
    fields: Sequence[FieldDiff]


@dataclass(frozen=True)
class Choice:
    """One way a conflict can go: its key in the form, whose it is, what it says."""

    key: str
    side: str
    values: Sequence[Shown]
    value: Any
    parts: Sequence[tuple[str, str]] = ()
    """Of a text: what this side made of the base."""


@dataclass(frozen=True)
class Question:
    """A conflict as a form asks it. `name` is that of its fields in the form."""

    asked: EntityConflict
    name: str
    title: str
    label: str
    sentence: str
    choices: Sequence[Choice]
    own_field: str
    chosen: str = ""

    @property
    def signature(self) -> str:
        return self.asked.signature


_OF_RESULTS = frozenset({"unique", "dangling_reference", "held", "cycle", "invalid"})
"""Conflicts that no side has alone: the two together would be refused."""

_KEPT = "the page that it leads to stays, as this side has it"
_AS_IT_IS = "the whole page, as this side has it"
_NOT_THERE = "no such page: it does not come here"

_SENTENCES = {
    "both_changed": "Both sides changed it, each otherwise.",
    "add_add": "Both sides added it, each otherwise.",
    "changed_deleted": "One side deleted the page, the other changed it.",
    "moved_both": "Both sides moved it, each to another place.",
    "unique": "Another page has this value already; it must be its own.",
    "dangling_reference": "It leads to a page that will not be there.",
    "held": "Something outside of the pages refers to it and does not let it go.",
    "cycle": "It would contain itself.",
    "invalid": "Each side removed what the other kept: nothing would be left.",
    "schema": "The two sides were written under different rules.",
}


def shown_plan(plan: Plan, *, labels: Labels) -> dict[str, Any]:
    """A plan for a template: the pages that change, and the questions that are open."""
    changing = [entity for entity in plan.changing if _is_told(entity)]
    conflicts = plan.conflicts
    shelf = shelf_of([*_documents(changing[:MOST_SHOWN]), *sides_of(conflicts)])
    return {
        "plan_token": token_of(plan),
        "planned_pages": [_planned_page(entity, shelf) for entity in changing[:MOST_SHOWN]],
        "planned_more": max(0, len(changing) - MOST_SHOWN),
        "questions": [question_of(asked, labels=labels, shelf=shelf) for asked in conflicts],
    }


def _is_told(entity: EntityPlan) -> bool:
    """Whether anything of it changes about which nothing is asked."""
    return not entity.conflicts or (entity.merged is not None and bool(entity.differing))


def _documents(entities: Sequence[EntityPlan]) -> Iterator[tuple[Kind, Document | None]]:
    for entity in entities:
        yield entity.kind, state(entity.ours)
        yield entity.kind, entity.merged


def sides_of(conflicts: Iterable[EntityConflict]) -> Iterator[tuple[Kind, Document]]:
    """What the sides of conflicts say, as documents: for the names of the pages in them."""
    for asked in conflicts:
        kind = kind_of(asked.entity[0])
        f = _field(asked, kind)
        if f is not None:
            sides = (asked.conflict.ours, asked.conflict.theirs, asked.conflict.suggestion)
            held = (_held(f, asked, side) for side in sides)
            yield from ((kind, {f.name: value}) for value in held if _is_reference_value(value))


def _held(f: DocumentField, asked: EntityConflict, side: Any) -> Any:
    """A side as a value of the field: of an item, or a part of one, a list with that alone."""
    if side is MISSING:
        return None
    match _within(f, asked):
        case [_]:
            return [side]
        case [_, part]:
            return [{part: side}]
    return side


def _within(f: DocumentField, asked: EntityConflict) -> Sequence[str]:
    """The item of a list, and the part of it, that a conflict is about; nothing for the whole."""
    return split_path(asked.conflict.path)[1:] if f.is_list else ()


def _is_reference_value(value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(each, str | Mapping) for each in value)
    )


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


def question_name(key: str) -> str:
    """The name that a conflict's fields have in forms."""
    return f"answer-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def question_of(
    asked: EntityConflict, *, labels: Labels, shelf: Shelf, chosen: str = "", own: Any = None
) -> Question:
    """A conflict as a question with its choices."""
    kind = kind_of(asked.entity[0])
    f = _field(asked, kind)
    name = question_name(asked.key)
    return Question(
        asked,
        name,
        asked.title,
        _label(f, asked) if f else "The whole page",
        _sentence(asked, f),
        _choices(asked, f, labels, shelf),
        _own_field(asked, kind, name, own, shelf),
        chosen,
    )


def _field(asked: EntityConflict, kind: Kind) -> DocumentField | None:
    path = split_path(asked.conflict.path)
    return kind.fields.get(path[0]) if path else None


def _sentence(asked: EntityConflict, f: DocumentField | None) -> str:
    """What is the matter; what one side removed is the page only where no field is named."""
    if asked.conflict.detail:
        return asked.conflict.detail
    if f is not None and asked.conflict.type == "changed_deleted":
        return "One side removed it, the other changed it."
    return _SENTENCES[asked.conflict.type]


def _label(f: DocumentField, asked: EntityConflict) -> str:
    match f.model_field, _within(f, asked):
        case ItemsField(item=item), [_, part] if part in item.parts:
            return f"{label_of(f)}, {label_of(item.as_document_fields()[part]).lower()}"
    return label_of(f)


def _choices(
    asked: EntityConflict, f: DocumentField | None, labels: Labels, shelf: Shelf
) -> list[Choice]:
    conflict = asked.conflict
    if f is None:
        return [
            _whole("ours", labels[0], conflict.ours),
            _whole("theirs", labels[1], conflict.theirs),
        ]
    sides = [("ours", labels[0], conflict.ours), ("theirs", labels[1], conflict.theirs)]
    if conflict.suggestion is not MISSING:
        sides.append(("suggestion", "Suggested", conflict.suggestion))
    offered = [
        Choice(
            key,
            label,
            _shown_side(f, _held(f, asked, value), shelf),
            answer_of(value),
            _parts(f, conflict.base, value),
        )
        for key, label, value in sides
        if conflict.type not in _OF_RESULTS or value is not MISSING
    ]
    return [*offered, *_ways_out(asked, f, labels)] if conflict.type in _OF_RESULTS else offered


def _ways_out(asked: EntityConflict, f: DocumentField, labels: Labels) -> Iterator[Choice]:
    """What settles a result that the wiki would refuse, whatever the sides have there."""
    if f.model_field.null or f.is_list or f.is_references:
        yield Choice("nothing", "Leave it empty", [], f.absent)
    for number, whole in enumerate(asked.ways_out):
        label = labels[0] if whole.side == "ours" else labels[1]
        said = _KEPT
        if whole.entity == asked.entity:
            is_there = getattr(asked.conflict, whole.side) is not MISSING
            said = _AS_IT_IS if is_there else _NOT_THERE
        yield Choice(f"whole-{number}", label, [in_words(said)], whole.as_answer())


def _parts(f: DocumentField, base: Any, side: Any) -> Sequence[tuple[str, str]]:
    if f.merge_kind != "text" or not (isinstance(base, str) and isinstance(side, str)):
        return ()
    return text_parts(base, side)


def _shown_side(f: DocumentField, value: Any, shelf: Shelf) -> list[Shown]:
    try:
        return shown(f, value, shelf)
    except (ValueError, TypeError, AttributeError, KeyError):  # a key of a map
        return [in_words(str(value))]


def _whole(key: str, label: str, value: Any) -> Choice:
    if value is MISSING or value is None:
        return Choice(key, label, [in_words("the page is deleted")], None)
    return Choice(key, label, [in_words("the page stays, as this side has it")], value)


def own_form_field(kind: Kind, path: str) -> Any:
    """The form field that takes a person's own answer; None where a part is asked for."""
    names = split_path(path)
    if len(names) != 1 or not issubclass(kind.model, Page):
        return None
    form = rename_form(kind.model) if names[0] in ("slug", "name") else edit_form(kind.model)
    return form.base_fields.get(names[0])


def _own_field(asked: EntityConflict, kind: Kind, name: str, own: Any, shelf: Shelf) -> str:
    field = own_form_field(kind, asked.conflict.path)
    if field is None:
        return ""
    if own is None:
        own = _draft(asked, kind)
    if isinstance(field, PageField) and (page := shelf.get(str(own))) and page.href:
        own = page.href.rstrip("/").split("/")[-1]  # the field would ask for each by itself
    attrs = {"id": f"{name}-own", "aria-label": f"Another answer for {asked.title}"}
    return str(field.widget.render(f"{name}-own", field.prepare_value(own), attrs))


def _draft(asked: EntityConflict, kind: Kind) -> Any:
    """What a person's own answer begins from: for a text, both sides' passages, marked."""
    f = kind.fields[split_path(asked.conflict.path)[0]]
    conflict = asked.conflict
    ours, theirs = conflict.ours, conflict.theirs
    if f.merge_kind == "text" and isinstance(ours, str) and isinstance(theirs, str):
        base = conflict.base if isinstance(conflict.base, str) else ""
        return merge_text(base, ours, theirs).marked()
    value = theirs if conflict.type == "unique" and theirs is not MISSING else ours
    return None if value is MISSING else f.to_python(value)
