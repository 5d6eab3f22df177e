"""Migrations of the shop that are written by hand, and what is looked at before and after them."""

from collections.abc import Sequence

from tests.evolution import shop
from tests.evolution.project import Project

MIGRATION = """
import uuid

from django.db import migrations, models
from django.db.migrations import (
    AddField, AlterField, AlterModelTable, CreateModel, DeleteModel, RemoveField, RenameField,
    RenameModel, RunSQL, SeparateDatabaseAndState,
)
from versioning import References
from versioning.operations import RunLogged

def words(apps, schema_editor):
    apps.get_model("shop", "Item").objects.filter(code="14").update(code="fourteen")

class Migration(migrations.Migration):
    dependencies = [("shop", {after!r})]
    operations = [{operations}]
"""

END = "    history = HistoricalRecords()\n    version_control = VersionControlManager()\n"
OTHER = f"\n\nclass Other(VersionedModel):\n    name = models.CharField(max_length=9)\n{END}"
VERSIONED = shop.MODELS.split("class Maker(")[0]


def both(*operations: str) -> list[str]:
    """Each operation for the model, and then for its versions."""
    return [
        operation.replace("ITEM", model)
        for operation in operations
        for model in ("item", "itemversion")
    ]


def alter(field: str, definition: str) -> str:
    return f"AlterField('ITEM', '{field}', models.{definition})"


def rename(before: str, after: str) -> str:
    return f"RenameField('ITEM', '{before}', '{after}')"


def remove(field: str) -> str:
    return f"RemoveField('ITEM', '{field}')"


def add(field: str, definition: str) -> str:
    return f"AddField('ITEM', '{field}', models.{definition})"


def write(project: Project, models: str, operations: Sequence[str]) -> str:
    """A migration by hand, behind those that there are; its name."""
    before = project.migrations()
    name = f"{len(before) + 1:04}_by_hand"
    project.models(models)
    text = MIGRATION.format(after=before[-1], operations=", ".join(operations))
    project.migration(name, text)
    return name


def migrate(*names: str) -> None:
    from django.core.management import call_command

    call_command("migrate", *names, verbosity=0, interactive=False)


def unsaid() -> str:
    """What `makemigrations` would write still."""
    from io import StringIO

    from django.core.management import call_command

    out = StringIO()
    call_command("makemigrations", dry_run=True, stdout=out)
    return out.getvalue().strip()


def make_plain_other() -> None:
    from shop.models import Other

    Other.objects.create(name="One")


def make_another_bulb() -> None:
    from shop.models import Item

    Item.objects.create(name="Bulb")
