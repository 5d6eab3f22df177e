"""Apps that are migrated each by itself: what one does, or undoes, leaves the others alone."""

import pytest

from tests.evolution import shop
from tests.evolution.migrations import END, VERSIONED, migrate, unsaid
from tests.evolution.project import Project
from tests.evolution.test_data import audited
from tests.evolution.test_fields import CODE, SIZES, seen, sound

NAMED = "class Stall(VersionedModel):\n    name = models.CharField(max_length=20)\n"
STALL = f"{VERSIONED}\n\n{NAMED}{END}"
COLOURED = STALL.replace(END, f"    colour = models.CharField(max_length=20, default='red')\n{END}")
IN_STALL = "    stall = models.ForeignKey('zoo.Stall', null=True, on_delete=models.PROTECT)\n"


@pytest.fixture
def two(project: Project) -> Project:
    """The shop, whose second migration refers to another app's stall."""
    both = Project(project.folder, project.server, project.database, apps=("shop", "zoo"))
    both.models(STALL, "zoo")
    both.migrate()
    both.models(shop.MODELS.replace(CODE, CODE + IN_STALL))
    both.migrate()
    return both


@pytest.mark.parametrize(
    ("later", "field"),
    [
        (COLOURED, "colour"),
        (STALL.replace("name =", "title =") + "    former_names = {'name': 'title'}\n", "title"),
        (STALL.replace("models.CharField(max_length=20)", "models.TextField()"), "name"),
    ],
)
def test_what_another_app_migrated_later_outlives_the_undoing_of_this_one(
    two: Project, moments: dict[str, int], later: str, field: str
) -> None:
    two.models(later, "zoo")
    two.migrate(noinput=True)
    two.run(make_stall, "Stall", field)
    two.run(migrate, "shop", "0001")
    two.models(shop.MODELS)
    assert two.run(stall, "Stall", field) == ["green"]
    two.run(audited)
    two.models(shop.MODELS.replace(CODE, CODE + IN_STALL))
    two.run(migrate)
    assert two.run(unsaid) == "No changes detected"
    assert two.run(stall, "Stall", field) == ["green"]
    assert two.run(seen, "size", moments) == SIZES
    two.run(sound)


def test_a_model_that_another_app_renamed_later_outlives_it_as_well(two: Project) -> None:
    hut = f"{NAMED}{END}".replace("Stall", "Hut")
    two.models(f"{STALL}\n\n{hut}", "zoo")
    two.migrate()
    two.run(make_stall, "Hut", "name")
    shed = hut.replace(
        "class Hut(VersionedModel):", "class Shed(VersionedModel):\n    former_label = 'zoo.hut'"
    )
    two.models(f"{STALL}\n\n{shed}", "zoo")
    two.migrate(noinput=True)
    two.run(migrate, "shop", "0001")
    two.models(shop.MODELS)
    assert two.run(stall, "Shed", "name") == ["green"]
    two.run(audited)


def make_stall(model: str, field: str) -> None:
    from django.apps import apps

    apps.get_model("zoo", model).objects.create(**{field: "green"})


def stall(model: str, field: str) -> list[object]:
    """What the rows say, which must be what the log says."""
    from django.apps import apps

    stalls = list(apps.get_model("zoo", model).objects.all())
    assert [each.history.replayed(1)[field] for each in stalls] == [
        getattr(s, field) for s in stalls
    ]
    return [getattr(each, field) for each in stalls]
