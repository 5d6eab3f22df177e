"""What people answered to conflicts, read off a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from versioning.branches.answers import BadAnswer
from versioning.branches.conflicts import EntityConflict
from versioning.entities.kinds import kind_of
from versioning.fields.validation import sentences_of
from versioning.merge import MISSING, split_path
from wiki.branches.own_answers import own_form_field
from wiki.branches.passages import BY_PASSAGE, OWN, merged_text, text_by_passages
from wiki.branches.questions import choices_of, is_typed, question_name
from wiki.fields.letter_forms import refusal_in
from wiki.pages.addresses import check_address

MARKS = ("<<<<<<<", "|||||||", ">>>>>>>")


@dataclass
class Answers:
    """The answers that fit, and sentences about those that do not, by conflict key."""

    resolutions: dict[str, dict[str, Any]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def refusals(self) -> list[str]:
        """The sentences alone."""
        return list(self.refused.values())


def answers_to(
    conflicts: Sequence[EntityConflict], form: Mapping[str, Any], *, actor: Any
) -> Answers:
    """The answers of a form to conflicts as they stand now; those left open are left out."""
    answers = Answers()
    for asked in conflicts:
        name = question_name(asked.key)
        if not is_typed(name, form):
            continue
        if form.get(f"{name}-signature") != asked.signature:
            answers.refused[asked.key] = (
                f"{asked.title}: one of the sides changed while you decided. Look at them again."
            )
            continue
        try:
            resolution = asked.resolution(_value(asked, str(form[name]), form, name), actor.pk)
        except ValidationError as refusal:
            answers.refused[asked.key] = f"{asked.title}: {' '.join(sentences_of(refusal))}"
        except BadAnswer as refusal:
            answers.refused[asked.key] = f"{asked.title}: {refusal.sentence}"
        else:
            answers.values[asked.key] = resolution["value"]
            answers.resolutions[asked.key] = resolution
    return answers


def _value(asked: EntityConflict, choice: str, form: Mapping[str, Any], name: str) -> Any:
    """The value that a choice stands for. Raises ValidationError."""
    by_passage = merged_text(asked.conflict) if choice == BY_PASSAGE else None
    if choice != OWN and by_passage is None:
        for offered in choices_of(asked):
            if offered.key == choice:
                return offered.value
        raise ValidationError("Choose one of the answers that are offered.")
    kind = kind_of(asked.entity[0])
    form_field = own_form_field(kind, asked.conflict.path)
    if form_field is None:
        raise ValidationError("Choose one of the answers that are offered.")
    own = form_field.clean(
        text_by_passages(by_passage, name, form) if by_passage else form.get(f"{name}-own", "")
    )
    f = kind.fields[split_path(asked.conflict.path)[0]]
    if f.merge_kind == "text" and any(line.startswith(MARKS) for line in str(own).split("\n")):
        raise ValidationError("The text still contains the marks of both sides. Remove them.")
    if f.name == "slug":
        own = check_address(own)
    conflict = asked.conflict
    sides = [
        each for each in (conflict.base, conflict.ours, conflict.theirs) if each is not MISSING
    ]
    if refusal := refusal_in(form_field, own, sides):
        raise ValidationError(refusal)
    return [str(page.pk) for page in own] if f.is_references else f.to_json(own)
