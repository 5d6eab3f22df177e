"""What a conflict asks, as people would ask it."""

from typing import Final

from versioning.entities.kinds import DocumentField
from versioning.merge import Conflict

_QUESTIONS: Final = {
    "name": "What is {title} called?",
    "slug": "At which address does {title} stand?",
    "body": "What does the text of {title} say?",
    "height": "How high is {title}?",
    "speed": "How fast is {title}?",
    "length": "How long is {title}?",
    "drop": "How far does {title} drop?",
    "duration": "How long does {title} take?",
    "inversions": "How often does {title} turn riders upside down?",
    "opened": "When did {title} open?",
    "closed": "When did {title} close?",
    "founded": "When was {title} founded?",
    "park": "In which park is {title}?",
    "manufacturer": "Who made {title}?",
    "designers": "Who designed {title}?",
    "country": "In which country is {title}?",
}
"""By the field's name; of all others it is asked by their labels."""

_REASONS: Final = {
    "both_changed": "Both sides changed it, in different ways.",
    "add_add": "Both sides added it, in different ways.",
    "changed_deleted": "One side deleted the page, the other changed it.",
    "moved_both": "Both sides moved it, each to another place.",
    "unique": "Another page has this value already; it must be its own.",
    "dangling_reference": "It refers to a page that will not exist.",
    "held": "Something outside the pages still needs it, so it cannot be deleted.",
    "cycle": "It would contain itself.",
    "invalid": "Each side removed what the other kept: nothing would be left.",
    "schema": "The two sides were written under different rules.",
}

_SUGGESTED: Final = {
    "quantity": "One side corrected the figure, the other only gave it in another unit.",
    "partial_date": "Both agree as far as they go, and this is the more exact one.",
}
"""Why an answer is suggested, by how the field merges."""


def question(title: str, label: str, f: DocumentField | None, *, is_part: bool) -> str:
    """The question about a field, about a part of a list, or about the whole page."""
    if f is None:
        return f"Should {title} stay?"
    if is_part or f.name not in _QUESTIONS:
        return f"{label} of {title}: which is right?"
    return _QUESTIONS[f.name].format(title=title)


def reason(conflict: Conflict, f: DocumentField | None) -> str:
    """Why it is asked; what one side removed is the page only where no field is named."""
    if conflict.detail:
        return conflict.detail
    if f is not None and conflict.type == "changed_deleted":
        return "One side removed it, the other changed it."
    return _REASONS[conflict.type]


def reason_to_suggest(conflict: Conflict, f: DocumentField) -> str:
    """Why an answer is suggested."""
    if conflict.type == "changed_deleted":
        return "One side worked on what the other removed; this way no work is lost."
    return _SUGGESTED.get(str(f.merge_kind), "It keeps what both sides wanted.")
