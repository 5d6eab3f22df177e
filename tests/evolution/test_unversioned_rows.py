"""Rows with versions and rows without, referring to each other: Django's rules, by events."""

from typing import Any

import pytest

from tests.evolution.project import Project

MODELS = """
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from versioning import HistoricalRecords, References, VersionControlManager, VersionedModel


def at_once(collector, field, sub_objs, using):
    collector.add_field_update(field, None, list(sub_objs))


class Maker(models.Model):
    name = models.CharField(max_length=20)


class Note(models.Model):
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.UUIDField()
    about = GenericForeignKey()


class Lamp(VersionedModel):
    name = models.CharField(max_length=20, default="")
    maker = models.ForeignKey(Maker, on_delete=models.CASCADE, null=True, related_name="lamps")
    seller = models.ForeignKey(Maker, on_delete=models.SET_NULL, null=True, related_name="+")
    owner = models.ForeignKey(Maker, on_delete=at_once, null=True, related_name="+")
    notes = GenericRelation(Note)
    history = HistoricalRecords()
    version_control = VersionControlManager()


class Bulb(VersionedModel):
    lamp = models.ForeignKey(Lamp, on_delete=models.CASCADE)
    history = HistoricalRecords()
    version_control = VersionControlManager()


class Comment(models.Model):
    lamp = models.ForeignKey(Lamp, on_delete=models.CASCADE)


class Reply(VersionedModel):
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE)
    history = HistoricalRecords()
    version_control = VersionControlManager()


class Favourite(models.Model):
    lamp = models.ForeignKey(Lamp, on_delete=models.SET_NULL, null=True)


class Lock(models.Model):
    lamp = models.ForeignKey(Lamp, on_delete=models.{protection})


class Club(models.Model):
    lamps = models.ManyToManyField(Lamp, related_name="clubs")


class Shelf(VersionedModel):
    lamps = References(Lamp, blank=True, related_name="shelves")
    history = HistoricalRecords()
"""


def models(protection: str = "PROTECT") -> str:
    return MODELS.replace("{protection}", protection)


@pytest.fixture
def lamps(empty: Project) -> Project:
    empty.models(models())
    empty.migrate()
    return empty


def deletions() -> dict[str, list[bool]]:
    """Of each versioned model, whether the newest version of each entity is a deletion."""
    from shop.models import Bulb, Lamp, Reply

    return {
        model.__name__: sorted(
            model.history.of(each).all()[0].deleted
            for each in set(model.history.all().values_list("entity_id", flat=True))
        )
        for model in (Lamp, Bulb, Reply)
    }


def findings() -> list[Any]:
    from projections.audit.auditing import audit
    from projections.rebuild import rebuild

    return [*audit().findings, *([] if rebuild().mended == 0 else ["rows were mended"])]


def delete_a_maker(way: str, listens: bool) -> list[Any]:
    """What refers to a row without versions goes with it, and what refers to that."""
    from django.db.models.signals import post_delete, pre_delete
    from shop.models import Bulb, Lamp, Maker

    told: list[tuple[str, str]] = []
    if listens:
        for name, signal in (("before", pre_delete), ("after", post_delete)):
            signal.connect(
                lambda sender, name=name, **_: told.append((name, sender.__name__)), weak=False
            )
    maker = Maker.objects.create(name="maker")
    for _ in range(2):
        Bulb.objects.create(lamp=Lamp.objects.create(maker=maker))
    Lamp.objects.create(name="nobody's")
    count, each = maker.delete() if way == "one" else Maker.objects.all().delete()
    left = list(Lamp.objects.values_list("name", flat=True))
    signalled = sorted(told)
    return [count, each, left, Bulb.objects.count(), deletions(), findings(), signalled]


@pytest.mark.parametrize(("way", "listens"), [("one", False), ("many", False), ("one", True)])
def test_a_cascade_from_a_row_without_versions_is_recorded(
    lamps: Project, way: str, listens: bool
) -> None:
    count, each, left, bulbs, deleted, found, told = lamps.run(delete_a_maker, way, listens)
    assert (count, each) == (5, {"shop.Maker": 1, "shop.Lamp": 2, "shop.Bulb": 2})
    assert (left, bulbs) == (["nobody's"], 0)
    assert deleted == {"Lamp": [False, True, True], "Bulb": [True, True], "Reply": []}
    assert found == []
    of_each = {"Maker": 1, "Lamp": 2, "Bulb": 2}
    assert told == sorted(
        (when, name)
        for when in ("before", "after")
        for name, times in of_each.items()
        for _ in range(times if listens else 0)
    )


def delete_as_one_changeset() -> list[str]:
    from shop.models import Bulb, Lamp, Maker

    from eventstore.models import Changeset
    from versioning import branch_context

    maker = Maker.objects.create(name="maker")
    Bulb.objects.create(lamp=Lamp.objects.create(maker=maker))
    with branch_context(message="Nobody makes lamps."):
        maker.delete()
    newest = Changeset.objects.order_by("-pk")[0]
    return [newest.message, newest.last_position - newest.first_position + 1, *findings()]


def test_a_cascade_may_be_one_changeset(lamps: Project) -> None:
    assert lamps.run(delete_as_one_changeset) == ["Nobody makes lamps.", 2]


def clear(field: str) -> list[Any]:
    from shop.models import Lamp, Maker

    maker = Maker.objects.create(name="maker")
    lamp = Lamp.objects.create(**{field: maker})
    maker.delete()
    lamp.refresh_from_db()
    return [getattr(lamp, field), lamp.version, lamp.history.all()[0].version, *findings()]


@pytest.mark.parametrize("field", ["seller", "owner"])
def test_a_reference_to_a_row_without_versions_is_cleared_by_an_event(
    lamps: Project, field: str
) -> None:
    assert lamps.run(clear, field) == [None, 2, 2]


def let_go(way: str) -> dict[str, Any]:
    """What becomes of rows without versions, where the entity that they refer to goes from main."""
    from shop.models import Club, Comment, Favourite, Lamp, Note, Reply

    from versioning import BatchOperation, branch_context
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge
    from versioning.models import Branch
    from versioning.saving.context import branch_context as context

    with context() as created:
        lamp = Lamp.objects.create()
    assert created.sealed is not None
    comment = Comment.objects.create(lamp=lamp)
    Reply.objects.create(comment=comment)
    Favourite.objects.create(lamp=lamp)
    Note.objects.create(about=lamp)
    club = Club.objects.create()
    club.lamps.add(lamp)
    fork("side")
    match way:
        case "delete":
            lamp.delete()
        case "queryset":
            Lamp.objects.all().delete()
        case "batch":
            with BatchOperation() as batch:
                batch.delete([lamp])
        case "context":
            with branch_context():
                lamp.delete()
        case "merge":
            with branch_context("side"):
                Lamp.objects.get().delete()
            before = [model.objects.count() for model in (Comment, Note, Favourite)]
            assert before == [1, 1, 1], before
            merge(Branch.objects.get(name="side"))
        case "revert":
            Lamp.version_control.revert(created.sealed.changeset)
    return {
        "lamps": Lamp.objects.count(),
        "comments": Comment.objects.count(),
        "replies": Reply.objects.count(),
        "notes": Note.objects.count(),
        "favourite": list(Favourite.objects.values_list("lamp", flat=True)),
        "links of the club": Club.lamps.through.objects.count(),
        "findings": findings(),
    }


@pytest.mark.parametrize("way", ["delete", "queryset", "batch", "context", "merge", "revert"])
def test_rows_without_versions_follow_what_goes_from_main(lamps: Project, way: str) -> None:
    assert lamps.run(let_go, way) == {
        "lamps": 0,
        "comments": 0,
        "replies": 0,
        "notes": 0,
        "favourite": [None],
        "links of the club": 0,
        "findings": [],
    }


def hold() -> dict[str, Any]:
    """A merge that deletes what a row without versions does not let go."""
    from django.db.models import ProtectedError, RestrictedError
    from shop.models import Lamp, Lock

    from versioning import branch_context
    from versioning.branches.conflicts import UnresolvedConflicts
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge, plan_merge
    from versioning.models import Branch

    lamp, other = Lamp.objects.create(name="held"), Lamp.objects.create(name="free")
    fork("side")
    side = Branch.objects.get(name="side")
    with branch_context("side"):
        Lamp.objects.all().delete()
    early = plan_merge(side)
    lock = Lock.objects.create(lamp=lamp)
    said: dict[str, Any] = {}
    try:
        lamp.delete()
    except (ProtectedError, RestrictedError):
        said["deleted"] = "refused"
    try:
        merge(side, planned=early)
    except UnresolvedConflicts as unresolved:
        said["since the plan"] = [c.conflict.type for c in unresolved.conflicts]
    plan = plan_merge(side).plan
    (asked,) = plan.conflicts
    said["asked"] = (asked.conflict.path, asked.conflict.type, asked.conflict.detail)
    again = plan.resolved({asked.key: asked.resolution(None)}).conflicts
    said["asked again"] = [c.conflict.type for c in again]
    said["kept"] = plan.resolved({asked.key: asked.resolution(asked.conflict.ours)}).conflicts
    (way,) = asked.ways_out
    merge(side, resolutions={asked.key: asked.resolution(way.as_answer())})
    said["left"] = list(Lamp.objects.values_list("name", flat=True))
    lock.delete()
    Lamp.objects.all().delete()
    said["in the end"] = [Lamp.objects.count(), *findings()]
    assert other.pk
    return said


@pytest.mark.parametrize("protection", ["PROTECT", "RESTRICT"])
def test_what_a_row_without_versions_protects_is_asked_about(
    empty: Project, protection: str
) -> None:
    empty.models(models(protection))
    empty.migrate()
    assert empty.run(hold) == {
        "deleted": "refused",
        "since the plan": ["held"],
        "asked": ("", "held", "A lock still needs this lamp, so it cannot be deleted."),
        "asked again": ["held"],
        "kept": [],
        "left": ["held"],
        "in the end": [0],
    }


def lose_a_maker() -> list[Any]:
    """A row that has no versions goes between a merge's plan and its record."""
    from shop.models import Lamp, Maker

    from versioning import branch_context
    from versioning.branches.conflicts import UnresolvedConflicts
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge, plan_merge
    from versioning.models import Branch

    maker = Maker.objects.create(name="maker")
    fork("side")
    with branch_context("side"):
        Lamp.objects.create(maker=maker)
    side = Branch.objects.get(name="side")
    planned = plan_merge(side)
    maker.delete()
    try:
        merge(side, planned=planned)
    except UnresolvedConflicts as unresolved:
        return [(c.conflict.path, c.conflict.detail) for c in unresolved.conflicts]
    return []


def test_a_row_without_versions_that_went_since_the_plan_is_asked_about(lamps: Project) -> None:
    assert lamps.run(lose_a_maker) == [
        ("maker", "The maker of a lamp refers to a maker that does not exist.")
    ]


def keep_a_list() -> list[Any]:
    """A versioned list's links are no rows without versions: they do not let go by themselves."""
    from django.db.models import ProtectedError
    from shop.models import Lamp, Shelf

    from versioning.saving.unversioned import foreign_keys

    lamp = Lamp.objects.create()
    shelf = Shelf.objects.create()
    shelf.lamps.set([lamp])
    said = "let go"
    try:
        lamp.delete()
    except ProtectedError:
        said = "protected"
    names = {field.model.__name__ for field in foreign_keys(Lamp)}
    return [said, shelf.lamps.count(), sorted(names), *findings()]


def test_the_links_of_a_versioned_list_follow_the_log(lamps: Project) -> None:
    names = ["Club_lamps", "Comment", "Favourite", "Lock"]
    assert lamps.run(keep_a_list) == ["protected", 1, names]
