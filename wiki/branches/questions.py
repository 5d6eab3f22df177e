"""Conflicts as questions: what is asked, the cards to choose from, and an answer of one's own."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from versioning.branches.answers import answer_of
from versioning.branches.conflicts import EntityConflict
from versioning.entities.kinds import Document, DocumentField, Kind, kind_of
from versioning.fields.items import ItemsField
from versioning.merge import MISSING, Unsettled, split_path
from wiki.branches import wording
from wiki.branches.origins import Behind, Origin, Origins, origins_of
from wiki.branches.own_answers import own_input
from wiki.branches.passages import BY_PASSAGE, Passage, Side, is_begun, merged_text, passages_of
from wiki.pages.values import Shelf, Shown, difference_of, in_words, label_of, shown, text_parts

Labels = tuple[str, str]
"""What our side and theirs are called to people."""

BEFORE: Final = "Before both"

_OF_RESULTS = frozenset({"unique", "dangling_reference", "held", "cycle", "invalid"})
"""Conflicts that no side has alone: the two together would be refused."""

_KEPT = "the page that it refers to stays, as on this side"
_AS_IT_IS = "the whole page, as on this side"
_NOT_THERE = "no page: it is not added here"


@dataclass(frozen=True)
class Choice:
    """One way a conflict can go: its key in the form, whose it is, what it says."""

    key: str
    side: str
    values: Sequence[Shown]
    value: Any
    parts: Sequence[tuple[str, str]] = ()
    """Of a text: what this side made of the base."""
    difference: str = ""
    """Of a figure: how far it is from what was before both."""
    origin: Origin | None = None
    reason: str = ""
    """Why it is suggested."""

    @property
    def is_suggested(self) -> bool:
        """Whether it is a side's, and suggested."""
        return bool(self.reason) and self.key != "suggestion"

    @property
    def says(self) -> str:
        """What choosing it keeps, for the button that does: the value, where it is a short one."""
        said = ", ".join("".join(piece.text for piece in each.pieces) for each in self.values)
        return said if said and not self.parts and len(said) <= 40 else ""


@dataclass(frozen=True)
class Question:
    """A conflict as a form asks it. `name` is that of its fields in the form."""

    asked: EntityConflict
    name: str
    title: str
    label: str
    question: str
    reason: str
    choices: Sequence[Choice]
    own_field: str
    chosen: str = ""
    passages: Sequence[Passage] = ()
    """Of a text: what is asked one by one, instead of all of it at once."""
    refusal: str = ""
    """Why the answer that was given is none."""

    @property
    def signature(self) -> str:
        return self.asked.signature

    @property
    def key(self) -> str:
        return self.asked.key

    @property
    def answer(self) -> Choice | None:
        """The choice that was made, unless it is an answer of one's own."""
        return next((each for each in self.choices if each.key == self.chosen), None)


@dataclass(frozen=True)
class Asking:
    """What all questions of a page share: the sides' names, pages that they name, what was typed.

    Where it is known who wrote what is `behind` the sides, the cards say so, and what was before
    both is a card as well.
    """

    labels: Labels
    shelf: Shelf
    origins: Origins = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)
    has_base: bool = False

    @classmethod
    def about(
        cls,
        conflicts: Sequence[EntityConflict],
        labels: Labels,
        shelf: Shelf,
        *,
        behind: Behind | None = None,
        typed: Mapping[str, Any] | None = None,
    ) -> "Asking":
        """Cost: that of `origins_of`, where there is anything to ask."""
        origins = origins_of(conflicts, behind) if behind and conflicts else {}
        return cls(labels, shelf, origins, typed or {}, behind is not None)

    def question(self, asked: EntityConflict, *, chosen: str = "", own: Any = None) -> Question:
        """A conflict as a question with its choices; what was typed counts before what is kept."""
        f = field_of(asked)
        name = question_name(asked.key)
        label = _label(f, asked) if f else "The whole page"
        merged = merged_text(asked.conflict) if f and f.merge_kind == "text" else None
        passages = passages_of(merged, name, self._sides(asked), self.typed) if merged else ()
        return Question(
            asked,
            name,
            asked.title,
            label,
            wording.question(asked.title, label, f, is_part=bool(f and _within(f, asked))),
            wording.reason(asked.conflict, f),
            [self._told(each, asked) for each in _choices(asked, f, self, is_whole=not passages)],
            own_input(asked, name, self.shelf, merged=merged, kept=own, typed=self.typed),
            str(self.typed.get(name, "")) or chosen or (BY_PASSAGE if passages else ""),
            passages,
        )

    def _sides(self, asked: EntityConflict) -> list[Side]:
        named = zip(("base", "ours", "theirs"), (BEFORE, *self.labels), strict=True)
        return [Side(key, label, self.origins.get((asked.key, key))) for key, label in named]

    def _told(self, choice: Choice, asked: EntityConflict) -> Choice:
        return replace(choice, origin=self.origins.get((asked.key, choice.key)))


def is_typed(name: str, form: Mapping[str, Any]) -> bool:
    """Whether a form answers a question at all: that a text is asked by passages is no answer."""
    choice = form.get(name)
    return bool(choice) and (choice != BY_PASSAGE or is_begun(name, form))


def question_name(key: str) -> str:
    """The name that a conflict's fields have in forms."""
    return f"answer-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def sides_of(conflicts: Iterable[EntityConflict]) -> Iterator[tuple[Kind, Document]]:
    """What the sides of conflicts say, as documents: for the names of the pages in them."""
    for asked in conflicts:
        kind, f, conflict = kind_of(asked.entity[0]), field_of(asked), asked.conflict
        if f is not None:
            sides = (conflict.base, conflict.ours, conflict.theirs, conflict.suggestion)
            held = (_held(f, asked, side) for side in sides if not isinstance(side, Unsettled))
            yield from ((kind, {f.name: value}) for value in held if _is_reference_value(value))


def field_of(asked: EntityConflict) -> DocumentField | None:
    """The field that a conflict is about; None for the whole page."""
    path = split_path(asked.conflict.path)
    return kind_of(asked.entity[0]).fields.get(path[0]) if path else None


def choices_of(asked: EntityConflict) -> Sequence[Choice]:
    """The choices of a conflict with the values that they stand for, whatever they are called."""
    asking = Asking(("", ""), {}, has_base=True)
    return _choices(asked, field_of(asked), asking, is_whole=False)


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


def _label(f: DocumentField, asked: EntityConflict) -> str:
    match f.model_field, _within(f, asked):
        case ItemsField(item=item), [_, part] if part in item.parts:
            return f"{label_of(f)}, {label_of(item.as_document_fields()[part]).lower()}"
    return label_of(f)


def _choices(
    asked: EntityConflict, f: DocumentField | None, asking: Asking, *, is_whole: bool
) -> list[Choice]:
    """The ways that a conflict can go; the words of a text are marked where it `is_whole`."""
    conflict, labels = asked.conflict, asking.labels
    if f is None:
        return [
            _whole("ours", labels[0], conflict.ours),
            _whole("theirs", labels[1], conflict.theirs),
        ]
    is_of_results = conflict.type in _OF_RESULTS
    sides = [("ours", labels[0], conflict.ours), ("theirs", labels[1], conflict.theirs)]
    if asking.has_base and not is_of_results and _is_told(conflict.base):
        sides.insert(0, ("base", BEFORE, conflict.base))
    suggested = ""
    if conflict.suggestion is not MISSING:
        having = (key for key, _, value in sides[-2:] if value == conflict.suggestion)
        suggested = next(having, "suggestion")
    if suggested == "suggestion":
        sides.append(("suggestion", "Suggested", conflict.suggestion))
    offered = [
        Choice(
            key,
            label,
            _shown_side(f, _held(f, asked, value), asking.shelf),
            answer_of(value),
            _parts(f, conflict.base, value) if is_whole else (),
            _difference(f, asked, value),
            reason=wording.reason_to_suggest(conflict, f) if key == suggested else "",
        )
        for key, label, value in sides
        if not is_of_results or value is not MISSING
    ]
    return [*offered, *_ways_out(asked, f, labels)] if is_of_results else offered


def _is_told(base: Any) -> bool:
    """Whether there is one thing that was before both."""
    return base is not MISSING and not isinstance(base, Unsettled)


def _difference(f: DocumentField, asked: EntityConflict, value: Any) -> str:
    base = asked.conflict.base
    if _within(f, asked) or not _is_told(base) or value is MISSING:
        return ""
    return difference_of(f, base, value)


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
    return Choice(key, label, [in_words("the page stays, as on this side")], value)
