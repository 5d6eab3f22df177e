"""References to the own kind, by which entities name each other, and what goes with those."""

from typing import Any

from tests.evolution.migrations import VERSIONED
from tests.evolution.project import Project

MODELS = f"""{VERSIONED}

class Doc(VersionedModel):
    name = models.CharField(max_length=9)
    see = References("self", related_name="seen", blank=True)
    beside = References("self", blank=True)
    circular = ("see", "beside")
    history = HistoricalRecords()
    version_control = VersionControlManager()


class Stamp(models.Model):
    doc = models.ForeignKey(Doc, on_delete=models.CASCADE)
"""


def name_each_other() -> dict[str, Any]:
    from django.db.models import ProtectedError
    from shop.models import Doc, Stamp

    from projections.audit.auditing import audit
    from versioning import branch_context, viewpoint
    from versioning.branches.fork import fork

    told: dict[str, Any] = {}
    a, b, other = (Doc.objects.create(name=name) for name in ("a", "b", "other"))
    a.see.set([b, a])
    b.see.set([a])
    b.beside.set([a])
    told["seen"] = sorted(doc.name for doc in a.seen.all())
    told["sees a"] = sorted(Doc.objects.filter(see=a).values_list("name", flat=True))
    told["seen by b"] = list(Doc.objects.filter(seen=b).values_list("name", flat=True))
    other.see.add(b)
    fork("spring")
    for branch in ("spring", "main"):
        try:
            with branch_context(branch):
                Doc.objects.exclude(name="other").delete()
        except ProtectedError as error:
            links: set[Any] = error.protected_objects
            told[f"protected on {branch}"] = (
                {link.owner.name for link in links}, error.args[0].split()[-1],
            )  # fmt: skip
        with branch_context(branch):
            Doc.objects.get(name="other").see.clear()
        if branch == "main":
            Stamp.objects.bulk_create([Stamp(doc=a), Stamp(doc=a), Stamp(doc=other)])
        with branch_context(branch):
            told[f"deleted on {branch}"] = Doc.objects.exclude(name="other").delete()
    told["deleted at last"] = Doc.objects.get().delete()
    assert not Stamp.objects.exists()
    with viewpoint("spring"):
        assert [doc.name for doc in Doc.objects.all()] == ["other"]
    assert audit().findings == ()
    return told


def test_entities_that_name_each_other_go_together(empty: Project) -> None:
    empty.models(MODELS)
    empty.migrate()
    protected = ({"other"}, "'Doc_see.target'.")
    assert empty.run(name_each_other) == {
        "seen": ["a", "b"],
        "sees a": ["a", "b"],
        "seen by b": ["a"],
        "protected on spring": protected,
        "deleted on spring": (2, {"shop.Doc": 2}),
        "protected on main": protected,
        "deleted on main": (4, {"shop.Doc": 2, "shop.Stamp": 2}),
        "deleted at last": (2, {"shop.Doc": 1, "shop.Stamp": 1}),
    }
