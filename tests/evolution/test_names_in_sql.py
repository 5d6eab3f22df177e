"""Fields may be called as anything is in generated SQL; a model may have no column of its own."""

from typing import Any

import pytest

from tests.evolution.project import Project

# Collected by reading `manage.py sqlkind`, and what rebuild, audit, totals and search ask.
WORDS = """
    a b c e h l n o p r s t u v w x above at base base_branch base_from before begins branch
    branches change changes closed compared copies count differing documents entity excluded first
    found
    given gone held hit ids inherited is_shown island item key_0 kind last line list listed live
    marked missing name nearer new next nothing number numbered old opened ordinal other own owner
    owner_id place position positions previous released relink renewed row rows shown slot stale
    state states stream streams superfluous target target_id told topic value values versions
    wanted writing
"""
NAMES = WORDS.split()
UNIQUE = ["v", "wanted", "other", "documents", "key_0", "nearer", "row", "released"]
LISTS = ["v", "change", "at", "wanted", "released", "row", "ordinal", "ids"]

HEAD = """
from django.contrib.postgres.fields import ArrayField
from django.db import models
from versioning import HistoricalRecords, References, VersionControlManager, VersionedModel


class Thing(VersionedModel):
    word = models.CharField(max_length=20)
    history = HistoricalRecords()
    version_control = VersionControlManager()
"""


def named() -> str:
    """A model whose columns have all the names, and one whose lists of references have some."""
    columns = [
        f'    {name} = models.CharField(max_length=20, default="{name}", unique={name in UNIQUE})'
        for name in NAMES
    ]
    lists = [f'    {name} = References(Thing, blank=True, related_name="+")' for name in LISTS]
    return f"""{HEAD}

class Named(VersionedModel):
    tags = ArrayField(models.CharField(max_length=20), default=list)
    items = models.JSONField(default=list)
{"\n".join(columns)}
    trailing = models.CharField(max_length=20, default="", db_column="released_")
    also_trailing = models.CharField(max_length=20, default="", db_column="missing_")
    doubled = models.GeneratedField(
        expression=models.F("v"), output_field=models.TextField(), db_persist=True,
        db_column="base_from_",
    )
    things = References(Thing, blank=True, related_name="+")
    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(v="no"), name="v_is_not_no")]


class Listing(VersionedModel):
    word = models.CharField(max_length=20)
{"\n".join(lists)}
    history = HistoricalRecords()
    version_control = VersionControlManager()
"""


def live() -> dict[str, Any]:
    """Every column edited, read in the past, branched, merged, searched, and swapped."""
    from shop.models import Named, Thing

    from eventstore.reading import last_position
    from projections.search.searched import Searched, register_searched
    from versioning import UnresolvedConflicts, branch_context, viewpoint
    from versioning.branches.fork import fork

    register_searched("shop.named", Searched(("v",), ("tags",), ("items",), ("t", "things")))
    thing = Thing.objects.create(word="word")
    one = Named.objects.create(tags=["x"], items=[{"name": "Y"}])
    then = last_position()
    one.things.set([thing])
    fork("side")
    for name in NAMES:
        setattr(one, name, "two")
    one.save()
    Named.objects.update(trailing="main", also_trailing="main")
    with branch_context("side"):
        there = Named.objects.get()
        assert all(getattr(there, name) == name for name in NAMES)
        there.tags = ["z"]
        there.save()
        clashing = Named.objects.create(**dict.fromkeys(UNIQUE, "two"))
    with viewpoint("main", at=then):
        past = Named.objects.values(*NAMES).get()
        assert past == {name: name for name in NAMES}
    with pytest.raises(UnresolvedConflicts) as unresolved:
        Named.version_control.merge("side")
    assert {each.conflict.path for each in unresolved.value.conflicts} == set(UNIQUE)
    with branch_context("side"):
        clashing.delete()
    Named.version_control.merge("side")
    one = Named.objects.get()
    assert all(getattr(one, name) == "two" for name in NAMES)
    assert (one.trailing, one.tags, one.doubled, list(one.things.all())) == (
        "main", ["z"], "two", [thing],
    )  # fmt: skip
    one.history.diff(1, 2)
    for name in NAMES:
        assert one.history.blame(name)[0].changeset.pk
    assert one.history.replayed(1)["v"] == "v"
    few = [Named(**dict.fromkeys(UNIQUE, each)) for each in ("three", "four")]
    Named.objects.bulk_create(few)
    few[0].ids, few[1].ids = "b", "a"
    few[0].v, few[1].v = "four", "three"
    Named.objects.bulk_update(few, ["v", "ids"])
    assert list(Named.objects.order_by("ids").values_list("v", flat=True)) == [
        "three", "four", "two",
    ]  # fmt: skip
    return {"wrong": _wrong(), "mended": [_mended(Named), _mended(Thing)]}


def link() -> dict[str, Any]:
    """Lists of references at head, in the past and on a branch."""
    from shop.models import Listing, Thing

    from versioning import branch_context, viewpoint
    from versioning.branches.fork import fork

    one, two = (Thing.objects.create(word=word) for word in ("one", "two"))
    listing = Listing.objects.create(word="listing")
    for name in LISTS:
        getattr(listing, name).set([one])
    fork("side")
    with branch_context("side"):
        for name in LISTS:
            getattr(Listing.objects.get(), name).set([two, one])
    with viewpoint("side"):
        there = Listing.objects.get()
        assert all(list(getattr(there, name).all()) == [two, one] for name in LISTS)
    assert all(list(getattr(listing, name).all()) == [one] for name in LISTS)
    Listing.version_control.merge("side")
    merged = Listing.objects.get()
    assert all(list(getattr(merged, name).all()) == [two, one] for name in LISTS)
    return {"wrong": _wrong(), "mended": [_mended(Listing)]}


def _wrong() -> list[str]:
    """What audit and rebuild say of sound tables."""
    from projections.audit.auditing import audit
    from projections.rebuild import rebuild

    return [
        *(f"{finding.subject} {finding.sentence}" for finding in audit().findings),
        *(["rows were mended"] if rebuild().mended else []),
    ]


def _mended(model: Any) -> int:
    """How many rows a rebuild brings back where all of a model's heads were lost."""
    from django.db import connection, transaction

    from projections.rebuild import rebuild
    from versioning.entities.kinds import kind_of

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL projections.writing = '1'")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"DELETE FROM {kind_of(model).head}")
    return rebuild().mended


@pytest.mark.parametrize(
    ("step", "mended"),
    [pytest.param(live, [3, 1], id="columns"), pytest.param(link, [1], id="lists")],
)
def test_a_field_may_be_called_as_anything_is_in_generated_sql(
    empty: Project, step: Any, mended: list[int]
) -> None:
    empty.models(named())
    empty.migrate()
    assert empty.run(step) == {"wrong": [], "mended": mended}


BARE = f"""{HEAD}

class Bare(VersionedModel):
    history = HistoricalRecords()
    version_control = VersionControlManager()


class Shelf(VersionedModel):
    things = References(Thing, blank=True, related_name="+")
    history = HistoricalRecords()
    version_control = VersionControlManager()
"""


def live_without_columns() -> dict[str, Any]:
    from shop.models import Bare, Shelf, Thing

    from eventstore.reading import last_position
    from versioning import branch_context, viewpoint
    from versioning.branches.fork import fork

    bare, gone = Bare.objects.create(), Bare.objects.create()
    one, two = (Thing.objects.create(word=word) for word in ("one", "two"))
    shelf = Shelf.objects.create()
    shelf.things.set([one])
    then = last_position()
    fork("side")
    shelf.things.set([one, two])
    gone.delete()
    with branch_context("side"):
        added = Bare.objects.create()
        Shelf.objects.get().things.set([])
        Shelf.objects.create().things.set([two])
    with viewpoint("main", at=then):
        assert set(Bare.objects.all()) == {bare, gone}
        assert list(Shelf.objects.get().things.all()) == [one]
    Bare.version_control.merge("side")
    assert set(Bare.objects.all()) == {bare, added}
    assert shelf.history.replayed(2) == {"things": [str(one.pk)]}
    assert bare.history.replayed(1) == {}
    lists = sorted(list(each.things.values_list("word", flat=True)) for each in Shelf.objects.all())
    return {"lists": lists, "wrong": _wrong(), "mended": [_mended(Bare), _mended(Shelf)]}


def test_a_model_needs_no_column_of_its_own(empty: Project) -> None:
    empty.models(BARE)
    empty.migrate()
    told = {"lists": [["two"], ["two"]], "wrong": [], "mended": [2, 2]}
    assert empty.run(live_without_columns) == told
