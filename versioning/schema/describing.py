"""What the fields of a kind mean, read off its model: today's, or one of a migration's state."""

from typing import Any

from versioning.entities.kinds import DocumentField, Kind
from versioning.schema.events import Meaning, Part


def meaning(f: DocumentField) -> Meaning:
    """What a field of a model means.

    A field with a default of its own is told by every event, so what a blank of it means
    counts for events alone that are older than what the log says of it.
    """
    return Meaning(
        type=f.column_type,
        blank=f.blank if f.is_omitted_when_blank else f.absent,
        parts=parts_of(f.model_field),
    )


def parts_of(field: Any) -> dict[str, Part] | None:
    """What the parts of a field's items mean; None where it has none, or none are told."""
    told = getattr(field, "part_meanings", None)
    return None if told is None else {name: Part(**part) for name, part in told.items()}


def meanings(kind: Kind) -> dict[str, Meaning]:
    """What all fields of a kind mean, by name."""
    return {name: meaning(f) for name, f in kind.fields.items()}
