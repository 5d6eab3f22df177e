"""Item classes that change: what items hold is carried over, in the past and on branches too."""

import pytest

from tests.evolution.migrations import END, VERSIONED, migrate, unsaid
from tests.evolution.project import Project, StepFailed
from tests.evolution.test_data import audited

OWNER = "    owner = models.CharField(max_length=100)\n"
ACRES = "    acres = models.IntegerField(null=True)\n"


def estate(*lines: str) -> str:
    """A model with a list of items of these parts."""
    return (
        f"{VERSIONED}from versioning.fields import Item, ItemsField, ReferencePart\n\n\n"
        f"class Owned(Item):\n{''.join(lines)}\n\n"
        f"class Person(VersionedModel):\n    name = models.CharField(max_length=9)\n{END}\n\n"
        "class Estate(VersionedModel):\n    name = models.CharField(max_length=100)\n"
        f"    owners = ItemsField(item=Owned)\n{END}"
    )


@pytest.fixture
def estates(empty: Project) -> Project:
    """An estate with a past, and a branch on which it is another's."""
    empty.models(estate(OWNER, ACRES))
    empty.migrate()
    empty.run(own)
    return empty


def own() -> None:
    from shop.models import Estate

    from versioning import branch_context
    from versioning.branches.fork import fork

    Estate.objects.create(name="Mill", owners=[{"id": "one", "owner": "Anna", "acres": 3}])
    fork("old")
    with branch_context("old"):
        mill = Estate.objects.get()
        mill.owners = [*mill.owners, {"id": "two", "owner": "Bert"}]
        mill.save()
    mill = Estate.objects.get()
    mill.owners = [mill.owners[0].replace(acres=4)]
    mill.save()


def seen(name: str) -> dict[str, list[object]]:
    """A part of all items at head, in the past and on the branch; rows say what the log says."""
    from shop.models import Estate

    from eventstore.models import Changeset
    from versioning import viewpoint
    from versioning.entities.kinds import kind_of
    from versioning.viewpoints.versions import to_version

    def told() -> list[object]:
        mill = Estate.objects.get()
        for row in mill.history.all():
            assert mill.history.replayed(row) == to_version(kind_of(Estate), row).document
        return [getattr(item, name) for item in mill.owners]

    places = {"head": told()}
    with viewpoint("main", at=Changeset.objects.filter(kind="edit").earliest("pk").last_position):
        places["first"] = told()
    with viewpoint("old"):
        places["old"] = told()
    return places


OWNERS = {"head": ["Anna"], "first": ["Anna"], "old": ["Anna", "Bert"]}
SIZES = {"head": [4], "first": [3], "old": [3, None]}


def everywhere(value: object) -> dict[str, list[object]]:
    return {"head": [value], "first": [value], "old": [value, value]}


HOLDER = OWNER.replace("owner", "holder")
TOLD = "    former_names = {'owner': 'holder'}\n"
COLOUR = "    colour = models.CharField(max_length=9, default='red')\n"
NOTE = "    note = models.CharField(max_length=9)\n"


@pytest.mark.parametrize(
    ("lines", "part", "expected"),
    [
        pytest.param([HOLDER, ACRES, TOLD], "holder", OWNERS, id="renamed"),
        pytest.param([HOLDER, COLOUR, NOTE, TOLD], "holder", OWNERS, id="renamed beside others"),
        pytest.param([ACRES], "acres", SIZES, id="removed"),
        pytest.param([OWNER, ACRES, COLOUR], "colour", everywhere("red"), id="added"),
        pytest.param([OWNER, ACRES, NOTE], "note", everywhere(""), id="added without a default"),
        pytest.param(
            [OWNER, ACRES.replace("null=True", "null=True, default=7")], "acres", SIZES,
            id="given a default",
        ),
        pytest.param(
            [OWNER.replace("CharField(max_length=100)", "TextField()"), ACRES], "owner", OWNERS,
            id="made longer",
        ),
        pytest.param([ACRES, OWNER], "owner", OWNERS, id="in another order"),
    ],
)  # fmt: skip
def test_items_keep_what_they_hold_when_their_class_changes(
    estates: Project, lines: list[str], part: str, expected: object
) -> None:
    estates.models(estate(*lines))
    estates.migrate(noinput=True)
    assert estates.run(unsaid) == "No changes detected"
    assert estates.run(seen, part) == expected
    estates.run(audited)
    estates.run(edit)
    estates.run(merge)
    estates.run(audited)


def edit() -> None:
    """An edit that is about something else."""
    from shop.models import Estate

    mill = Estate.objects.get()
    before = [item.document() for item in mill.owners]
    mill.owners = [item.replace() for item in mill.owners]
    mill.name = "Old mill"
    mill.save()
    assert [item.document() for item in Estate.objects.get().owners] == before


def merge() -> None:
    from shop.models import Estate

    Estate.version_control.merge("old")
    assert [item.key for item in Estate.objects.get().owners] == ["one", "two"]


def test_a_default_that_changes_is_for_items_that_come(estates: Project) -> None:
    estates.models(estate(OWNER, ACRES, COLOUR))
    estates.migrate()
    estates.models(estate(OWNER, ACRES, COLOUR.replace("red", "blue")))
    estates.migrate()
    assert estates.run(seen, "colour") == everywhere("red")
    assert estates.run(new_colour) == "blue"
    estates.run(audited)


def new_colour() -> str:
    from shop.models import Estate, Owned

    return str(Estate.objects.create(name="New", owners=[Owned(owner="Cid")]).owners[0].colour)


def test_a_rename_of_a_part_is_undone_and_done_again(estates: Project) -> None:
    estates.models(estate(HOLDER, ACRES, TOLD))
    estates.migrate(noinput=True)
    estates.run(migrate, "shop", "0001")
    estates.models(estate(OWNER, ACRES))
    assert estates.run(seen, "owner") == OWNERS
    estates.run(audited)
    estates.models(estate(HOLDER, ACRES, TOLD))
    estates.run(migrate)
    assert estates.run(seen, "holder") == OWNERS
    estates.run(audited)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([HOLDER, ACRES], r"lose owner and get holder.*former_names"),
        ([OWNER, ACRES.replace("Integer", "Text")], r"acres as integer.*as text.*another name"),
        (
            [OWNER, "    acres = ReferencePart('shop.Person')\n"],
            r"hold acres as integer.*as reference to shop\.person",
        ),
    ],
)  # fmt: skip
def test_what_would_lose_or_misread_items_is_refused(
    estates: Project, lines: list[str], sentence: str
) -> None:
    estates.models(estate(*lines))
    with pytest.raises(StepFailed, match=sentence):
        estates.migrate(noinput=True)
    estates.models(estate(OWNER, ACRES))
    assert estates.run(seen, "owner") == OWNERS
    estates.run(audited)


def test_code_of_another_item_class_than_the_logs_writes_nothing(estates: Project) -> None:
    estates.models(estate(HOLDER, ACRES, TOLD))
    with pytest.raises(StepFailed):
        estates.run(edit)
    estates.models(estate(OWNER, ACRES))
    assert estates.run(seen, "owner") == OWNERS
    estates.run(audited)


def test_what_items_name_may_be_renamed(estates: Project) -> None:
    person = "    person = ReferencePart('shop.Person')\n"
    estates.models(estate(OWNER, ACRES, person))
    estates.migrate()
    renamed = estate(OWNER, ACRES, person).replace("Person", "Human")
    told = "class Human(VersionedModel):\n"
    estates.models(renamed.replace(told, f"{told}    former_label = 'shop.person'\n"))
    estates.migrate(noinput=True)
    assert estates.run(unsaid) == "No changes detected"
    assert estates.run(seen, "owner") == OWNERS
    estates.run(audited)


def test_a_migrations_own_models_keep_items_as_they_stand(estates: Project) -> None:
    estates.migration("0002_data", DATA)
    estates.run(migrate)
    assert estates.run(seen, "owner")["head"] == ["Anna", "Cid"]
    estates.run(audited)


DATA = """
from django.db import migrations
from versioning.operations import RunLogged


def add(apps, schema_editor):
    mill = apps.get_model("shop", "Estate").objects.get()
    mill.owners = [*mill.owners, {"id": "three", "owner": "Cid"}]
    mill.save()


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [RunLogged(add)]
"""
