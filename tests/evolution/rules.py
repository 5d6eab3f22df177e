"""Models with constraints drawn at random, edits of two branches, and merges that must end.

Run inside a process of the project: see `project.py`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from random import Random
from typing import Any, ClassVar

from django.db import IntegrityError

from eventstore.types import Position

HEAD = """
from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from versioning import HistoricalRecords, VersionControlManager, VersionedModel


class Group(VersionedModel):
    code = models.CharField(max_length=10)
    history = HistoricalRecords()
    version_control = VersionControlManager()


class Part(VersionedModel):
    a = models.IntegerField(null=True)
    b = models.IntegerField(default=0{b_unique})
    c = models.CharField(max_length=10, blank=True)
    twice = models.GeneratedField(
        expression=F("b") * 2, output_field=models.IntegerField(), db_persist=True
    )
    flag = models.BooleanField(default=False)
    above = models.ForeignKey("self", null=True, on_delete=models.{above})
    group = models.ForeignKey(Group, null={group_null}, on_delete=models.{group})
    keeper = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        constraints = [
{constraints}
        ]

    def contradictions(self):
        if {contradicts} and self.a == 2 and self.flag:
            yield ("a", "flag"), "Two is never flagged."
"""

CONSTRAINTS = (
    'models.UniqueConstraint(fields=["a"], name="one_a")',
    'models.UniqueConstraint(fields=["a"], name="one_a_or_none", nulls_distinct=False)',
    'models.UniqueConstraint(fields=["a", "b"], name="one_a_b")',
    'models.UniqueConstraint(fields=["a", "group"], name="one_a_in_group")',
    'models.UniqueConstraint(fields=["c"], condition=Q(flag=True), name="one_c_flagged")',
    'models.UniqueConstraint(Lower("c"), name="one_c_of_any_case")',
    'models.UniqueConstraint(Lower("c"), F("b").desc(), name="c_b", condition=Q(a__gt=0))',
    'models.UniqueConstraint(fields=["twice", "flag"], name="one_twice")',
    'models.UniqueConstraint(fields=["above"], name="one_below")',
    'models.UniqueConstraint(fields=["b"], name="one_b", deferrable=models.Deferrable.DEFERRED)',
    'models.CheckConstraint(condition=Q(a__lte=F("b")), name="a_is_not_above_b")',
    'models.CheckConstraint(condition=Q(flag=False) | ~Q(c=""), name="flagged_has_c")',
    'models.CheckConstraint(condition=Q(b__lt=3) | Q(a__isnull=False), name="b_small")',
    'models.CheckConstraint(condition=Q(twice__lte=4) | Q(flag=False), name="twice_small")',
)

VALUES: dict[str, tuple[Any, ...]] = {
    "a": (None, 0, 1, 2),
    "b": (0, 1, 2, 3),
    "c": ("", "x", "X", "y"),
    "flag": (False, True),
}


def models_text(random: Random) -> str:
    """A shop's models, with some of the constraints."""
    chosen = random.sample(CONSTRAINTS, random.randint(1, 4))
    return HEAD.format(
        constraints="".join(f"            {each},\n" for each in chosen),
        b_unique=random.choice(["", "", ", unique=True"]),
        above=random.choice(["PROTECT", "SET_NULL", "CASCADE"]),
        group=random.choice(["PROTECT", "CASCADE"]),
        group_null=random.choice(["True", "False"]),
        contradicts=random.random() < 0.3,
    )


def merges_end(seeds: list[int]) -> dict[str, int]:
    """Random edits on two sides, a merge, a sync or a revert, answers until it is done."""
    return played(Scenario, seeds)


def played(scenario: "type[Scenario]", seeds: list[int]) -> dict[str, int]:
    """Scenarios, each in a wiki of its own.

    How often each thing happened, so that a test can tell that it did.
    """
    counts: dict[str, int] = {}
    for seed in seeds:
        try:
            with rolled_back():
                scenario(Random(seed), counts).play()
        except Exception as error:
            error.add_note(f"The scenario of the seed {seed}.")
            raise
    return counts


@contextmanager
def rolled_back() -> Iterator[None]:
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Scenario:
    """What happens in one wiki, from a few parts on."""

    values: ClassVar[Mapping[str, tuple[Any, ...]]] = VALUES
    references: ClassVar[tuple[str, ...]] = ("group_id", "above_id")

    def __init__(self, random: Random, counts: dict[str, int]) -> None:
        from django.contrib.auth.models import User

        self.random, self.counts = random, counts
        self.user = User.objects.create(username="keeper")

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def play(self) -> None:
        from shop.models import Group

        from eventstore.reading import last_position
        from projections.audit.merges import verify_merges
        from versioning.branches.fork import fork
        from versioning.models import Branch

        for code in "gh":
            Group.objects.create(code=code)
        for _ in range(4):
            self.edit("main")
        fork("side")
        before = last_position()
        for _ in range(self.random.randint(1, 6)):
            self.edit(self.random.choice(["main", "side", "side"]))
        if self.random.random() < 0.15:
            self.user.delete()
        if self.random.random() < 0.3:
            self.revert(before)
        if self.random.random() < 0.4:
            self.finish(lambda: self.sync(Branch.objects.get(name="side")))
            self.require_sound("side")
            self.edit("side")
            self.edit("main")
        self.finish(lambda: self.merge(Branch.objects.get(name="side")))
        self.require_sound("main")
        merges = verify_merges(last_position())
        assert merges.findings == []
        assert merges.untold == 0
        self.counts["derived"] = self.counts.get("derived", 0) + merges.derived

    def edit(self, branch: str) -> None:
        """A random edit, or a refusal of it that is no surprise."""
        from django.db import connection, transaction
        from django.db.models import ProtectedError, RestrictedError

        from versioning import branch_context
        from versioning.branches.results import ResultRefused

        try:
            with transaction.atomic(), branch_context(branch):
                for _ in range(self.random.choice([1, 1, 1, 2])):
                    self.edit_once()
                if branch == "main":
                    connection.check_constraints()
                    self.require_no_nonsense()
            self.count(f"edited {branch}")
        except (ProtectedError, RestrictedError):
            self.count("protected")
        except IntegrityError:
            assert branch == "main", "a branch says in a sentence what is wrong"
            self.count("refused on main")
        except ResultRefused:
            self.count("refused on a branch")

    def edit_once(self) -> None:
        from shop.models import Group, Part

        random = self.random
        parts, groups = list(Part.objects.order_by("id")), list(Group.objects.order_by("id"))
        act = random.choice(["create", "change", "change", "change", "delete", "swap", "group"])
        if act == "create" and groups:
            Part.objects.create(
                **{n: random.choice(v) for n, v in self.values.items()},
                group=random.choice(groups),
                above=random.choice([None, *parts]),
                keeper=random.choice([None, self.user if self.user.pk else None]),
            )
        elif act == "group" and groups:
            random.choice(groups).delete()
        elif act == "swap" and len(parts) > 1:
            one, other = random.sample(parts, 2)
            name = random.choice(list(self.values))
            mine, theirs = getattr(one, name), getattr(other, name)
            setattr(one, name, theirs)
            setattr(other, name, mine)
            Part.objects.bulk_update([one, other], [name])
        elif act == "change" and parts:
            part = random.choice(parts)
            if random.random() < 0.3:
                part.above = random.choice([None, *parts])
            elif groups and random.random() < 0.3:
                part.group = random.choice(groups)
            else:
                name = random.choice(list(self.values))
                setattr(part, name, random.choice(self.values[name]))
            part.save()
        elif act == "delete" and parts:
            random.choice(parts).delete()

    def revert(self, before: int) -> None:
        from eventstore.models import Changeset
        from versioning.branches.revert import CannotRevert, plan_revert, revert

        edits = list(Changeset.objects.filter(first_position__gt=before, kind="edit"))
        if not edits:
            return
        chosen = self.random.choice(edits)

        def plan_and_answer(answers: dict[str, Any]) -> list[Any]:
            try:
                planned = plan_revert([chosen.pk])
                plan = planned.plan.resolved(answers)
                if plan.conflicts:
                    return plan.conflicts
                revert([chosen.pk], resolutions=answers)
            except CannotRevert:
                return []
            self.count("reverted")
            return []

        self.finish(lambda: plan_and_answer)
        self.require_sound("main" if chosen.branch == 0 else "side")

    def merge(self, branch: Any) -> Callable[[dict[str, Any]], list[Any]]:
        from versioning.branches.merge import NothingToMerge, merge, plan_merge

        planned = plan_merge(branch)
        self.compare_with_the_whole(branch, planned)

        def plan_and_answer(answers: dict[str, Any]) -> list[Any]:
            plan = planned.plan.resolved(answers)
            if plan.conflicts:
                return plan.conflicts
            try:
                merge(branch, resolutions=answers, planned=planned)
                self.count("merged")
            except NothingToMerge:
                self.count("nothing to merge")
            return []

        return plan_and_answer

    def sync(self, branch: Any) -> Callable[[dict[str, Any]], list[Any]]:
        from versioning.branches.sync import NothingToSync, plan_sync, sync

        try:
            planned = plan_sync(branch)
        except NothingToSync:
            return lambda _: []

        def plan_and_answer(answers: dict[str, Any]) -> list[Any]:
            plan = planned.plan.resolved(answers)
            if plan.conflicts:
                return plan.conflicts
            sync(branch, resolutions=answers, planned=planned)
            self.count("synced")
            return []

        return plan_and_answer

    def finish(self, begin: Callable[[], Callable[[dict[str, Any]], list[Any]]]) -> None:
        """Answer at random for some rounds, then by what always helps; it must come to an end."""
        from django.db import connection

        plan_and_answer = begin()
        answers: dict[str, Any] = {}
        for turn in range(60):
            conflicts = plan_and_answer(answers)
            if not conflicts:
                connection.check_constraints()
                return
            for asked in conflicts:
                self.count(f"asked: {asked.conflict.type}")
                answers[asked.key] = asked.resolution(self.answer(asked, patient=turn < 8))
        raise AssertionError(f"It never ends: {conflicts}")

    def answer(self, asked: Any, *, patient: bool) -> Any:
        from versioning.branches.answers import NOTHING, answer_of

        ways_out = [each.as_answer() for each in asked.ways_out]
        if not patient and ways_out:
            return ways_out[-1]
        sides = [answer_of(asked.conflict.ours), answer_of(asked.conflict.theirs)]
        others = [*sides, *ways_out]
        if asked.conflict.path:
            others += [*self.values.get(asked.conflict.path, ()), NOTHING]
        return self.random.choice(others)

    def compare_with_the_whole(self, branch: Any, planned: Any) -> None:
        """What is loaded for a plan leads to the same questions as everything there is."""
        from django.db.models import Q

        from eventstore.reading import last_position
        from versioning.branches.bases import ancestry
        from versioning.branches.documents import branch_kinds, chain_at, entities_where
        from versioning.branches.merge import sides_of
        from versioning.branches.rules import ModelRules, entity_of, kinds_of, name_of
        from versioning.merge import merge_site

        everything = entities_where(Q(version__gt=0))
        assert branch_kinds()
        common = ancestry(planned.source, (branch.parent_id, last_position()))
        three = sides_of(
            common.bases, planned.plan.target.chain, chain_at(planned.source), everything
        )
        sites: list[dict[str, Any]] = [
            {name_of(e): sides[place] for e, sides in three.items() if sides[place] is not None}
            for place in range(3)
        ]

        class Nothing(ModelRules):
            def links(self, *_: Any) -> Iterator[Any]:
                return iter(())

            def faults(self, *_: Any) -> Iterator[Any]:
                return iter(())

        alone = merge_site(kinds_of, sites[0], sites[1], sites[2], Nothing())
        documents = {entity_of(name): dict(doc) for name, doc in alone.site.items()}
        rules = planned_rules(documents, planned)
        whole = merge_site(kinds_of, sites[0], sites[1], sites[2], rules)
        asked = {
            (each.path, each.type, repr(each.base), repr(each.ours), repr(each.theirs))
            for each in whole.conflicts
        }
        plan = {
            (
                each.conflict.within(name_of(each.entity)).path,
                each.conflict.type,
                repr(each.conflict.base),
                repr(each.conflict.ours),
                repr(each.conflict.theirs),
            )
            for each in planned.plan.conflicts
        }
        assert plan == asked, f"planned {plan - asked}, of the whole {asked - plan}"
        mirrored = merge_site(kinds_of, sites[0], sites[2], sites[1], rules).swapped()
        assert mirrored.site == whole.site
        assert sorted(map(repr, mirrored.conflicts)) == sorted(map(repr, whole.conflicts))
        self.count("compared")

    def require_sound(self, branch: str) -> None:
        """PostgreSQL itself takes what a branch shows into a table with the head's constraints."""
        from django.db import connection
        from shop.models import Group, Part

        from versioning import viewpoint

        with connection.cursor() as cursor:
            for model in (Part, Group):
                table = model._meta.db_table
                fields = model._meta.concrete_fields
                names = ", ".join(f'"{f.column}"' for f in fields if not f.generated)
                cursor.execute(f"CREATE TEMP TABLE beside (LIKE head.{table} INCLUDING ALL)")
                with viewpoint(branch):
                    cursor.execute(f"INSERT INTO beside ({names}) SELECT {names} FROM {table}")
                cursor.execute("DROP TABLE beside")
        with viewpoint(branch):
            parts = {part.pk: part for part in Part.objects.all()}
            there = {None, *parts, *Group.objects.values_list("pk", flat=True)}
            for part in parts.values():
                for field in self.references:
                    assert getattr(part, field) in there, f"what {field} names is gone"
            self.require_no_nonsense()

    def require_no_nonsense(self) -> None:
        """What a form would refuse: main's rows may say it, no merge is to blame. Raises."""
        require_no_nonsense()


def require_no_nonsense() -> None:
    """What a form would refuse: main's rows may say it, and no merge is to blame. Raises."""
    from shop.models import Part

    parts = {part.pk: part for part in Part.objects.all()}
    for part in parts.values():
        seen, at = {part.pk}, part.above_id
        while at in parts and at not in seen:
            seen.add(at)
            at = parts[at].above_id
        if at in seen or list(part.contradictions()):
            raise IntegrityError


def planned_rules(documents: Any, planned: Any) -> Any:
    """The rules for everything there is, which stands beside nothing else."""
    from versioning.branches.constraints import clashes, rules_of
    from versioning.branches.results import lost_unversioned
    from versioning.branches.rules import ModelRules, broken, doubles
    from versioning.entities.kinds import kind_of

    nowhere = [(0, Position(0))]
    pairs = [
        (clash.rule, (label, clash.entity_id), (label, clash.other_id))
        for label in sorted({label for label, _ in documents})
        for rule in rules_of(kind_of(label)).unique
        for clash in clashes(
            kind_of(label),
            rule,
            {
                entity_id: document
                for (of, entity_id), document in documents.items()
                if of == label and document.keys() >= set(rule.fields)
            },
            nowhere,
        )
    ]
    merged = {each.entity: each.settled for each in planned.plan.entities if not each.is_waiting}
    return ModelRules(
        exists=lambda _: False,
        documents=documents,
        doubles=doubles(pairs),
        broken=broken(documents),
        unversioned=lost_unversioned(merged),
    )
