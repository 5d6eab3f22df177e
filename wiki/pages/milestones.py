"""What happened and when, as pages tell it."""

from versioning.entities.kinds import Document, Kind
from wiki.pages.items import MilestoneSort


def milestones_of(kind: Kind, document: Document) -> list[tuple[str, str, str]]:
    """The milestones by date: day, kind, words."""
    f = kind.fields.get("milestones")
    if f is None:
        return []
    items = f.to_python(document["milestones"])
    dated = sorted(items, key=lambda each: (each.date is None, each.date and each.date.first_day))
    return [(str(m.date or ""), str(MilestoneSort(m.sort).label), m.what) for m in dated]
