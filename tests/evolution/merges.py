"""Merges of every sort, honest and forged, in a shop whose models change after that.

Run inside a process of the project: see `project.py`. A forged merge is sealed like any other, so
that only whoever makes it again can tell.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from tests.evolution import shop

OWNED = """
class Owned(Part):
    owner = models.CharField(max_length=100)
    acres = models.IntegerField(null=True)


class Item("""

SEEN = "    seen = models.DateTimeField(auto_now=True)\n"
TOLD = "    told = models.JSONField(default=dict)\n"
HEIGHT = "    height = models.FloatField(null=True)\n"
LASTS = "    lasts = models.DurationField(null=True)\n"
OWNERS = "    owners = ItemsField(item=Owned)\n"
META = "    class Meta:\n        constraints = [{}]\n"
ONE_NAME = META.format("models.UniqueConstraint(fields=['name'], name='one_name')")

MODELS = (
    shop.MODELS.replace("class Item(", OWNED.lstrip("\n")).replace(
        "\n\nclass Maker(",
        "from versioning.fields import Item as Part, ItemsField\n\n\nclass Maker(",
    )
    + SEEN
    + TOLD
    + HEIGHT
    + LASTS
    + OWNERS
    + ONE_NAME
)

BASE = "A lamp that stands on a desk.\n\nIt gives light.\n"

Answers = dict[str, Any]
ANSWERS: Answers = {
    "size": 33, "code": "c-both", "height": 5, "lasts": timedelta(5), "owners.one.acres": 7,
    "told.k": "both",
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """How many merges and syncs there are, and which of their changesets are forged."""

    merges: int
    forged: dict[str, int]


def fill() -> Made:
    """Each merge is about an item of its own, on a branch of its own."""
    from shop.models import Maker

    from eventstore.models import Changeset
    from versioning.branches.deriving import DERIVABLE

    for name in ("Acme", "Brand", "Crown"):
        Maker.objects.create(name=name)
    for honest in HONEST:
        honest()
    for name in WAITING:
        begin(name, {"size": 21}, {"weight": 6})
    forged = {forge.__name__: forge() for forge in FORGED}
    return Made(Changeset.objects.filter(kind__in=DERIVABLE).count(), forged)


def begin(name: str, ours: Answers, theirs: Answers) -> Any:
    """An item, a branch of the item's name, and what both sides say."""
    from shop.models import Item, Maker

    from versioning import branch_context
    from versioning.branches.fork import fork

    acme = Maker.objects.get(name="Acme")
    item = Item.objects.create(
        name=name, size=1, weight=5, code="1", note=BASE, maker=acme, told={"k": 1},
        owners=[{"id": "one", "owner": "Anna", "acres": 1}, {"id": "two", "owner": "Bert"}],
    )  # fmt: skip
    item.makers.set([acme])
    fork(name)
    with branch_context(name):
        edit(name, f"Theirs.\n\n{BASE}", "Brand", **theirs)
    edit(name, f"{BASE}\nOurs.\n", "Crown", **ours)
    return branch(name)


def branch(name: str) -> Any:
    from versioning.models import Branch

    return Branch.objects.select_related("parent").get(name=name)


def edit(name: str, note: str, maker: str, **values: Any) -> None:
    """Edits that merge by the kinds of their fields, and values that may be in conflict."""
    from shop.models import Item, Maker

    item = Item.objects.get(name=name)
    item.note = note
    if "acres" in values:
        one, two = item.owners
        item.owners = [one.replace(acres=values.pop("acres")), two]
    item.told = {**item.told, maker: 1, **values.pop("told", {})}
    for field, value in values.items():
        setattr(item, field, value)
    item.save()
    item.makers.add(Maker.objects.get(name=maker))


OURS: Answers = {
    "size": 21, "code": "c-ours", "acres": 3, "told": {"k": "ours"}, "height": 3,
    "lasts": timedelta(hours=3),
}  # fmt: skip
THEIRS: Answers = {
    "size": 11, "code": "c-theirs", "acres": 4, "told": {"k": "theirs"}, "height": 4.5,
    "lasts": timedelta(hours=-4),
}  # fmt: skip


def resolutions(conflicts: Any, answers: Answers = ANSWERS) -> dict[str, Any]:
    """Each question answered as it is told."""
    return {each.key: each.resolution(answers[each.conflict.path]) for each in conflicts}


def merge_answered(side: Any) -> int:
    from versioning.branches.merge import merge, plan_merge

    conflicts = plan_merge(side).plan.conflicts
    assert {each.conflict.path for each in conflicts} == ANSWERS.keys()
    return int(merge(side, resolutions=resolutions(conflicts)).changeset)


def answered() -> None:
    merge_answered(begin("answered", OURS, THEIRS))


def unanswered() -> None:
    from versioning.branches.merge import merge

    merge(begin("unanswered", {"size": 21}, {"code": "c-theirs", "weight": 6}))


def unanswered_again() -> None:
    """A merge more of an item that is older than whatever happened to the models."""
    from versioning import branch_context
    from versioning.branches.merge import merge

    edit("unanswered", f"Theirs.\n\n{BASE}\nOurs, again.\n", "Acme")
    side = branch("unanswered")
    with branch_context(side.name):
        edit("unanswered", f"Theirs, again.\n\n{BASE}", "Acme")
    merge(side)


def weight_answered() -> None:
    """A merge more, that asks about a field which another type's values were carried over to."""
    from decimal import Decimal

    from versioning import branch_context
    from versioning.branches.merge import merge, plan_merge

    side = branch("unanswered")
    with branch_context(side.name):
        edit("unanswered", f"Theirs, again.\n\n{BASE}", "Acme", weight=Decimal("7.5"))
    edit("unanswered", f"Theirs.\n\n{BASE}\nOurs, again.\n", "Acme", weight=Decimal("8.5"))
    conflicts = plan_merge(side).plan.conflicts
    merge(side, resolutions=resolutions(conflicts, {"weight": 9}))


def synced() -> None:
    """With answers; the next one, with none, releases what was equal."""
    from shop.models import Item

    from versioning import branch_context
    from versioning.branches.sync import plan_sync, sync

    side = begin("synced", OURS, THEIRS)
    sync(side, resolutions=resolutions(plan_sync(side).plan.conflicts))
    with branch_context("synced"):
        there = Item.objects.get(name="synced")
        names = ("note", "size", "code", "told", "owners", "height", "lasts")
        told = {name: getattr(there, name) for name in names}
    Item.objects.filter(name="synced").update(**told)
    edit("synced", told["note"], "Brand", told=told["told"])
    sync(branch("synced"))
    with branch_context("synced"):
        edit("synced", f"Theirs again.\n\n{told['note']}", "Brand")
    edit("synced", f"{told['note']}\nOurs again.\n", "Crown")
    sync(branch("synced"))


def each() -> None:
    """Changeset by changeset; one of them asks."""
    from versioning import branch_context
    from versioning.branches.each import merge_each

    side = begin("each", OURS, THEIRS)
    with branch_context("each"):
        edit("each", f"Theirs.\n\nTwice.\n\n{BASE}", "Brand", weight=7)
    first = merge_each(side)
    assert {asked.conflict.path for asked in first.conflicts} == ANSWERS.keys()
    rest = merge_each(branch("each"), resolutions=resolutions(first.conflicts))
    assert not rest.conflicts


def reverted() -> None:
    """A merge that was reverted does not count: it is made again, over what came after."""
    from versioning.branches.revert import revert

    revert([merge_answered(begin("reverted", OURS, THEIRS))])
    edit("reverted", f"{BASE}\nOurs, later.\n", "Crown", size=22)
    merge_answered(branch("reverted"))


def deleted() -> None:
    """Our side takes away what theirs changed; the answer is the whole of theirs."""
    from shop.models import Item

    from versioning.branches.merge import merge, plan_merge

    side = begin("deleted", OURS, THEIRS)
    Item.objects.get(name="deleted").delete()
    (asked,) = plan_merge(side).plan.conflicts
    answer = {"$side": "theirs", "entity": asked.key.rpartition(":")[0]}
    merge(side, resolutions={asked.key: asked.resolution(answer)})


def two_of_a_name() -> None:
    """Neither side is wrong by itself: what both make breaks a rule of the models."""
    from shop.models import Item

    from versioning import branch_context
    from versioning.branches.merge import merge, plan_merge

    side = begin("two", {"size": 21}, {})
    with branch_context("two"):
        Item.objects.create(name="Twin", code="theirs")
    Item.objects.create(name="Twin", code="ours")
    asked = next(each for each in plan_merge(side).plan.conflicts if each.conflict.theirs == "Twin")
    merge(side, resolutions={asked.key: asked.resolution("Other twin")})


def both_ways() -> None:
    """Branches of branches that are merged and synced in turn."""
    from versioning import branch_context
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge, plan_merge
    from versioning.branches.sync import sync

    upper = begin("upper", {"weight": 8}, {"size": 9})
    fork("lower", parent="upper")
    with branch_context("lower"):
        edit("upper", f"Lower.\n\nTheirs.\n\n{BASE}", "Crown", weight=9)
    merge(branch("lower"))
    with branch_context("upper"):
        edit("upper", f"Lower.\n\nTheirs.\n\n{BASE}\nUpper.\n", "Crown")
    sync(branch("lower"))
    upper = branch("upper")
    conflicts = plan_merge(upper).plan.conflicts
    merge(upper, resolutions=resolutions(conflicts, {"weight": 10, "note": "All of it.\n"}))


def crossed() -> None:
    """Each side has taken over what the other was earlier: there are two bases."""
    from eventstore.models import Changeset
    from eventstore.reading import last_position
    from versioning import branch_context
    from versioning.branches.bases import ancestry
    from versioning.branches.merge import merge, plan_merge
    from versioning.branches.sync import sync

    side = begin("crossed", {"size": 21, "weight": 6}, {"code": "c-theirs"})
    early = Changeset.objects.filter(branch=side.number).latest("id")
    sync(side)
    merge(branch("crossed"), planned=plan_merge(branch("crossed"), upto=early))
    with branch_context("crossed"):
        edit("crossed", f"Theirs.\n\nStill.\n\n{BASE}\nOurs.\n", "Acme", told={"k": "theirs"})
    edit("crossed", f"Theirs.\n\n{BASE}\nOurs.\n\nStill ours.\n", "Acme", size=22)
    side, now = branch("crossed"), last_position()
    assert len(ancestry((side.number, now), (1, now)).bases) == 2
    merge(side)


@contextmanager
def changes_forged(forge: Callable[[Any], None]) -> Iterator[None]:
    """What a plan comes to is another thing where it is recorded."""
    from versioning.branches.plans import Plan

    honest = Plan.changes

    def dishonest(plan: Plan) -> Any:
        changes = honest(plan)
        for change in changes:
            forge(change)
        return changes

    with patch.object(Plan, "changes", dishonest):
        yield


@contextmanager
def record_forged(forge: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """What a merge tells of its answers is not how it was made."""
    import json

    from versioning.branches import merge as module

    honest = vars(module)["recorded_details"]

    def dishonest(*arguments: Any) -> Any:
        details = json.loads(json.dumps(honest(*arguments)))
        forge(details["merge"])
        return details

    with patch.object(module, "recorded_details", dishonest):
        yield


def result_of_conflict() -> int:
    """A value that neither side had and that nobody answered."""
    side = begin("forged-result", OURS, THEIRS)
    with changes_forged(lambda change: change.values.update(size=666)):
        return merge_answered(side)


def result_of_text() -> int:
    """A text that both sides wrote on, without what one of them wrote."""
    from versioning.branches.merge import merge

    side = begin("forged-text", {"size": 21}, {"weight": 6})
    with changes_forged(lambda change: change.values.update(note=f"{BASE}\nOurs.\n")):
        return int(merge(side).changeset)


def result_of_one_side() -> int:
    """A value that one side alone had changed."""
    from versioning.branches.merge import merge

    side = begin("forged-side", {"size": 21}, {"code": "c-theirs"})
    with changes_forged(lambda change: change.values.update(code="666")):
        return int(merge(side).changeset)


def edit_since_the_plan() -> int:
    """What came after the plan is undone, as if nobody had known of it."""
    from shop.models import Item

    from eventstore.reading import last_position
    from versioning.branches.merge import merge
    from versioning.entities.kinds import kind_of

    side = begin("forged-plan", {"size": 21}, {"weight": 6})
    planned = last_position()
    seen = kind_of(Item).fields["seen"].to_json(Item.objects.get(name="forged-plan").seen)
    edit("forged-plan", f"{BASE}\nOurs.\n", "Crown", size=50)
    with (
        changes_forged(lambda change: change.values.update(size=21, seen=seen)),
        record_forged(lambda told: told.update(at=planned)),
    ):
        return int(merge(side).changeset)


def value_of_answer() -> int:
    side = begin("forged-answer", OURS, THEIRS)

    def forge(told: dict[str, Any]) -> None:
        for key, answer in told["answers"]:
            if key.endswith(":size"):
                answer["value"] = 666

    with record_forged(forge):
        return merge_answered(side)


def no_answer() -> int:
    side = begin("forged-away", OURS, THEIRS)
    with record_forged(lambda told: told.update(answers=[])):
        return merge_answered(side)


def answer_to_others() -> int:
    side = begin("forged-sides", OURS, THEIRS)

    def forge(told: dict[str, Any]) -> None:
        for _, answer in told["answers"]:
            answer["signature"] = "of other sides"

    with record_forged(forge):
        return merge_answered(side)


def change_beside() -> int:
    """A change of what no side had touched, hidden in a merge."""
    from shop.models import Item

    from eventstore.types import Version
    from versioning.branches.merge import merge
    from versioning.entities.changes import Change, Operation
    from versioning.entities.kinds import kind_of

    bystander = Item.objects.create(name="bystander")
    side = begin("forged-beside", {"size": 21}, {"weight": 6})
    version = Version(bystander.version)
    values = {"weight": 666}
    beside = Change(kind_of(Item), bystander.pk, Operation.CHANGE, version, values=values)
    return int(merge(side, together_with=[beside]).changeset)


def result_of_sync() -> int:
    from versioning.branches import sync as module

    side = begin("forged-sync", {"size": 21}, {"weight": 6})
    honest = module._change

    def dishonest(*arguments: Any) -> Any:
        change = honest(*arguments)
        if change is not None:
            change.values["weight"] = 666
        return change

    with patch.object(module, "_change", dishonest):
        return int(module.sync(side).changeset)


HONEST = (
    answered, unanswered, synced, each, reverted, deleted, two_of_a_name, both_ways, crossed,
)  # fmt: skip

FORGED = (
    result_of_conflict, result_of_text, result_of_one_side, edit_since_the_plan, value_of_answer,
    no_answer, answer_to_others, change_beside, result_of_sync,
)  # fmt: skip


WAITING = ("later-sync", "later-each", "later-merge")
"""Branches that were edited before the models changed, and are brought in after that."""


def go_on(label: str) -> int:
    """Bring them in, and revert one; how many merges and syncs that made."""
    from django.apps import apps

    from versioning import viewpoint
    from versioning.branches.each import merge_each
    from versioning.branches.merge import merge, plan_merge
    from versioning.branches.revert import revert
    from versioning.branches.sync import plan_sync, sync

    def theirs(conflicts: Any) -> dict[str, Any]:
        return {each.key: each.resolution(each.conflict.theirs) for each in conflicts}

    def weight(name: str) -> int:
        return int(apps.get_model(label).objects.get(name=name).weight)

    for_sync, for_each, for_merge = map(branch, WAITING)
    sync(for_sync, resolutions=theirs(plan_sync(for_sync).plan.conflicts))
    first = merge_each(for_each)
    rest = merge_each(branch("later-each"), resolutions=theirs(first.conflicts))
    made = merge(for_merge, resolutions=theirs(plan_merge(for_merge).plan.conflicts))
    with viewpoint("later-sync"):
        assert weight("later-sync") == 6
    assert (weight("later-sync"), weight("later-each"), weight("later-merge")) == (5, 6, 6)
    revert([made.changeset])
    assert weight("later-merge") == 5
    return 1 + len(first.sealed) + len(rest.sealed) + 1


UNTOLD = (result_of_conflict, result_of_text, value_of_answer, no_answer, answer_to_others)
"""Of the forged merges those that look honest where nobody tells how fields were merged."""


def fill_before_kinds_were_told() -> Made:
    """The same, by code that did not record how fields are merged, nor when it planned."""
    from versioning.branches.recorded import recorded_details as today

    def before(*arguments: Any) -> Any:
        details = today(*arguments)
        told = {name: v for name, v in details["merge"].items() if name not in ("kinds", "at")}
        return {**details, "merge": told}

    with (
        patch("versioning.branches.merge.recorded_details", before),
        patch("versioning.branches.sync.recorded_details", before),
    ):
        return fill()


@dataclass(frozen=True)
class Audited:
    """What an audit of all merges said: changesets with a fault, other findings, and counts."""

    faulty: frozenset[int]
    others: tuple[str, ...]
    derived: int
    untold: int
    mended: int
    sentences: tuple[str, ...] = ()


def audited() -> Audited:
    import re

    from projections.audit.auditing import audit
    from projections.rebuild import rebuild

    report = audit(merges=True)
    subjects = [
        (each, re.fullmatch(r"changeset (\d+), a \w+:", each.subject)) for each in report.findings
    ]
    assert report.merges is not None, report.findings
    return Audited(
        frozenset(int(subject[1]) for _, subject in subjects if subject),
        tuple(str(each) for each, subject in subjects if not subject),
        report.merges.derived,
        report.merges.untold,
        rebuild().mended,
        tuple(str(each) for each, subject in subjects if subject),
    )
