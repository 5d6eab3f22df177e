"""Constraints over what the database computes, or over the identity, hold on branches too."""

from typing import Any

from tests.evolution.migrations import VERSIONED
from tests.evolution.project import Project

MODELS = f"""{VERSIONED}
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Lower, Upper

NOBODY = "00000000-0000-0000-0000-000000000001"


class Party(VersionedModel):
    name = models.CharField(max_length=30)
    tenant = models.IntegerField(default=1)
    key = models.GeneratedField(
        expression=Upper("name"), output_field=models.CharField(max_length=30),
        db_persist=True, unique=True,
    )
    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        indexes = [
            models.Index(fields=["-id", "name"], name="party_by_name"),
            models.Index(fields=["id", "-tenant"], condition=~Q(pk=NOBODY), name="party_by_tenant")
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "tenant"], name="party_fields"),
            models.UniqueConstraint(
                fields=["tenant"], condition=~Q(id=NOBODY) & Q(tenant__gt=9), name="party_condition"
            ),
            models.UniqueConstraint("id", F("tenant").desc(), name="party_expressions"),
            models.UniqueConstraint(Lower("name"), "pk", name="party_function"),
        ]


class Twice(VersionedModel):
    name = models.CharField(max_length=30)
    year = models.IntegerField()
    key = models.GeneratedField(
        expression=Upper("name"), output_field=models.CharField(max_length=30), db_persist=True,
    )
    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        unique_together = [("key", "year")]


class Uncomputed(VersionedModel):
    text = models.CharField(max_length=9)
    number = models.IntegerField(default=9)
    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Cast("text", models.IntegerField()), name="number_in_text"),
            models.CheckConstraint(condition=Q(number__gt=Value(10) / F("number")), name="ten"),
        ]
"""


def constrain() -> dict[str, Any]:
    from shop.models import NOBODY, Party, Twice, Uncomputed

    from eventstore.unfit import UnfitValue
    from projections.audit.auditing import audit
    from versioning import UnresolvedConflicts, branch_context
    from versioning.branches.fork import fork
    from versioning.branches.results import ResultRefused

    refused: dict[str, Any] = {}

    def refuse(case: str, error: type[Exception], **created: Any) -> None:
        model: Any = {"Party": Party, "Twice": Twice, "Uncomputed": Uncomputed}[case.split()[0]]
        for branch in ("main", "spring") if error is UnfitValue else ("spring",):
            try:
                with branch_context(branch):
                    model.objects.create(**created)
            except error as raised:
                refused[f"{case} on {branch}"] = str(raised).split(": ")[0]

    fork("spring")
    with branch_context("spring"):
        Party.objects.create(name="ab")
        Party.objects.create(name="ten", tenant=10)
        Party.objects.create(name="nobody", tenant=10, id=NOBODY)
        Twice.objects.create(name="ab", year=1)
        Twice.objects.create(name="AB", year=2)
    refuse("Party of one key", ResultRefused, name="AB")
    refuse("Party of one tenant", ResultRefused, name="other ten", tenant=10)
    refuse("Twice", ResultRefused, name="Ab", year=1)
    refuse("Uncomputed text", UnfitValue, text="abc")
    refuse("Uncomputed number", UnfitValue, text="1", number=0)

    Party.objects.create(name="AB")
    Twice.objects.create(name="aB", year=2)
    try:
        Party.version_control.merge("spring")
    except UnresolvedConflicts as unresolved:
        asked = unresolved.conflicts
        refused["asked"] = sorted((each.title, each.conflict.path) for each in asked)
        with branch_context("spring"):
            Party.objects.filter(name="ab").update(name="cd")
            Twice.objects.filter(year=2).update(year=3)
    Party.version_control.merge("spring")
    refused["keys"] = sorted(Party.objects.values_list("key", "tenant"))
    assert Twice.objects.count() == 3
    assert audit().findings == ()
    return refused


def test_constraints_over_what_no_document_holds_count_on_branches(empty: Project) -> None:
    empty.models(MODELS)
    empty.migrate()
    told = empty.run(constrain)
    assert told.pop("keys") == [("AB", 1), ("CD", 1), ("NOBODY", 10), ("TEN", 10)]
    assert {path for _, path in told.pop("asked")} >= {"name"}
    unfit = "A column of shop.Uncomputed does not take a value"
    assert told == {
        "Party of one key on spring": "Another party has this name already",
        "Party of one tenant on spring": "Another party has this tenant already",
        "Twice on spring": "Another twice has this name and year already",
        "Uncomputed text on main": unfit,
        "Uncomputed text on spring": unfit,
        "Uncomputed number on main": unfit,
        "Uncomputed number on spring": unfit,
    }
