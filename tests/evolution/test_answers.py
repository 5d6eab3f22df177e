"""An answer to a conflict is what the field would keep of it, or it is refused."""

from typing import Any

import pytest

from tests.evolution.project import Project

MODELS = """
from django.db import models
from versioning import HistoricalRecords, References, VersionControlManager, VersionedModel
from versioning.fields import ItemsField, Period, QuantityField, ReferencePart


class Upper(models.CharField):
    def get_prep_value(self, value):
        return None if value is None else str(value).upper()


class Doctor(VersionedModel):
    name = models.CharField(max_length=10)


class Stay(Period):
    room = models.CharField(max_length=10)
    beds = models.IntegerField(null=True, blank=True)
    doctor = ReferencePart("shop.Doctor", blank=True)


class Ward(VersionedModel):
    name = models.CharField(max_length=10)
    text = models.TextField(default="")
    beds = models.PositiveIntegerField(default=1)
    is_open = models.BooleanField(default=False)
    opened = models.DateTimeField(null=True)
    price = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    code = Upper(max_length=9, default="")
    weight = QuantityField(unit="kg", null=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True)
    doctors = References(Doctor, related_name="wards", blank=True)
    stays = ItemsField(item=Stay)
    told = models.JSONField(default=dict)
    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(beds__lt=100), name="few_beds"),
        ]
"""

REFUSED = "refused"

CASES: list[tuple[str, Any, Any, Any, Any]] = [
    # a field, what both sides say, an answer, and what is kept
    ("name", "B", "C", {"a": 1}, REFUSED),
    ("name", "B", "C", True, REFUSED),
    ("name", "B", "C", [], REFUSED),
    ("name", "B", "C", "x" * 11, REFUSED),
    ("name", "B", "C", "a\0b", REFUSED),
    ("name", "B", "C", "\ud800", REFUSED),
    ("name", "B", "C", 7, "7"),
    ("name", "B", "C", "MISSING", "MISSING"),
    ("name", "B", "C", "D", "D"),
    ("beds", 2, 3, "07", 7),
    ("beds", 2, 3, "٣", 3),
    ("beds", 2, 3, 4.0, 4),
    ("beds", 2, 3, 3.5, REFUSED),
    ("beds", 2, 3, True, REFUSED),
    ("beds", 2, 3, -1, REFUSED),
    ("beds", 2, 3, 2**70, REFUSED),
    ("beds", 2, 3, float("nan"), REFUSED),
    ("is_open", True, True, False, False),
    ("opened", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03 12:00+02:00",
     "2026-01-03T10:00:00+00:00"),
    ("opened", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "soon", REFUSED),
    ("price", "1", "2", "3", "3.00"),
    ("price", "1", "2", 12345678, REFUSED),
    ("code", "b", "c", "d", "D"),
    ("weight", "3 kg", "4 kg", "", None),
    ("weight", "3 kg", "4 kg", "5 kg", {"value": 5, "unit": "kg"}),
    ("weight", "3 kg", "4 kg", "heavy", REFUSED),
    ("weight", "3 kg", "4 kg", [3], REFUSED),
    ("parent_id", "first", "second", 7, REFUSED),
    ("parent_id", "first", "second", True, REFUSED),
    ("parent_id", "first", "second", "zz", REFUSED),
    ("parent_id", "first", "second", None, None),
    ("stays.s1.beds", 8, 9, None, "nothing"),
    ("stays.s1.beds", 8, 9, "10", 10),
    ("stays.s1.beds", 8, 9, "zz", REFUSED),
    ("stays.s1.beds", 8, 9, 1.5, REFUSED),
    ("stays.s1.since", "2001", "2002", "2003-04", "2003-04"),
    ("stays.s1.since", "2001", "2002", None, "nothing"),
    ("stays.s1.since", "2001", "2002", "nonsense", REFUSED),
    ("stays.s1.room", "8", "9", 7, "7"),
    ("stays.s1.room", "8", "9", "x" * 11, REFUSED),
    ("stays.s1.doctor", "first", "second", 7, REFUSED),
    ("stays.s1.doctor", "first", "second", "zz", REFUSED),
    ("told.k", 8, 9, {"a": [1]}, {"a": [1]}),
    ("told.k", 8, 9, {1, 2}, REFUSED),
    ("told.k", 8, 9, "\0", REFUSED),
]  # fmt: skip


@pytest.fixture
def wards(empty: Project) -> Project:
    empty.models(MODELS)
    empty.migrate()
    return empty


def edit(ward: Any, path: str, value: Any) -> None:
    from shop.models import Doctor, Ward

    field, _, part = path.partition(".")
    if value in ("first", "second"):
        model = Doctor if part else Ward
        value = str(model.objects.get(name=value).pk)
    if field == "stays":
        (stay,) = ward.stays
        ward.stays = [stay.replace(**{part.partition(".")[2]: value})]
    elif part:
        ward.told = {part: value}
    else:
        setattr(ward, field, value)
    ward.save()


def answered(path: str, ours: Any, theirs: Any, value: Any) -> Any:
    """What is kept of an answer; both ways of giving one lead to it."""
    from shop.models import Ward

    from eventstore.models import Changeset
    from projections.audit.auditing import audit
    from projections.rebuild import rebuild
    from versioning import answer, branch_context, carry_out, every_conflict, propose
    from versioning.branches.answers import BadAnswer
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge
    from versioning.models import ProposalPurpose

    ward = Ward.objects.create(
        name="A", stays=[{"id": "s1", "room": "1", "beds": 1}], told={"k": 1}
    )
    branch = fork(f"side-{Changeset.objects.count()}")
    with branch_context(branch.name):
        edit(Ward.objects.get(pk=ward.pk), path, theirs)
    edit(ward, path, ours)
    proposal = propose(branch, ProposalPurpose.MERGE)
    if not (conflicts := every_conflict(proposal)):
        return merge(branch) and value
    (conflict,) = conflicts
    try:
        answer(proposal, conflict, value)
    except BadAnswer:
        with pytest.raises(BadAnswer):
            conflict.resolution(value)
        return REFUSED
    keys = {each.key for each in every_conflict(proposal)}
    assert keys == {conflict.key}, (path, value, keys)
    carry_out(proposal)
    report = audit(merges=True)
    assert report.findings == (), report.findings
    assert rebuild().mended == 0
    held = Ward.objects.get(pk=ward.pk).history.replayed(Ward.objects.get(pk=ward.pk).version)
    field, *parts = path.removesuffix("_id").split(".")
    held = held[field]
    for part in parts:
        if isinstance(held, list):
            (held,) = (item for item in held if item["id"] == part)
        else:
            held = held.get(part, "nothing")
    return held


def all_answered() -> list[tuple[Any, Any]]:
    from django.db import transaction
    from shop.models import Doctor, Ward

    for name in ("first", "second"):
        Doctor.objects.create(name=name)
        Ward.objects.create(name=name)
    kept = []
    for path, ours, theirs, value, _ in CASES:
        with transaction.atomic():
            kept.append((f"{path}: {value!r}", answered(path, ours, theirs, value)))
            transaction.set_rollback(True)
    return kept


def test_an_answer_is_kept_as_the_field_keeps_it(wards: Project) -> None:
    wanted = [(f"{path}: {value!r}", kept) for path, _, _, value, kept in CASES]
    assert wards.run(all_answered) == wanted


LISTS: list[Any] = [None, "ZZ", ["ZZ"], 7, True, {"a": 1}, [None]]


def lists_answered() -> list[Any]:
    """What a deleted doctor's ward keeps, whatever list is given in the conflict's place."""
    from django.db import transaction
    from shop.models import Doctor, Ward

    from projections.audit.auditing import audit
    from versioning import UnresolvedConflicts, branch_context
    from versioning.branches.answers import BadAnswer
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge

    kept: list[Any] = []
    for value in LISTS:
        with transaction.atomic():
            doctor, ward = Doctor.objects.create(name="d"), Ward.objects.create(name="A")
            branch = fork("side")
            with branch_context("side"):
                Ward.objects.get(pk=ward.pk).doctors.set([doctor])
            doctor.delete()
            try:
                merge(branch)
            except UnresolvedConflicts as open_ones:
                (conflict,) = open_ones.conflicts
            try:
                merge(branch, resolutions={conflict.key: conflict.resolution(value)})
                assert audit(merges=True).findings == ()
                ward.refresh_from_db()
                kept.append(ward.history.replayed(ward.version)["doctors"])
            except BadAnswer:
                kept.append(REFUSED)
            transaction.set_rollback(True)
    return kept


def test_a_list_of_references_is_one_of_entities(wards: Project) -> None:
    assert wards.run(lists_answered) == [[], *[REFUSED] * 6]


def wholes_answered() -> list[str]:
    from uuid import UUID

    from django.db import transaction
    from shop.models import Ward

    from versioning import UnresolvedConflicts, branch_context
    from versioning.branches.answers import BadAnswer
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge

    ward, other = Ward.objects.create(name="A"), Ward.objects.create(name="other")
    branch = fork("side")
    with branch_context("side"):
        Ward.objects.filter(pk=ward.pk).update(name="C")
    Ward.objects.filter(pk=ward.pk).update(name="B")
    try:
        merge(branch)
    except UnresolvedConflicts as open_ones:
        (conflict,) = open_ones.conflicts
    own = f"shop.ward:{ward.pk}"
    ends = []
    for side, entity in [
        ("ours", "x"), ("ours", None), ("both", own), ("ours", f"shop.ward:{UUID(int=0)}"),
        ("theirs", f"shop.ward:{other.pk}"), ("ours", f"nothing.here:{UUID(int=0)}"),
        ("theirs", own), ("ours", own),
    ]:  # fmt: skip
        with transaction.atomic():
            try:
                resolution = conflict.resolution({"$side": side, "entity": entity})
                merge(branch, resolutions={conflict.key: resolution})
                ends.append(Ward.objects.get(pk=ward.pk).name)
            except BadAnswer:
                ends.append(REFUSED)
            transaction.set_rollback(True)
    return ends


def test_a_whole_answer_names_a_side_of_what_is_asked_about(wards: Project) -> None:
    assert wards.run(wholes_answered) == [*[REFUSED] * 6, "C", "B"]
