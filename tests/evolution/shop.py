"""The shop as it begins: its models, what happens in it, and what must hold after any change.

Run inside a process of the project: see `project.py`.
"""

from typing import Any

MODELS = """
from django.db import models
from versioning import HistoricalRecords, References, VersionControlManager, VersionedModel


class Maker(VersionedModel):
    name = models.CharField(max_length=100)
    history = HistoricalRecords()
    version_control = VersionControlManager()


class Item(VersionedModel):
    name = models.CharField(max_length=100)
    size = models.IntegerField(null=True, blank=True)
    weight = models.IntegerField(default=1)
    code = models.CharField(max_length=50, blank=True)
    note = models.TextField(blank=True)
    maker = models.ForeignKey(Maker, null=True, blank=True, on_delete=models.PROTECT)
    makers = References(Maker, related_name="made", blank=True)
    history = HistoricalRecords()
    version_control = VersionControlManager()
"""

NOTE = "A lamp that stands on a desk and gives light to whoever reads there. " * 6


def fill() -> dict[str, int]:
    """Two moments on main, a branch forked at the second, and edits on both after that."""
    from shop.models import Item, Maker

    from eventstore.reading import last_position
    from versioning import branch_context
    from versioning.branches.fork import fork

    acme, brand = Maker.objects.create(name="Acme"), Maker.objects.create(name="Brand")
    lamp = Item.objects.create(name="Lamp", size=3, weight=5, code="12", note=NOTE, maker=acme)
    Item.objects.create(name="Bulb")
    moments: dict[str, int] = {"first": last_position()}
    lamp.size, lamp.code, lamp.note = 4, "13", NOTE + "\n\nIt is new."
    lamp.save()
    moments["second"] = last_position()
    fork("old")
    with branch_context("old"):
        forked = Item.objects.get(name="Lamp")
        forked.name, forked.weight, forked.note = "Desk lamp", 6, "New. " + forked.note
        forked.save()
        Item.objects.create(name="Stand", size=7, code="70", maker=brand)
    lamp.size, lamp.code = 5, "14"
    lamp.save()
    lamp.makers.set([acme, brand])
    return moments


def values(model: Any, field: str, moments: dict[str, int]) -> dict[str, Any]:
    """The lamp's field at both moments, at head and on the branch, and of the others at head."""
    from versioning import viewpoint

    def lamp() -> Any:
        found = getattr(model.objects.filter(weight__gt=1).get(), field)
        return (
            list(found.values_list("name", flat=True)) if hasattr(found, "values_list") else found
        )

    seen = {"head": lamp()}
    for name, position in moments.items():
        with viewpoint("main", at=position):
            seen[name] = lamp()
    with viewpoint("old"):
        seen["old"] = lamp()
    return seen


def check(model: Any) -> None:
    """Rows, history, audit, rebuild: all say what the log says. Then the branch is merged."""
    from projections.audit.auditing import audit
    from projections.rebuild import rebuild
    from versioning import branch_context
    from versioning.branches.merge import merge
    from versioning.entities.kinds import kind_of
    from versioning.models import Branch
    from versioning.viewpoints.versions import rows_in, to_version

    kind = kind_of(model)
    for item in model.objects.all():
        for row in item.history.all():
            replayed, held = item.history.replayed(row.version), to_version(kind, row).document
            assert replayed == held, (row.version, replayed, held)
        _blamed(kind, item)
    assert rows_in(kind).count() > 3
    _sound(audit(), rebuild())
    bulb = model.objects.get(name="Bulb")
    bulb.name = "Light bulb"
    bulb.save()
    with branch_context("old"):
        stand = model.objects.get(name="Stand")
        stand.name = "Tall stand"
        stand.save()
    sides = _sides(model)
    merge(Branch.objects.get(name="old"))
    _merged_field_by_field(kind, sides, documents(model))
    assert {each.name for each in model.objects.all()} == {
        "Desk lamp", "Light bulb", "Tall stand",
    }  # fmt: skip
    _sound(audit(), rebuild())


Documents = dict[Any, dict[str, Any]]


def documents(model: Any) -> Documents:
    """What every entity holds where it is looked at from, by its key."""
    from versioning.entities.kinds import kind_of

    def held(item: Any, f: Any) -> Any:
        if f.is_references:
            return [str(pk) for pk in getattr(item, f.name).values_list("pk", flat=True)]
        return f.to_json(getattr(item, f.attribute))

    fields = kind_of(model).fields
    return {
        item.pk: {name: held(item, f) for name, f in fields.items()} for item in model.objects.all()
    }


def _sides(model: Any) -> tuple[Documents, Documents, Documents]:
    """What the branch was forked from, main and the branch."""
    from versioning import viewpoint
    from versioning.models import Branch

    with viewpoint("main", at=Branch.objects.get(name="old").base_position):
        base = documents(model)
    with viewpoint("old"):
        theirs = documents(model)
    return base, documents(model), theirs


def _merged_field_by_field(
    kind: Any, sides: tuple[Documents, Documents, Documents], merged: Documents
) -> None:
    """What one side alone changed is as that side has it."""
    changed = 0
    for key, document in merged.items():
        for name in kind.fields:
            base, ours, theirs = (side.get(key, {}).get(name) for side in sides)
            if base in (ours, theirs):
                wanted = theirs if base == ours else ours
                assert document[name] == wanted, (name, document[name], wanted)
                changed += base != wanted
    assert changed > 3


def _blamed(kind: Any, item: Any) -> None:
    """Every field's passages are what stands there now, each with the changeset that wrote it."""
    from versioning.viewpoints.versions import to_version

    held = to_version(kind, item.history.all()[0]).document
    for name, f in kind.fields.items():
        passages = item.history.blame(name)
        told = [passage.value for passage in passages]
        assert ("".join(told) if f.merge_kind == "text" else told[0]) == held[name], (name, told)
        assert all(passage.changeset.pk for passage in passages)


def _sound(report: Any, rebuilt: Any) -> None:
    assert report.findings == (), report.findings
    assert rebuilt.mended == 0, f"{rebuilt.mended} rows mended"
