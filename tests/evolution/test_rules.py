"""Every constraint of a model counts on branches and in merges, and no branch is unmergeable."""

from collections import Counter
from random import Random
from typing import Any

import pytest

from tests.evolution import many_branches, rules
from tests.evolution.project import Project

SCENARIOS = 25
"""Of each set of models: a database is made for each."""

SEEDS = [*range(4), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(4, 16))]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_merge_ends_applied_or_with_questions_that_have_answers(
    empty: Project, seed: int
) -> None:
    random = Random(seed)
    empty.models(rules.models_text(random))
    empty.migrate()
    scenarios = [random.randrange(2**32) for _ in range(SCENARIOS)]
    counts = Counter(empty.run(rules.merges_end, scenarios))
    assert counts["compared"] == counts["merged"] + counts["nothing to merge"] == SCENARIOS
    assert counts["derived"] == counts["merged"] + counts["synced"]
    assert {"merged", "edited side", "edited main"} <= counts.keys()


BRANCHED = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 4))]


@pytest.mark.parametrize("seed", BRANCHED)
def test_branches_of_branches_end_whatever_the_order(empty: Project, seed: int) -> None:
    random = Random(seed)
    empty.models(many_branches.models_text(random))
    empty.migrate()
    scenarios = [random.randrange(2**32) for _ in range(SCENARIOS // 2)]
    counts = Counter(empty.run(many_branches.merges_end, scenarios))
    made = counts["merged"] + counts["merged one by one"] + counts["synced"]
    assert counts["derived"] == made
    assert {
        "merged",
        "merged one by one",
        "synced",
        "edited nested",
        "edited other",
    } <= counts.keys()


SHELVES = """
from django.db import models
from django.db.models import F, Q
from versioning import HistoricalRecords, VersionControlManager, VersionedModel


class Shelf(VersionedModel):
    place = models.IntegerField(unique=True)
    label = models.CharField(max_length=10)
    low = models.IntegerField(default=0)
    high = models.IntegerField(default=9)
    beside = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="neighbours"
    )
    above = models.ForeignKey("self", null=True, on_delete=models.SET_NULL)
    circular = ("beside",)
    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(low__lte=F("high")), name="low_and_high",
                violation_error_message="The lowest is above the highest.",
            )
        ]

    def contradictions(self):
        if self.low + self.high == 13:
            yield "place", "Thirteen is no good place."
"""


@pytest.fixture
def shelves(empty: Project) -> Project:
    empty.models(SHELVES)
    empty.migrate()
    return empty


def swap() -> list[Any]:
    from shop.models import Shelf

    from projections.audit.auditing import audit
    from projections.rebuild import rebuild
    from versioning import branch_context
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge
    from versioning.models import Branch
    from versioning.saving.batches import BatchOperation

    one, two, three = (Shelf.objects.create(place=n, label=str(n)) for n in (1, 2, 3))
    two.beside = one
    two.save()
    fork("side")
    with branch_context("side"):
        mine, other = Shelf.objects.get(label="1"), Shelf.objects.get(label="2")
        mine.place, other.place = 2, 1
        Shelf.objects.bulk_update([mine, other], ["place"])
        Shelf.objects.get(label="3").delete()
        Shelf.objects.create(place=3, label="new")
    merge(Branch.objects.get(name="side"))
    merged = sorted(Shelf.objects.values_list("label", "place"))
    with BatchOperation("Round and round") as batch:
        moved = list(Shelf.objects.order_by("label"))
        for shelf, place in zip(moved, (1, 3, 2), strict=True):
            shelf.place = place
        batch.process_changes(moved)
    on_main = sorted(Shelf.objects.values_list("label", "place"))
    assert Shelf.objects.get(label="2").beside == Shelf.objects.get(label="1")
    assert three.pk not in Shelf.objects.values_list("pk", flat=True)
    return [merged, on_main, audit().findings, rebuild().mended]


def test_values_that_are_unique_at_every_moment_are_swapped_and_passed_on(
    shelves: Project,
) -> None:
    merged, on_main, findings, mended = shelves.run(swap)
    assert merged == [("1", 2), ("2", 1), ("new", 3)]
    assert on_main == [("1", 1), ("2", 3), ("new", 2)]
    assert (findings, mended) == ((), 0)


def contradict() -> dict[str, Any]:
    from shop.models import Shelf

    from versioning import branch_context
    from versioning.branches.conflicts import UnresolvedConflicts
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge, plan_merge
    from versioning.branches.results import ResultRefused
    from versioning.models import Branch

    one, two = (Shelf.objects.create(place=n, label=str(n)) for n in (1, 2))
    fork("side")
    side = Branch.objects.get(name="side")
    said: dict[str, Any] = {}
    try:
        with branch_context("side"):
            Shelf.objects.filter(label="1").update(low=10)
    except ResultRefused as refused:
        said["on a branch"] = str(refused)
    with branch_context("side"):
        Shelf.objects.filter(label="1").update(low=7)
        Shelf.objects.filter(label="1").update(beside=two.pk)
        Shelf.objects.create(place=3, label="theirs")
    Shelf.objects.filter(label="1").update(high=5)
    Shelf.objects.filter(label="2").update(beside=one.pk)
    Shelf.objects.create(place=3, label="ours")
    planned = plan_merge(side)
    conflicts = planned.plan.conflicts
    said["asked"] = sorted((c.title, c.conflict.path, c.conflict.type) for c in conflicts)
    said["sentences"] = sorted({c.conflict.detail for c in conflicts})
    try:
        merge(side)
    except UnresolvedConflicts:
        said["refused"] = True
    answers = {c.key: c.resolution(8) for c in conflicts if c.conflict.path == "high"}
    answers |= {
        c.key: c.resolution(4)
        for c in conflicts
        if c.conflict.path == "place" and c.conflict.theirs == 3
    }
    merge(side, resolutions=answers)
    said["merged"] = sorted(Shelf.objects.values_list("label", "place", "low", "high"))
    return said


def test_what_both_sides_make_together_is_asked_in_the_models_own_words(shelves: Project) -> None:
    said = shelves.run(contradict)
    assert said["on a branch"].startswith("The lowest is above the highest. ")
    one = next(title for title, path, _ in said["asked"] if path == "high")
    assert [asked[1:] for asked in said["asked"] if asked[0] == one] == [
        ("high", "invalid"),
        ("low", "invalid"),
    ]
    assert [asked[1:] for asked in said["asked"] if asked[0] != one] == [("place", "unique")] * 2
    assert "The lowest is above the highest." in said["sentences"]
    assert all("Another shelf has this place already" in each for each in said["sentences"][:-1])
    assert said["refused"]
    assert said["merged"] == [
        ("1", 1, 7, 8),
        ("2", 2, 0, 9),
        ("ours", 3, 0, 9),
        ("theirs", 4, 0, 9),
    ]


def race() -> list[Any]:
    """A page comes to main between a merge's last look and the log's lock."""
    from unittest.mock import patch

    from shop.models import Shelf

    from eventstore import log
    from versioning import branch_context
    from versioning.branches.conflicts import UnresolvedConflicts
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge, plan_merge
    from versioning.models import Branch

    fork("side")
    with branch_context("side"):
        Shelf.objects.create(place=1, label="theirs")
    side = Branch.objects.get(name="side")
    planned = plan_merge(side)
    honest = log.lock

    def overtaken() -> None:
        with patch("eventstore.log.lock", honest):
            Shelf.objects.create(place=1, label="ours")
        honest()

    try:
        with patch("eventstore.log.lock", overtaken):
            merge(side, planned=planned)
    except UnresolvedConflicts as unresolved:
        return [(c.conflict.path, c.conflict.type) for c in unresolved.conflicts]
    return []


def test_what_came_to_the_target_since_the_plan_is_asked_about(shelves: Project) -> None:
    assert shelves.run(race) == [("place", "unique"), ("place", "unique")]


def answer_badly() -> list[Any]:
    """A question at a value that no side changed, answered with what another entity has."""
    from shop.models import Shelf

    from versioning import branch_context
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge, plan_merge
    from versioning.models import Branch

    Shelf.objects.create(place=1, label="1")
    Shelf.objects.create(place=2, label="2")
    fork("side")
    with branch_context("side"):
        Shelf.objects.filter(label="1").update(low=5)
    Shelf.objects.filter(label="1").update(high=8)
    side = Branch.objects.get(name="side")
    plan = plan_merge(side).plan
    (asked,) = plan.conflicts
    again = plan.resolved({asked.key: asked.resolution(2)}).conflicts
    (way,) = asked.ways_out
    merge(side, resolutions={asked.key: asked.resolution(way.as_answer())})
    found = [(c.conflict.path, c.conflict.type) for c in again]
    return [asked.conflict.detail, found, list(Shelf.objects.values_list("low", "high"))]


def test_an_answer_that_breaks_another_rule_is_asked_about(shelves: Project) -> None:
    detail, again, merged = shelves.run(answer_badly)
    assert detail == "Thirteen is no good place."
    assert again == [("place", "unique")]
    assert sorted(merged) == [(0, 8), (0, 9)]


def close_a_circle() -> list[Any]:
    """One end on each side, and what lies between is touched by neither."""
    from shop.models import Shelf

    from versioning import branch_context
    from versioning.branches.fork import fork
    from versioning.branches.merge import plan_merge
    from versioning.models import Branch

    three = Shelf.objects.create(place=3, label="3")
    two = Shelf.objects.create(place=2, label="2", above=three)
    one = Shelf.objects.create(place=1, label="1")
    fork("side")
    with branch_context("side"):
        Shelf.objects.filter(label="1").update(above=two.pk)
    Shelf.objects.filter(label="3").update(above=one.pk)
    conflicts = plan_merge(Branch.objects.get(name="side")).plan.conflicts
    labels = {("shop.shelf", one.pk): "1", ("shop.shelf", three.pk): "3"}
    return sorted((labels[c.entity], c.conflict.path, c.conflict.type) for c in conflicts)


def test_a_circle_through_what_nobody_touched_is_found(shelves: Project) -> None:
    assert shelves.run(close_a_circle) == [("1", "above", "cycle"), ("3", "above", "cycle")]


def stand_as_it_did(what: str, when: str, way: str) -> list[Any]:
    """Main makes something that no branch could; the branch edits the same entity elsewhere."""
    from shop.models import Shelf

    from versioning import UnresolvedConflicts, branch_context
    from versioning.branches.fork import fork

    one, two = (Shelf.objects.create(place=n, label=str(n)) for n in (1, 2))

    def make() -> None:
        match what:
            case "circle":
                Shelf.objects.filter(pk=one.pk).update(above=two)
                Shelf.objects.filter(pk=two.pk).update(above=one)
            case "lost":
                Shelf.objects.filter(pk=one.pk).update(loose=two)
                Shelf.objects.get(pk=two.pk).delete()
            case "thirteen":
                Shelf.objects.filter(pk=one.pk).update(low=4)

    if when == "before the fork":
        make()
    fork("side")
    with branch_context("side"):
        Shelf.objects.filter(pk=one.pk).update(label="new")
    if when == "after it":
        make()
    try:
        getattr(Shelf.version_control, way)("side")
    except UnresolvedConflicts as unresolved:
        return [(c.conflict.path, c.conflict.type) for c in unresolved.conflicts]
    with branch_context("side" if way == "sync" else "main"):
        merged = Shelf.objects.get(pk=one.pk)
        return [merged.label, merged.above_id is not None, merged.loose_id is not None, merged.low]


@pytest.mark.parametrize(
    ("when", "way"), [("before the fork", "merge"), ("after it", "merge"), ("after it", "sync")]
)
@pytest.mark.parametrize(
    ("what", "merged"),
    [
        ("circle", ["new", True, False, 0]),
        ("lost", ["new", False, True, 0]),
        ("thirteen", ["new", False, False, 4]),
    ],
)
def test_what_was_so_before_the_merge_is_not_asked_about(
    empty: Project, what: str, merged: list[Any], when: str, way: str
) -> None:
    loose = """
    loose = models.ForeignKey(
        "self", null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    circular = """
    empty.models(SHELVES.replace("\n    circular = ", loose))
    empty.migrate()
    assert empty.run(stand_as_it_did, what, when, way) == merged


def on_a_branch_of_before() -> None:
    from shop.models import Shelf

    from versioning import branch_context
    from versioning.branches.fork import fork

    fork("side")
    with branch_context("side"):
        Shelf.objects.create(place=1, label="odd", low=5)


def edit_there(name: str, value: Any) -> str:
    """What a save of the entity is told on its branch; nothing where it is taken."""
    from shop.models import Shelf

    from versioning import branch_context
    from versioning.branches.results import ResultRefused

    try:
        with branch_context("side"):
            shelf = Shelf.objects.get(place=1)
            setattr(shelf, name, value)
            shelf.save()
    except ResultRefused as refusal:
        return refusal.sentence
    return ""


def test_what_broke_a_check_before_there_was_one_is_edited_elsewhere(shelves: Project) -> None:
    shelves.run(on_a_branch_of_before)
    check = 'models.CheckConstraint(condition=~Q(low=5), name="not_five"),\n            '
    place = "models.CheckConstraint(\n                condition=Q(low__lte"
    shelves.models(SHELVES.replace(place, check + place))
    shelves.migrate()
    assert shelves.run(edit_there, "label", "even") == ""
    assert shelves.run(edit_there, "high", 1) == "The lowest is above the highest."
    assert shelves.run(edit_there, "low", 6) == ""
    assert "not_five" in shelves.run(edit_there, "low", 5)
