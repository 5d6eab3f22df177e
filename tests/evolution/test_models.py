"""Models renamed, removed, moved to another app: their entities keep their past, or are gone."""

import pytest

from tests.evolution import shop
from tests.evolution.project import Project, StepFailed
from tests.evolution.test_fields import CODES, SIZES

WARE = shop.MODELS.replace("class Item(", "class Ware(")
WARE_OF_ITEM = WARE.replace(
    "class Ware(VersionedModel):", "class Ware(VersionedModel):\n    former_label = 'shop.item'"
)


def seen_as(label: str, field: str, moments: dict[str, int]) -> dict[str, object]:
    from django.apps import apps

    return shop.values(apps.get_model(label), field, moments)


def sound_as(label: str) -> None:
    from django.apps import apps

    shop.check(apps.get_model(label))


def test_a_renamed_model_keeps_its_entities(project: Project, moments: dict[str, int]) -> None:
    project.models(WARE)
    project.migrate("y")
    assert project.run(seen_as, "shop.Ware", "size", moments) == SIZES
    project.run(sound_as, "shop.Ware")


def test_a_rename_that_the_model_tells_is_asked_by_nobody(
    project: Project, moments: dict[str, int]
) -> None:
    project.models(WARE_OF_ITEM)
    project.migrate(noinput=True)
    assert project.run(seen_as, "shop.Ware", "code", moments) == CODES
    project.run(sound_as, "shop.Ware")


def test_a_model_that_is_gone_leaves_the_rest_as_it_was(project: Project) -> None:
    project.models(shop.MODELS.split("class Item(")[0])
    project.migrate()
    project.run(makers_are_sound)


def makers_are_sound() -> None:
    from shop.models import Maker

    from projections.audit.auditing import audit
    from projections.rebuild import rebuild

    Maker.objects.create(name="Crown")
    assert audit().findings == ()
    assert rebuild().mended == 0
    acme = Maker.objects.get(name="Acme")
    assert acme.history.replayed(1)["name"] == "Acme"


def test_a_label_may_be_used_again_for_another_model(project: Project) -> None:
    project.models(shop.MODELS.split("class Item(")[0])
    project.migrate()
    other = shop.MODELS.split("class Item(")[0] + (
        "\n\nclass Item(VersionedModel):\n"
        "    size = models.CharField(max_length=9, default='big')\n"
        "    history = HistoricalRecords()\n"
    )
    project.models(other)
    project.migrate()
    project.run(other_items)
    project.run(makers_are_sound)


def other_items() -> None:
    from shop.models import Item

    assert not Item.objects.exists()
    Item.objects.create()
    assert Item.objects.get().size == "big"


MOVED = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial"){also}]
    operations = [migrations.SeparateDatabaseAndState(state_operations=[{operations}])]
"""


def moving(project: Project, rename: tuple[str, str] = ("", "")) -> Project:
    """The shop, whose items are another app's in the code; the move is not written yet."""
    head, item = shop.MODELS.split("class Item(")
    moved = Project(project.folder, project.server, project.database, apps=("shop", "warehouse"))
    moved.models(head)
    item = item.replace("(Maker", "('shop.Maker'").replace(*rename)
    item += "\n    class Meta:\n        db_table = 'shop_item'\n"
    item = item.replace('related_name="made"', "related_name='made'")
    moved.models(head.split("class Maker")[0] + "class Item(" + item, "warehouse")
    return moved


def test_a_model_that_moves_to_another_app_keeps_its_entities(
    project: Project, moments: dict[str, int]
) -> None:
    moved = moving(project)
    moved.run(write_move)
    moved.migrate()
    assert moved.run(seen_as, "warehouse.Item", "size", moments) == SIZES
    moved.run(sound_as, "warehouse.Item")


RENAMED_BY_SQL = """

Migration.operations[0].database_operations = [
    migrations.RunSQL(
        "ALTER TABLE head.shop_item RENAME size TO width;"
        "ALTER TABLE public.shop_itemversion RENAME size TO width"
    )
]
"""


def test_a_field_that_is_renamed_while_its_model_moves_is_told_to_wait(project: Project) -> None:
    moved = moving(project, ("size =", "width ="))
    moved.run(write_move)
    path = moved.folder / "warehouse" / "migrations" / "0001_initial.py"
    path.write_text(path.read_text() + RENAMED_BY_SQL)
    with pytest.raises(StepFailed, match=r"several values in width.*another app moves first"):
        moved.migrate()


def write_move() -> None:
    """What Django's documentation tells for moving a model: states change, tables stay."""
    from pathlib import Path

    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.operations import SeparateDatabaseAndState
    from django.db.migrations.state import ProjectState
    from django.db.migrations.writer import MigrationWriter

    loader = MigrationLoader(None)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(
        loader.graph
    )
    for migrations in changes.values():
        for migration in migrations:
            moves = SeparateDatabaseAndState(state_operations=migration.operations)
            migration.__dict__["operations"] = [moves]
            writer = MigrationWriter(migration)
            Path(writer.path).write_text(writer.as_string())


def test_a_migration_that_is_not_atomic_is_refused(project: Project) -> None:
    project.models(shop.MODELS.replace("class Maker(", "class Maker(", 1))
    project.migration(
        "0002_halves",
        "from django.db import migrations, models\n\n\n"
        "class Migration(migrations.Migration):\n"
        "    atomic = False\n"
        "    dependencies = [('shop', '0001_initial')]\n"
        "    operations = [migrations.RemoveField('item', 'size'),"
        " migrations.RemoveField('itemversion', 'size')]\n",
    )
    with pytest.raises(StepFailed, match="is not atomic"):
        project.run(_migrate)


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
