"""Projects with several databases: the log is in one, and migrations of another leave it alone."""

import shutil
from collections.abc import Iterator

import pytest

from tests.evolution import shop
from tests.evolution.migrations import migrate
from tests.evolution.project import Project, Server
from tests.evolution.test_data import audited
from tests.evolution.test_fields import CODE, SIZES, seen, sound

COLOUR = "    colour = models.CharField(max_length=20, default='red')\n"
NOTES = """

class Shelf(models.Model):
    name = models.CharField(max_length=20, default="long")


class Label(models.Model):
    item = models.ForeignKey(Item, null=True, on_delete=models.CASCADE)
"""
OTHERS = {
    "postgresql": "{**DATABASES['default'], 'NAME': %r}",
    "sqlite": "{'ENGINE': 'django.db.backends.sqlite3', 'NAME': %r}",
}


@pytest.fixture(params=OTHERS)
def several(
    request: pytest.FixtureRequest, project: Project, server: Server, worker: str
) -> Iterator[Project]:
    """The shop, with another database beside the log's."""
    is_file, name = request.param == "sqlite", f"{worker}_other"
    other = OTHERS[request.param] % (str(project.folder / "other") if is_file else name)
    settings = project.folder / "settings.py"
    settings.write_text(f"{settings.read_text()}\nDATABASES['other'] = {other}\n")
    if not is_file:
        server.create(name)
    yield project
    server.drop(name)


def test_a_migration_of_another_database_leaves_the_log_and_its_tables_out(
    several: Project, moments: dict[str, int]
) -> None:
    several.models(shop.MODELS.replace(CODE, CODE + COLOUR) + NOTES)
    several.migrate()
    several.run(paint)
    schema = several.run(schema_changesets)
    for target in (["shop", "0001"], ["shop"], ["shop", "zero"], []):
        several.run(migrate_other, *target)
    assert several.run(schema_changesets) == schema
    assert several.run(tables) == {"auth", "django", "shop_shelf"}
    assert several.run(seen, "size", moments) == SIZES
    assert several.run(seen, "colour", moments)["head"] == "blue"
    several.run(sound)


def test_code_of_plain_models_runs_on_every_database_and_logged_code_where_the_log_is(
    several: Project,
) -> None:
    several.models(shop.MODELS + NOTES)
    several.migrate()
    for name, run in {"0003_label": "RunLogged(label)", "0004_fill": "RunPython(fill)"}.items():
        after = several.migrations()[-1]
        several.migration(name, CODE_OF.format(after=after, run=run))
    several.run(migrate)
    several.run(migrate_other)
    assert several.run(shelves) == ["long"]
    several.run(audited)


def test_tables_of_apps_without_migrations_are_left_out_as_well(several: Project) -> None:
    several.models(shop.MODELS + NOTES)
    shutil.rmtree(several.folder / "shop" / "migrations")
    several.run(synchronize_other)
    assert several.run(tables) == {"auth", "django", "shop_shelf"}


CODE_OF = """
from django.db import migrations
from django.db.migrations import RunPython
from versioning.operations import RunLogged


def label(apps, schema_editor):
    for item in apps.get_model("shop", "Item").objects.all():
        item.code = "new"
        item.save()


def fill(apps, schema_editor):
    apps.get_model("shop", "Shelf").objects.using(schema_editor.connection.alias).create()


class Migration(migrations.Migration):
    dependencies = [("shop", {after!r})]
    operations = [{run}]
"""


def paint() -> None:
    from shop.models import Item

    item = Item.objects.get(name="Lamp")
    item.colour = "blue"
    item.save()


def schema_changesets() -> list[str]:
    from eventstore.models import Changeset

    return [each.message for each in Changeset.objects.filter(kind="schema").order_by("pk")]


def migrate_other(*target: str) -> None:
    from django.core.management import call_command

    call_command("migrate", *target, database="other", verbosity=0, interactive=False)


def tables() -> set[str]:
    """Those of the other database; of Django's own the app that they are of."""
    from django.db import connections

    names = connections["other"].introspection.table_names()
    return {name if name.startswith("shop") else name.split("_")[0] for name in names}


def shelves() -> list[str]:
    from shop.models import Shelf

    return [shelf.name for shelf in Shelf.objects.using("other")]


def synchronize_other() -> None:
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, database="other", verbosity=0, interactive=False)
