"""Values as readers see them: words and links, for infoboxes, diffs and conflicts alike."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.urls import reverse

from versioning.entities.kinds import Document, DocumentField, Kind, kind_of
from versioning.fields.items import Item, ItemsField, ReferencePart
from versioning.fields.quantities import Quantity
from versioning.merge import diff_words
from versioning.models import Branch
from versioning.saving.edits import values_of
from versioning.viewpoints import entering
from versioning.viewpoints.versions import rows_in
from wiki.fields.web_addresses import followed, read_as
from wiki.pages.blocks import groups_of
from wiki.pages.models import Page

NOT_FACTS = frozenset({"slug", "name", "body", "citations", "milestones"})
"""Fields that a page shows elsewhere than among its facts."""

LONGEST_EQUAL = 300
"""Characters of unchanged text that a diff shows in one piece."""


@dataclass(frozen=True)
class Piece:
    """Words of a value that stand together; those of a reference also say where they lead.

    A quantity has its figure in other units as well: readers choose which they see.
    """

    text: str
    href: str = ""
    converted: str = ""
    system: str = ""
    """Of the unit that it was given in: `metric` or `imperial`."""

    def __str__(self) -> str:
        return f"{self.text} ({self.converted})" if self.converted else self.text


@dataclass(frozen=True)
class Shown:
    """A value in words, piece after piece: an item has many, any other value one."""

    pieces: Sequence[Piece]

    def __str__(self) -> str:
        return "".join(map(str, self.pieces))


def in_words(text: str) -> Shown:
    """A value that plain words tell."""
    return Shown([Piece(text)])


Shelf = Mapping[str, Piece]
"""The pages that some documents refer to, by id."""


@dataclass(frozen=True)
class Fact:
    """A row of an infobox."""

    name: str
    label: str
    values: Sequence[Shown]
    notes: Sequence[int] = ()


@dataclass(frozen=True)
class FactGroup:
    """Facts that stand together, under a title where they are a stat block's."""

    title: str
    facts: Sequence[Fact]

    def noted(self, notes: Mapping[str, Sequence[int]]) -> "FactGroup":
        """The same facts, each with the numbers of the notes that it cites."""
        return replace(
            self, facts=[replace(fact, notes=notes.get(fact.name, ())) for fact in self.facts]
        )


@dataclass(frozen=True)
class FieldDiff:
    """One field, before and after. `parts` are the words of a text: pairs of kind and text.

    `difference` says how far a figure moved.
    """

    name: str
    label: str
    before: Sequence[Shown]
    after: Sequence[Shown]
    parts: Sequence[tuple[str, str]] = ()
    difference: str = ""


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

    What is deleted at this viewpoint, or only on another branch, has its last name without a link.
    """
    wanted: dict[type[Any], set[str]] = defaultdict(set)
    for kind, document in documents:
        for name, value in (document or {}).items():
            for label, entity_id in kind.fields[name].referred(value):
                wanted[kind_of(label).model].add(str(entity_id))
    shelf: dict[str, Piece] = {}
    for model, ids in wanted.items():
        if not ids:
            continue
        names = ("name", "slug") if issubclass(model, Page) else ("name",)
        for named in model._default_manager.filter(pk__in=ids).only(*names):
            shelf[str(named.pk)] = Piece(named.name, _address_of(named))
        if missing := ids - shelf.keys():
            here = [branch for branch, _ in entering.current().chain]
            rows = rows_in(kind_of(model)).filter(entity_id__in=missing).order_by("valid_from")
            known = rows.values_list("entity_id", "name", "branch_number")
            for entity_id, name, branch in known:
                shelf[str(entity_id)] = Piece(f"{name} (deleted)" if branch in here else name)
    return shelf


def _address_of(named: Page | Branch) -> str:
    """A proposal refers to its branch, all else to pages."""
    if isinstance(named, Branch):
        return reverse("branch", args=[named.name])
    return named.get_absolute_url()


def shown(f: DocumentField, value: Any, shelf: Shelf) -> list[Shown]:
    """A value of a field, or of a part of an item; nothing for no value."""
    if value is None or value in ("", [], {}):
        return []
    if isinstance(f.model_field, ItemsField):
        return [_shown_item(f.model_field.item, each, shelf) for each in value]
    return [Shown([piece]) for piece in _pieces(f, value, shelf)]


def _pieces(f: DocumentField, value: Any, shelf: Shelf) -> list[Piece]:
    if f.refers or isinstance(f.model_field, ReferencePart):
        return [shelf.get(each, Piece(each)) for each in _ids(f, value)]
    if type(f.model_field) is models.JSONField:  # conflicts and answers: what programs read
        return [Piece(f"{len(value):,}")]
    choices = dict(getattr(_item_field(f), "flatchoices", ()))
    if isinstance(value, list):
        return [Piece(str(choices.get(each, each))) for each in value]
    if isinstance(value, bool):
        return [Piece("yes" if value else "no")]
    if isinstance(f.model_field, models.URLField):
        return [Piece(read_as(value), followed(value))]
    if type(f.model_field) is models.PositiveIntegerField:
        return [Piece(f"{value:,}")]
    if choices and value in choices:
        return [Piece(str(choices[value]))]
    read = f.to_python(value)
    return [_quantity(read) if isinstance(read, Quantity) else Piece(str(read))]


def _ids(f: DocumentField, value: Any) -> list[str]:
    """The pages that a value names."""
    if isinstance(f.model_field, ReferencePart):
        return f.model_field.named(value)
    return [str(each) for _, each in f.referred(value)]


def _quantity(quantity: Quantity) -> Piece:
    if not quantity.converted:
        return Piece(quantity.given)
    system = "metric" if quantity.is_metric else "imperial"
    return Piece(quantity.given, converted=quantity.converted, system=system)


def _shown_item(item: type[Item], document: Document, shelf: Shelf) -> Shown:
    """An item: what its first part says, and all others behind that.

    Where the first says nothing, another stands there: not without what it is of.
    """
    fields = item.as_document_fields()
    told = {name: shown(part, document.get(name), shelf) for name, part in fields.items()}
    period = _period(told.pop("since", []), told.pop("until", []))
    said = [(fields[name], values) for name, values in told.items() if values]
    if not said:
        return Shown(_joined(period, ""))
    (f, first), *others = said
    is_first = f.name == next(iter(fields))
    head = _joined(first, ", ") if is_first else _worded(f, first).pieces
    behind = [*period, *(_worded(f, values) for f, values in others)]
    bracket = [Piece(" ("), *_joined(behind, "; "), Piece(")")] if behind else []
    return Shown([*head, *bracket])


def _worded(f: DocumentField, values: Sequence[Shown]) -> Shown:
    """A part of an item beside others: words say themselves, figures what they are of."""
    said, label = _joined(values, ", "), label_of(f).lower()
    if isinstance(f.model_field, models.CharField | ReferencePart):
        return Shown(said)
    if isinstance(f.model_field, models.IntegerField):
        is_one = [str(piece) for piece in said] == ["1"]
        return Shown([*said, Piece(f" {label.removesuffix('s') if is_one else label}")])
    return Shown([Piece(f"{label} "), *said])


def _period(since: Sequence[Shown], until: Sequence[Shown]) -> list[Shown]:
    """The time of an item as one value; none where it tells no time."""
    if since and until:
        return [Shown(_joined([*since, *until], " – "))]
    opening = Piece("since " if since else "until ")
    return [Shown([opening, *date.pieces]) for date in since or until]


def _joined(values: Iterable[Shown], between: str) -> list[Piece]:
    """The pieces of several values, with the same words between each two."""
    pieces: list[Piece] = []
    for value in values:
        pieces += [Piece(between), *value.pieces] if pieces else value.pieces
    return pieces


def facts_of(kind: Kind, document: Document, shelf: Shelf) -> list[FactGroup]:
    """What the infobox tells: every field that has a value, in the groups of its model."""
    groups = []
    for group in groups_of(kind.model, NOT_FACTS):
        facts = [
            Fact(name, label_of(kind.fields[name]), values)
            for name in group.names
            if (values := shown(kind.fields[name], document.get(name), shelf))
        ]
        if facts:
            groups.append(FactGroup(group.title, facts))
    return groups


def field_diffs(
    kind: Kind, before: Document | None, after: Document | None, shelf: Shelf
) -> list[FieldDiff]:
    """The fields that differ, in the model's order; None is a page that is not there."""
    old, new = before or {}, after or {}
    return [
        field_diff(f, old.get(name), new.get(name), shelf)
        for name, f in kind.fields.items()
        if old.get(name, f.absent) != new.get(name, f.absent)
    ]


def field_diff(f: DocumentField, before: Any, after: Any, shelf: Shelf) -> FieldDiff:
    """A field before and after, with what a reader asks of the difference."""
    parts: Sequence[tuple[str, str]] = ()
    if f.merge_kind == "text":
        parts = text_parts(str(before or ""), str(after or ""))
    said = shown(f, before, shelf), shown(f, after, shelf)
    return FieldDiff(f.name, label_of(f), *said, parts, difference_of(f, before, after))


def difference_of(f: DocumentField, before: Any, after: Any) -> str:
    """How far a figure moved, with its sign; nothing for all else, and where it did not.

    Values are in JSON form, as documents hold them.
    """
    if before is None or after is None or before == after:
        return ""
    if isinstance(f.model_field, models.IntegerField) and not f.model_field.choices:
        return f"{'+' if after > before else '−'}{abs(after - before):,}"
    if f.merge_kind == "quantity":
        difference: str = f.to_python(after).difference_from(f.to_python(before))
        return difference
    return ""


def text_parts(before: str, after: str) -> list[tuple[str, str]]:
    """A word diff as pairs of kind (same, ins, del, gap) and text."""
    parts: list[tuple[str, str]] = []
    hunks = list(diff_words(before, after))
    for number, hunk in enumerate(hunks):
        if hunk.is_equal:
            parts += _context(hunk.new, is_first=number == 0, is_last=number == len(hunks) - 1)
            continue
        if hunk.old:
            parts.append(("del", hunk.old))
        if hunk.new:
            parts.append(("ins", hunk.new))
    return parts


def _context(text: str, *, is_first: bool, is_last: bool) -> Iterator[tuple[str, str]]:
    """Of a long text that did not change, what stands beside the changes around it."""
    if len(text) <= LONGEST_EQUAL:
        yield "same", text
        return
    head = "" if is_first else text[: _end_of_context(text)]
    tail = "" if is_last else text[len(text) - _end_of_context(text[::-1]) :]
    if head:
        yield "same", head
    yield "gap", f"… {len(text) - len(head) - len(tail):,} characters that did not change …"
    if tail:
        yield "same", tail


def _end_of_context(text: str) -> int:
    """Where the paragraph ends that a text begins with; no word is cut where it is long."""
    half = LONGEST_EQUAL // 2
    paragraph = text.find("\n\n", 0, half)
    word = max(text.rfind(" ", 0, half), text.rfind("\n", 0, half))
    return next((end for end in (paragraph, word) if end >= 0), half)


def _item_field(f: DocumentField) -> Any:
    return getattr(f.model_field, "base_field", f.model_field)
