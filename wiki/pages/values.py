"""Values as readers see them: words and links, for infoboxes, diffs and conflicts alike."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from versioning.entities.kinds import Document, DocumentField, Kind, kind_of
from versioning.entities.saving import values_of
from versioning.entities.versions import rows_in
from versioning.merge import Hunk, diff_words
from wiki.pages.models import Page

NOT_FACTS = frozenset({"slug", "name", "body"})
LONGEST_EQUAL = 300
"""Characters of unchanged text that a diff shows in one piece."""


@dataclass(frozen=True)
class Shown:
    """A value in words; a reference also says where it leads."""

    text: str
    href: str = ""

    def __str__(self) -> str:
        return self.text


Shelf = Mapping[str, Shown]
"""The pages that some documents refer to, by id."""


@dataclass(frozen=True)
class Fact:
    """A row of an infobox."""

    name: str
    label: str
    values: Sequence[Shown]


@dataclass(frozen=True)
class FieldDiff:
    """One field, before and after. `parts` are the words of a text: pairs of kind and text."""

    name: str
    label: str
    before: Sequence[Shown]
    after: Sequence[Shown]
    parts: Sequence[tuple[str, str]] = ()


def label_of(f: DocumentField) -> str:
    name = str(getattr(f.model_field, "verbose_name", f.name))
    return name[:1].upper() + name[1:]


def document_of(page: Page) -> Document:
    """A page's document as it was read. Cost: a query for each list of references."""
    kind = kind_of(type(page))
    references = {
        f.name: [str(target.pk) for target in getattr(page, f.name).all()]
        for f in kind.reference_fields
    }
    return {**values_of(page, kind), **references}


def shelf_of(documents: Iterable[tuple[Kind, Document | None]]) -> Shelf:
    """The pages that documents refer to, with their names. Cost: a query per kind referred to.

    What is deleted at this viewpoint keeps its last name, without a link.
    """
    wanted: dict[type[Page], set[str]] = defaultdict(set)
    for kind, document in documents:
        for name, f in kind.fields.items():
            related = f.model_field.related_model
            if document is not None and isinstance(related, type) and issubclass(related, Page):
                wanted[related].update(_ids(document.get(name)))
    shelf: dict[str, Shown] = {}
    for model, ids in wanted.items():
        if not ids:
            continue
        for page in model._default_manager.filter(pk__in=ids).only("name", "slug"):
            shelf[str(page.pk)] = Shown(page.name, page.get_absolute_url())
        if missing := ids - shelf.keys():
            rows = rows_in(kind_of(model)).filter(entity_id__in=missing).order_by("valid_from")
            for entity_id, name in rows.values_list("entity_id", "name"):
                shelf[str(entity_id)] = Shown(f"{name} (deleted)")
    return shelf


def shown(f: DocumentField, value: Any, shelf: Shelf) -> list[Shown]:
    """A value of a field; nothing for no value."""
    if value is None or value in ("", [], {}):
        return []
    related = f.model_field.related_model
    if isinstance(related, type) and issubclass(related, Page):
        return [shelf.get(each, Shown(each)) for each in _ids(value)]
    choices = dict(getattr(_item_field(f), "flatchoices", ()))
    if isinstance(value, list):
        return [Shown(str(choices.get(each, each))) for each in value]
    if isinstance(value, bool):
        return [Shown("yes" if value else "no")]
    words = choices.get(value) if choices else None
    return [Shown(str(words or f.to_python(value)))]


def facts_of(kind: Kind, document: Document, shelf: Shelf) -> list[Fact]:
    """What the infobox tells: every field that has a value, but for name and body."""
    facts = [
        Fact(name, label_of(f), shown(f, document[name], shelf))
        for name, f in kind.fields.items()
        if name not in NOT_FACTS
    ]
    return [fact for fact in facts if fact.values]


def field_diffs(
    kind: Kind, before: Document | None, after: Document | None, shelf: Shelf
) -> list[FieldDiff]:
    """The fields that differ, in the model's order; None is a page that is not there."""
    old, new = before or {}, after or {}
    return [
        _field_diff(f, old.get(name), new.get(name), shelf)
        for name, f in kind.fields.items()
        if old.get(name, f.absent) != new.get(name, f.absent)
    ]


def _field_diff(f: DocumentField, before: Any, after: Any, shelf: Shelf) -> FieldDiff:
    parts: Sequence[tuple[str, str]] = ()
    if f.merge_kind == "text":
        parts = text_parts(str(before or ""), str(after or ""))
    return FieldDiff(f.name, label_of(f), shown(f, before, shelf), shown(f, after, shelf), parts)


def text_parts(before: str, after: str) -> list[tuple[str, str]]:
    """A word diff as pairs of kind (same, ins, del, gap) and text."""
    parts: list[tuple[str, str]] = []
    for hunk in diff_words(before, after):
        if hunk.is_equal:
            parts += _shortened(hunk)
            continue
        if hunk.old:
            parts.append(("del", hunk.old))
        if hunk.new:
            parts.append(("ins", hunk.new))
    return parts


def _shortened(hunk: Hunk) -> list[tuple[str, str]]:
    text = hunk.new
    if len(text) <= LONGEST_EQUAL:
        return [("same", text)]
    half = LONGEST_EQUAL // 2
    # Words are not cut, where there are any.
    start = max(text.rfind(" ", 0, half), text.rfind("\n", 0, half)) + 1 or half
    end = next((at for at in range(len(text) - half, len(text)) if text[at] in " \n"), -half)
    return [
        ("same", text[:start]),
        ("gap", f"… {len(text[start:end]):,} characters that did not change …"),
        ("same", text[end:]),
    ]


def _ids(value: Any) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [str(UUID(each)) for each in found if each is not None]


def _item_field(f: DocumentField) -> Any:
    return getattr(f.model_field, "base_field", f.model_field)
