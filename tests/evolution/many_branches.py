"""Branches beside and below each other, merged in any order, at once or changeset by changeset.

Run inside a process of the project: see `project.py`. Beside `rules`, whose one branch is compared
with the whole: here it counts that whatever happens ends, sound, and is derived again.
"""

from random import Random
from typing import Any, ClassVar

from tests.evolution import rules

HEAD = """
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Abs, Coalesce, Lower
from versioning import HistoricalRecords, References, VersionControlManager, VersionedModel


class Group(VersionedModel):
    code = models.CharField(max_length=10{code_unique})
    history = HistoricalRecords()
    version_control = VersionControlManager()


class Part(VersionedModel):
    a = models.IntegerField(null=True)
    b = models.DecimalField(max_digits=6, decimal_places=2, default=0{b_unique})
    c = models.TextField(blank=True)
    d = models.DateField(null=True)
    m = models.JSONField(default=dict)
    flag = models.BooleanField(null=True)
    one = models.OneToOneField("self", models.{one}, null=True, related_name="other")
    above = models.ForeignKey("self", models.{above}, null=True, related_name="below")
    group = models.ForeignKey(Group, models.{group}, null=True)
    groups = References(Group, related_name="parts", blank=True)
    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        unique_together = {together}
        constraints = [
{constraints}
        ]


class Note(models.Model):
    part = models.ForeignKey(Part, models.{note_of_part}, null=True)
    group = models.OneToOneField(Group, models.{note_of_group}, null=True)
"""

CONSTRAINTS = (
    'models.UniqueConstraint(fields=["a"], name="one_a")',
    'models.UniqueConstraint(fields=["a", "flag"], name="one_a_flag", nulls_distinct=False)',
    'models.UniqueConstraint(fields=["d"], name="one_d", include=["a"])',
    'models.UniqueConstraint(Abs("a"), name="one_abs_a")',
    'models.UniqueConstraint(Coalesce("a", 0), F("group"), name="one_a_in_group")',
    'models.UniqueConstraint(Lower("c"), name="one_c_of_any_case")',
    'models.UniqueConstraint(F("m__k"), name="one_key_of_m")',
    'models.UniqueConstraint(fields=["m"], name="one_m")',
    'models.UniqueConstraint(fields=["b"], name="one_b", deferrable=models.Deferrable.DEFERRED)',
    'models.UniqueConstraint(fields=["group"], condition=Q(above__isnull=True), name="one_root")',
    'models.UniqueConstraint(fields=["above", "a"], name="one_below", nulls_distinct=False)',
    'models.UniqueConstraint(fields=["c"], condition=Q(d__year=2020), name="one_c_a_year")',
    'models.CheckConstraint(condition=Q(above__isnull=False) | Q(group__isnull=False), name="in")',
    'models.CheckConstraint(condition=Q(one__isnull=True) | ~Q(one=F("above")), name="not_both")',
    'models.CheckConstraint(condition=Q(m__k__isnull=True) | Q(a__gt=0), name="key_has_a")',
    'models.CheckConstraint(condition=~Q(id=F("above")), name="not_above_itself")',
    'models.CheckConstraint(condition=Q(d__isnull=True) | Q(flag=True), name="dated_is_flagged")',
)


def models_text(random: Random) -> str:
    """A shop's models, with some of the constraints and any rules of deletion."""
    chosen = random.sample(CONSTRAINTS, random.randint(2, 6))
    foreign_keys = ("one", "above", "group", "note_of_part", "note_of_group")
    return HEAD.format(
        constraints="".join(f"            {each},\n" for each in chosen),
        b_unique=random.choice(["", ", unique=True"]),
        code_unique=random.choice(["", ", unique=True"]),
        together=random.choice(["[]", '[("a", "above")]', '[("flag", "group")]']),
        **{n: random.choice(["PROTECT", "SET_NULL", "CASCADE", "RESTRICT"]) for n in foreign_keys},
    )


def merges_end(seeds: list[int]) -> dict[str, int]:
    """How often each thing happened. Raises where something does not end, or is not sound."""
    return rules.played(Branches, seeds)


class Branches(rules.Scenario):
    """Two branches of main, perhaps one of the first of them, and what happens on all of them."""

    values: ClassVar = {
        "a": (None, -1, 0, 1, 2),
        "b": ("0", "1", "1.00", "2.50"),
        "c": ("", "x", "X", "y\nz", "y\nzz", "long text"),
        "d": (None, "2020-01-01", "2020-05-05", "2021-01-01"),
        "flag": (None, False, True),
        "m": ({}, {"k": 1}, {"k": 2}, {"k": 1, "l": 2}),
    }
    references: ClassVar = ("group_id", "above_id", "one_id")

    def play(self) -> None:
        from shop.models import Group

        from eventstore.reading import last_position
        from projections.audit.merges import verify_merges
        from versioning.branches.fork import fork

        random = self.random
        for code in "gh":
            Group.objects.create(code=code)
        for _ in range(4):
            self.edit("main")
        parents = {"side": "main", "other": "main"}
        for name in parents:
            fork(name)
        for _ in range(random.randint(1, 4)):
            self.edit("side")
        if random.random() < 0.5:
            parents["nested"] = "side"
            fork("nested", parent="side")
        names = ["main", *parents]
        for _ in range(random.randint(3, 12)):
            self.edit(random.choice(names))
        order = random.sample(list(parents), len(parents)) * random.randint(1, 2)
        for name in order:
            self.bring_together(name, parents[name])
            for _ in range(random.randint(0, 2)):
                self.edit(random.choice(names))
        merges = verify_merges(last_position())
        assert merges.findings == []
        assert merges.untold == 0
        self.counts["derived"] = self.counts.get("derived", 0) + merges.derived

    def bring_together(self, name: str, parent: str) -> None:
        """Perhaps a sync; then a merge, at once or one by one."""
        from versioning.models import Branch

        def branch() -> Any:
            return Branch.objects.select_related("parent").get(name=name)

        if self.random.random() < 0.3:
            self.finish(lambda: self.sync(branch()))
            self.require_sound(name)
        if self.random.random() < 0.4:
            self.finish(lambda: lambda answers: self.merge_each(branch(), answers))
        else:
            self.finish(lambda: self.merge(branch()))
        self.require_sound(parent)

    def merge_each(self, branch: Any, answers: dict[str, Any]) -> list[Any]:
        from versioning.branches.each import merge_each

        merged = merge_each(branch, resolutions=answers)
        self.counts["merged one by one"] = self.counts.get("merged one by one", 0) + len(
            merged.sealed
        )
        return list(merged.conflicts)

    def compare_with_the_whole(self, branch: Any, planned: Any) -> None:
        """That is done where there is one branch."""

    def require_no_nonsense(self) -> None:
        """These models refuse nothing by themselves."""

    def edit(self, branch: str) -> None:
        self.branch = branch
        super().edit(branch)

    def edit_once(self) -> None:
        from shop.models import Group, Note, Part

        random = self.random
        parts, groups = list(Part.objects.order_by("id")), list(Group.objects.order_by("id"))
        others = {"above": parts, "one": parts, "group": groups}
        act = random.choice(
            [
                "create",
                "create",
                *["change"] * 4,
                "delete",
                "swap",
                "group",
                "groups",
                "new",
                "note",
            ]
        )
        if act == "create":
            named = {name: random.choice([None, *some]) for name, some in others.items()}
            Part.objects.create(**{n: random.choice(v) for n, v in self.values.items()}, **named)
        elif act == "new":
            Group.objects.create(code=random.choice("ghij"))
        elif act == "group" and groups:
            random.choice(groups).delete()
        elif act == "note" and self.branch == "main":
            Note.objects.create(
                part=random.choice([None, *parts]), group=random.choice([None, *groups])
            )
        elif act == "swap" and len(parts) > 1:
            one, other = random.sample(parts, 2)
            name = random.choice([*self.values, *others])
            mine, theirs = getattr(one, name), getattr(other, name)
            setattr(one, name, theirs)
            setattr(other, name, mine)
            Part.objects.bulk_update([one, other], [name])
        elif parts:
            part = random.choice(parts)
            if act == "groups":
                part.groups.set(random.sample(groups, random.randint(0, len(groups))))
            elif act == "delete":
                part.delete()
            elif act == "change" and random.random() < 0.5:
                name = random.choice(list(others))
                setattr(part, name, random.choice([None, *others[name]]))
                part.save()
            elif act == "change":
                name = random.choice(list(self.values))
                setattr(part, name, random.choice(self.values[name]))
                part.save()

    def answer(self, asked: Any, *, patient: bool) -> Any:
        """A field takes not everything: then another one."""
        from versioning.branches.answers import BadAnswer

        for _ in range(20):
            answer = super().answer(asked, patient=patient)
            try:
                asked.resolution(answer)
            except BadAnswer:
                self.count("bad answer")
            else:
                return answer
        return super().answer(asked, patient=False)
