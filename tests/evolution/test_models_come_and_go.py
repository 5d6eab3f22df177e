"""Models that are made, renamed, removed and made again, beside others of their names."""

import shutil
from pathlib import Path

import pytest

from tests.evolution import shop
from tests.evolution.migrations import (
    END,
    OTHER,
    VERSIONED,
    make_another_bulb,
    make_plain_other,
    migrate,
    unsaid,
    write,
)
from tests.evolution.project import Project, Server, StepFailed
from tests.evolution.test_data import audited
from tests.evolution.test_faked import make_migrations
from tests.evolution.test_fields import CODE, SIZES, sound
from tests.evolution.test_models import WARE, WARE_OF_ITEM, moving, seen_as, sound_as, write_move


def test_a_migration_that_made_a_model_may_be_undone(
    project: Project, moments: dict[str, int]
) -> None:
    models = shop.MODELS + OTHER + "    items = References(Item, blank=True)\n"
    project.models(models)
    project.migrate()
    project.run(make_other)
    project.run(migrate, "shop", "0001")
    project.models(shop.MODELS)
    project.run(audited)
    project.models(models)
    project.run(migrate)
    assert project.run(others) == 0
    project.run(make_other)
    assert project.run(others) == 1
    project.run(sound)


def make_other() -> None:
    from shop.models import Item, Other

    Other.objects.create(name="One").items.set(Item.objects.all())


def others() -> int:
    from shop.models import Other

    return len(Other.objects.all())


def test_an_app_may_be_undone_altogether_and_done_again(
    project: Project, moments: dict[str, int]
) -> None:
    project.run(migrate, "shop", "zero")
    project.run(migrate)
    assert project.run(items) == []
    project.run(make_another_bulb)
    assert project.run(items) == ["Bulb"]
    project.run(audited)


def items() -> list[str]:
    from shop.models import Item

    return [item.name for item in Item.objects.all()]


@pytest.mark.parametrize(
    ("models", "answers"), [(WARE, ["y"]), (shop.MODELS.split("class Item(")[0], [])]
)
def test_totals_follow_their_models(project: Project, models: str, answers: list[str]) -> None:
    project.run(audited)  # which rebuilds them
    project.models(models)
    project.migrate(*answers)
    project.run(audited)


@pytest.mark.parametrize(
    ("models", "answers"), [(WARE, ["y"]), (shop.MODELS.split("class Item(")[0], [])]
)
def test_totals_that_lag_behind_their_models_catch_up(
    project: Project, models: str, answers: list[str]
) -> None:
    project.models(models)
    project.migrate(*answers)
    project.run(caught_up)


def caught_up() -> None:
    from projections.audit.auditing import audit
    from projections.following.followed import catch_up
    from projections.models import Total

    assert not Total.objects.exists()
    catch_up()
    assert Total.objects.exists()
    assert audit().findings == ()


def test_a_model_may_be_renamed_beside_a_new_one(project: Project, moments: dict[str, int]) -> None:
    project.models(WARE + OTHER.replace("max_length=9", "max_length=8"))
    project.migrate("y")
    assert project.run(seen_as, "shop.Ware", "size", moments) == SIZES
    project.run(sound_as, "shop.Ware")


def test_a_migration_with_code_of_its_own_may_make_a_model(
    project: Project, moments: dict[str, int]
) -> None:
    project.models(shop.MODELS + OTHER)
    project.run(make_migrations)
    path = project.folder / "shop" / "migrations" / f"{project.migrations()[-1]}.py"
    code = "operations = [migrations.RunPython(migrations.RunPython.noop),"
    path.write_text(path.read_text().replace("operations = [", code))
    project.run(migrate)
    project.run(make_plain_other)
    project.run(sound)


def test_a_model_that_another_app_refers_to_may_be_renamed(
    project: Project, moments: dict[str, int], server: Server, worker: str
) -> None:
    """The rename waits for whoever knows the former name, in a database that is new as well."""
    store = Project(project.folder, server, project.database, apps=("shop", "store"))
    shelf = (
        f"{VERSIONED}\n\nclass Shelf(VersionedModel):\n"
        f"    items = References('shop.Item', blank=True)\n{END}"
    )
    store.models(shelf, "store")
    store.migrate()
    store.models(shelf.replace("shop.Item", "shop.Ware"), "store")
    store.models(WARE_OF_ITEM)
    store.migrate(noinput=True)
    assert store.run(unsaid) == "No changes detected"
    assert store.run(seen_as, "shop.Ware", "size", moments) == SIZES
    store.run(sound_as, "shop.Ware")
    name = f"{worker}_new"
    server.create(name)
    new = Project(project.folder, server, name, apps=("shop", "store"))
    new.run(migrate)
    server.drop(name)


NOTES = """
from django.db import models


class Note(models.Model):
    text = models.TextField()
"""


@pytest.mark.parametrize(
    "first", ["notes", "shop", "versioning", "projections", "eventstore", "eventstore 0002"]
)
def test_an_app_may_be_migrated_before_all_others(
    begun: tuple[Project, dict[str, int]], server: Server, worker: str, tmp_path: Path, first: str
) -> None:
    name = f"{worker}_new"
    server.create(name)
    project = Project(tmp_path / "project", server, name, apps=("notes", "shop"))
    shutil.copytree(begun[0].folder / "shop", project.folder / "shop", dirs_exist_ok=True)
    project.models(NOTES, "notes")
    project.run(make_migrations)
    project.run(migrate, *first.split())
    project.run(migrate)
    project.run(shop.fill)
    project.run(sound)
    server.drop(name)


def test_no_row_is_replayed_for_what_django_adds_to_a_rename(
    project: Project, moments: dict[str, int]
) -> None:
    project.models(WARE_OF_ITEM.replace(CODE, CODE + "    height = models.FloatField(default=1)\n"))
    project.run(migrate_without_replay)
    assert project.run(seen_as, "shop.Ware", "size", moments) == SIZES


def migrate_without_replay() -> None:
    from unittest.mock import patch

    from tests.evolution.project import make_and_migrate

    with patch("projections.migrating.by_hand.replayed", side_effect=AssertionError):
        make_and_migrate([], noinput=True)


def test_a_deleted_models_label_may_be_another_models_in_the_same_migration(
    project: Project, moments: dict[str, int]
) -> None:
    project.models(shop.MODELS + OTHER)
    project.migrate()
    project.run(make_plain_other)
    operations = [
        "DeleteModel('ItemmakersVersion')", "DeleteModel('ItemVersion')", "DeleteModel('Item')",
        "RenameModel('Other', 'Item')", "RenameModel('OtherVersion', 'ItemVersion')",
        "AlterModelTable('ItemVersion', 'shop_itemversion')",
    ]  # fmt: skip
    maker = shop.MODELS.split("class Item(")[0]
    write(project, maker + OTHER.replace("Other", "Item"), operations)
    project.run(migrate)
    assert project.run(items) == ["One"]
    project.run(audited)


PLANT = (
    f"{VERSIONED}\n\nclass Plant(VersionedModel):\n    size = models.IntegerField(default=3)\n{END}"
)
UNDER_THE_TABLE = "\n    class Meta:\n        db_table = 'shop_tree'\n"
TREE = (
    f"{VERSIONED}\n\nclass Tree(VersionedModel):\n    name = models.CharField(max_length=9)\n{END}"
)


def test_another_model_under_the_table_of_a_deleted_one_begins_empty(empty: Project) -> None:
    empty.models(TREE)
    empty.migrate()
    empty.run(plant_trees)
    empty.models(PLANT + UNDER_THE_TABLE)
    empty.run(make_migrations)
    # What Django writes first it makes first, beside the table that goes.
    path = empty.folder / "shop" / "migrations" / f"{empty.migrations()[-1]}.py"
    path.write_text(path.read_text() + DELETIONS_FIRST)
    empty.run(migrate)
    assert empty.run(plants) == 0
    empty.run(make_plant)
    empty.run(audited)
    assert empty.run(plants) == 1
    empty.run(migrate, "shop", "0001")
    empty.models(TREE)
    empty.run(plant_trees)
    empty.run(audited)


DELETIONS_FIRST = """

OF_DELETION = (migrations.DeleteModel, migrations.RemoveField, migrations.RemoveIndex)
Migration.operations.sort(key=lambda each: not isinstance(each, OF_DELETION))
"""


def test_another_model_may_have_the_table_that_a_model_left(empty: Project) -> None:
    empty.models(TREE)
    empty.migrate()
    empty.run(plant_trees)
    empty.models(TREE + UNDER_THE_TABLE.replace("tree", "wood"))
    empty.migrate()
    plant = PLANT.split("class Plant")[1] + UNDER_THE_TABLE
    empty.models(f"{TREE}{UNDER_THE_TABLE.replace('tree', 'wood')}\n\nclass Plant{plant}")
    empty.migrate()
    empty.run(make_plant)
    empty.run(audited)
    assert empty.run(trees) == ["Elm"]
    assert empty.run(plants) == 1


def plant_trees() -> None:
    from shop.models import Tree

    tree = Tree.objects.create(name="Oak")
    tree.name = "Elm"
    tree.save()


def trees() -> list[str]:
    from shop.models import Tree

    return [tree.name for tree in Tree.objects.all()]


def make_plant() -> None:
    from shop.models import Plant

    Plant.objects.create()


def plants() -> int:
    from shop.models import Plant

    return len(Plant.objects.all())


def test_a_table_that_another_apps_model_has_by_now_is_not_dropped(
    project: Project, moments: dict[str, int]
) -> None:
    moved = moving(project)
    moved.run(write_move)
    path = moved.folder / "shop" / "migrations" / f"{moved.migrations()[-1]}.py"
    path.write_text(path.read_text() + WITH_THE_TABLE)
    first = moved.folder / "warehouse" / "migrations" / "0001_initial.py"
    first.write_text(first.read_text().replace(path.stem, "0001_initial"))
    with pytest.raises(StepFailed, match=r"would drop the table of shop\.item"):
        moved.run(migrate)
    assert moved.run(seen_as, "warehouse.Item", "size", moments) == SIZES


WITH_THE_TABLE = """

Migration.operations = Migration.operations[0].state_operations
Migration.dependencies = [("shop", "0001_initial"), ("warehouse", "0001_initial")]
"""
