"""Refusals say what is true, and what they say to do next leads on."""

import pytest

from tests.evolution.project import Project, StepFailed

HEAD = """
from uuid import uuid4

from django.db import models
from django.db.models import F
from versioning import HistoricalRecords, VersionControlManager, VersionedModel
from versioning.fields import QuantityField

"""
TREE = """
class Tree(VersionedModel):
    height = {height}
{more}    history = HistoricalRecords()
    version_control = VersionControlManager()
"""
HEIGHT = "models.IntegerField(default=0)"
TWICE = """    twice = models.GeneratedField(
        expression=F("height") * 2, output_field=models.BigIntegerField(), db_persist=True
    )
"""


def tree(height: str = HEIGHT, more: str = "") -> str:
    return HEAD + TREE.format(height=height, more=more)


def grow(*heights: int) -> None:
    from shop.models import Tree

    tree = Tree.objects.create(height=heights[0])
    for height in heights[1:]:
        tree.height = height
        tree.save()


def sound() -> None:
    from shop.models import Tree

    from projections.audit.auditing import audit
    from projections.rebuild import rebuild
    from versioning.entities.kinds import kind_of
    from versioning.viewpoints.versions import to_version

    for each in Tree.objects.all():
        for row in each.history.all():
            assert each.history.replayed(row) == to_version(kind_of(Tree), row).document
    assert audit().findings == ()
    assert rebuild().mended == 0


def begun(project: Project, models: str, *heights: int) -> None:
    project.models(models)
    project.migrate()
    project.run(grow, *heights)


def refusal(project: Project, models: str, *answers: str) -> str:
    """What a change of the models is refused with; nothing is left of its migration."""
    project.models(models)
    before = project.migrations()
    with pytest.raises(StepFailed) as refused:
        project.migrate(*answers)
    for each in set(project.migrations()) - set(before):
        (project.folder / "shop" / "migrations" / f"{each}.py").unlink()
    told = str(refused.value).replace("\\", "").split("Traceback")[0]
    assert "was refused, and nothing was kept" in told
    return told


def test_a_check_that_an_old_version_breaks_is_not_told_of_as_of_main(empty: Project) -> None:
    begun(empty, tree(), -1, 1)
    told = refusal(empty, tree("models.PositiveIntegerField(default=0)"))
    assert "Every version counts, old ones and those of branches too" in told
    assert "Entities of main" not in told


def test_a_check_that_main_breaks_is_told_of_as_such(empty: Project) -> None:
    begun(empty, tree(), 1, -1)
    told = refusal(empty, tree("models.PositiveIntegerField(default=0)"))
    assert "Entities of main break it as they are now." in told


UID = "    uid = models.UUIDField({options})\n"

LOGGED = """
from uuid import uuid4

from django.db import migrations
from versioning.operations import RunLogged


def number(apps, schema_editor):
    for tree in apps.get_model("shop", "Tree").objects.all():
        tree.uid = uuid4()
        tree.save()


class Migration(migrations.Migration):
    dependencies = [("shop", {after!r})]
    operations = [RunLogged(number, migrations.RunPython.noop)]
"""


def test_a_unique_field_gets_computed_values_in_three_steps(empty: Project) -> None:
    begun(empty, tree(), 1, 2)
    empty.run(grow, 3)
    unique = tree(more=UID.format(options="default=uuid4, unique=True"))
    told = refusal(empty, unique, "1")
    assert "Add the field with null=True and without unique" in told
    assert "Entities of main" not in told
    empty.models(tree(more=UID.format(options="null=True")))
    empty.migrate()
    empty.migration("0003_number", LOGGED.format(after=empty.migrations()[-1]))
    empty.models(tree(more=UID.format(options="null=True, default=uuid4, unique=True")))
    empty.migrate()
    empty.run(grow, 4)
    empty.run(sound)


def test_the_source_of_a_generated_column_is_altered_once_that_is_out_of_the_way(
    empty: Project,
) -> None:
    begun(empty, tree(more=TWICE), 1, 2)
    wide = "models.BigIntegerField(default=0)"
    told = refusal(empty, tree(wide, TWICE))
    assert "take the generated field out of the model" in told
    assert "views" not in told
    empty.models(tree(wide))
    empty.migrate()
    empty.models(tree(wide, TWICE))
    empty.migrate()
    empty.run(sound)
    assert empty.run(twice) == {4}


def twice() -> set[int]:
    from shop.models import Tree

    return {tree.twice for tree in Tree.objects.all()}


def test_a_generated_column_is_not_computed_otherwise(empty: Project) -> None:
    begun(empty, tree(more=TWICE), 1)
    told = refusal(empty, tree(more=TWICE.replace("* 2", "* 3")))
    assert "shop.Tree.twice is computed by the database" in told.replace("tree", "Tree")
    assert "Take the generated field out of the model" in told
    empty.models(tree())
    empty.migrate()
    empty.models(tree(more=TWICE.replace("* 2", "* 3")))
    empty.migrate()
    empty.run(sound)
    assert empty.run(twice) == {3}


def test_versions_are_not_dropped_from_a_model_that_stays(empty: Project) -> None:
    begun(empty, tree(), 1)
    plain = HEAD + "class Tree(models.Model):\n    height = models.IntegerField(default=0)\n"
    told = refusal(empty, plain)
    assert "shop.tree would be a model without versions" in told
    assert "Rename" not in told
