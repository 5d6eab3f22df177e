"""What refers to a proxy refers to the entity, on every branch."""

from typing import Any

from tests.evolution.migrations import VERSIONED
from tests.evolution.project import Project

MODELS = f"""{VERSIONED}from versioning.fields import Item, ItemsField, ReferencePart


class Tag(VersionedModel):
    name = models.CharField(max_length=30)
    above = models.ForeignKey("Red", null=True, on_delete=models.SET_NULL)
    history = HistoricalRecords()
    version_control = VersionControlManager()


class Red(Tag):
    class Meta:
        proxy = True


class Bit(Item):
    tag = ReferencePart("shop.Red")


class Doc(VersionedModel):
    name = models.CharField(max_length=30)
    tag = models.ForeignKey(Red, null=True, on_delete=models.SET_NULL)
    tags = References(Red, related_name="docs", blank=True)
    bits = ItemsField(item=Bit)
    history = HistoricalRecords()
    version_control = VersionControlManager()
"""


def refer() -> dict[str, Any]:
    from shop.models import Doc, Red, Tag

    from projections.audit.auditing import audit
    from versioning import branch_context, viewpoint
    from versioning.branches.fork import fork
    from versioning.branches.results import ResultRefused

    told: dict[str, Any] = {}
    red = Red.objects.create(name="red")
    doc = Doc.objects.create(name="doc", tag=red, bits=[{"id": "a", "tag": red.pk}])
    doc.tags.set([red])
    fork("spring")
    with branch_context("spring"):
        there = Red.objects.create(name="there")
        Doc.objects.create(name="new", tag=there, bits=[{"tag": there.pk}]).tags.set([there])
        Doc.objects.filter(name="doc").update(name="doc of spring")
    for branch in ("main", "spring"):
        try:
            with branch_context(branch):
                Doc.objects.update(tag=None)
                for each in Doc.objects.all():
                    each.tags.clear()
                Tag.objects.get(name="red").delete()
        except ResultRefused as refused:
            told[branch] = refused.sentence
    fork("circle")
    try:
        with branch_context("circle"):
            Tag.objects.update(above=red)
    except ResultRefused as refused:
        told["circle"] = refused.sentence
    Doc.version_control.merge("spring")
    told["docs"] = sorted(
        (each.name, each.tag.name, [t.name for t in each.tags.all()], len(each.bits))
        for each in Doc.objects.all()
    )
    with viewpoint("spring"):
        assert Tag.objects.count() == 2
    assert audit().findings == ()
    return told


def test_what_refers_to_a_proxy_refers_to_its_entity(empty: Project) -> None:
    empty.models(MODELS)
    empty.migrate()
    lost = "The bits of a doc refers to a page that does not exist."
    told = empty.run(refer)
    assert told.pop("main").endswith(lost)
    assert told.pop("spring").endswith(lost)
    assert told == {
        "circle": "By its above, a tag would be part of itself.",
        "docs": [
            ("doc of spring", "red", ["red"], 1),
            ("new", "there", ["there"], 1),
        ],
    }
