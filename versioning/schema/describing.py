"""What the fields of a kind mean, read off its model: today's, or one of a migration's state."""

from versioning.entities.kinds import DocumentField, Kind
from versioning.schema.events import Meaning


def meaning(f: DocumentField) -> Meaning:
    """What a field of a model means.

    A field with a default of its own is told by every event, so what a blank of it means
    counts for events alone that are older than what the log says of it.
    """
    return Meaning(type=f.column_type, blank=f.blank if f.is_omitted_when_blank else f.absent)


def meanings(kind: Kind) -> dict[str, Meaning]:
    """What all fields of a kind mean, by name."""
    return {name: meaning(f) for name, f in kind.fields.items()}
