"""What an instance leads to is read, and edited, where the instance was read."""

from collections.abc import Callable
from typing import Any

from tests.evolution.migrations import VERSIONED
from tests.evolution.project import Project

MODELS = f"""{VERSIONED}
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation


class Note(VersionedModel):
    text = models.CharField(max_length=9)
    content_type = models.ForeignKey("contenttypes.ContentType", on_delete=models.CASCADE)
    object_id = models.UUIDField()
    target = GenericForeignKey()
    history = HistoricalRecords()


class Doc(VersionedModel):
    name = models.CharField(max_length=30)
    at = models.DateField()
    notes = GenericRelation(Note)
    history = HistoricalRecords()
"""


def lead() -> list[str]:
    from datetime import date

    from django.db.models import prefetch_related_objects
    from shop.models import Doc, Note

    from eventstore.reading import last_position
    from versioning import branch_context, viewpoint
    from versioning.branches.fork import fork
    from versioning.saving.queryset import LeftViewpoint
    from versioning.saving.recorded import WrittenElsewhere

    first = Doc.objects.create(name="old", at=date(2024, 1, 1))
    Doc.objects.create(name="old", at=date(2024, 1, 2))
    Note.objects.create(text="old", target=first)
    then = last_position()
    fork("spring", at=then)
    Doc.objects.update(name="new")
    Note.objects.update(text="new")

    def prefetched(instance: Any, name: str) -> Any:
        prefetch_related_objects([instance], name)
        return instance

    questions: dict[str, Callable[[Any, Any], Any]] = {
        "next": lambda doc, note: doc.get_next_by_at().name,
        "target": lambda doc, note: note.target.name,
        "prefetched target": lambda doc, note: prefetched(note, "target").target.name,
        "related": lambda doc, note: [each.text for each in doc.notes.all()],
        "prefetched": lambda doc, note: [e.text for e in prefetched(doc, "notes").notes.all()],
        "count": lambda doc, note: doc.notes.count(),
    }
    edits: dict[str, Callable[[Any, Any], Any]] = {
        "update": lambda doc, note: doc.notes.update(text="other"),
        "delete": lambda doc, note: doc.notes.all().delete(),
        "clear": lambda doc, note: doc.notes.clear(),
        "create": lambda doc, note: doc.notes.create(text="other"),
        "get or create": lambda doc, note: doc.notes.get_or_create(text="other"),
        "add": lambda doc, note: doc.notes.add(note),
    }
    answered = []
    places: list[Callable[[], Any]] = [
        lambda: viewpoint("main", at=then),
        lambda: branch_context("spring"),
    ]
    for place in places:
        for name, ask in {**questions, **edits}.items():
            with place():
                doc, note = Doc.objects.get(pk=first.pk), Note.objects.get()
            try:
                ask(doc, note)
                answered.append(name)
            except (LeftViewpoint, WrittenElsewhere):
                pass
    with viewpoint("spring"):
        doc, note = Doc.objects.get(pk=first.pk), Note.objects.get()
        assert {name: ask(doc, note) for name, ask in questions.items()} == {
            "next": "old", "target": "old", "prefetched target": "old",
            "related": ["old"], "prefetched": ["old"], "count": 1,
        }  # fmt: skip
    with branch_context("spring"):
        for name, edit in edits.items():
            edit(Doc.objects.get(pk=first.pk), Note.objects.first() or Note(text=name))
            if name == "clear":
                assert not Note.objects.exists()
        assert Doc.objects.get(pk=first.pk).notes.count() == 1
    assert [each.text for each in Note.objects.all()] == ["new"]
    return answered


def test_what_an_instance_leads_to_is_of_where_it_was_read(empty: Project) -> None:
    empty.models(MODELS)
    empty.migrate()
    assert empty.run(lead) == []
