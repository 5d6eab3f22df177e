"""Apps that are migrated each by itself: what one does, or undoes, leaves the others alone."""

import pytest

from tests.evolution import shop
from tests.evolution.migrations import END, VERSIONED, migrate, unsaid
from tests.evolution.project import Project, StepFailed
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


def make_stall(model: str, field: str, value: str = "green") -> None:
    from django.apps import apps

    apps.get_model("zoo", model).objects.create(**{field: value})


def stall(model: str, field: str) -> list[str]:
    """What the rows say, which must be what the log says."""
    from django.apps import apps

    stalls = list(apps.get_model("zoo", model).objects.all())
    assert [each.history.replayed(1)[field] for each in stalls] == [
        getattr(s, field) for s in stalls
    ]
    return [getattr(each, field) for each in stalls]


@pytest.fixture
def filled(project: Project) -> Project:
    """The shop beside an app whose entities stand on main, and others on a branch."""
    both = Project(project.folder, project.server, project.database, apps=("shop", "zoo"))
    both.models(STALL, "zoo")
    both.migrate()
    both.run(make_stall, "Stall", "name")
    both.run(make_stall_on_branch)
    return both


def make_stall_on_branch() -> None:
    from versioning import branch_context

    with branch_context("old"):
        make_stall("Stall", "name", "on a branch")


def test_an_app_that_was_taken_out_is_named_and_nothing_goes_on_without_it(filled: Project) -> None:
    out = Project(filled.folder, filled.server, filled.database)
    with pytest.raises(StepFailed, match=r"no app zoo is installed.*migrate zoo zero"):
        out.run(checked)
    out.run(migrate)  # as a program calls it, without checks
    for step in (audited, rebuilt, merged, synced, reverted):
        with pytest.raises(StepFailed, match=r"KindMissing.*zoo\.stall.*no app zoo is installed"):
            out.run(step)
    back = Project(filled.folder, filled.server, filled.database, apps=("shop", "zoo"))
    back.run(migrate)
    assert back.run(stall, "Stall", "name") == ["green"]
    back.run(sound)
    assert sorted(back.run(stall, "Stall", "name")) == ["green", "on a branch"]


def test_an_app_whose_models_were_deleted_first_may_be_taken_out(
    filled: Project, moments: dict[str, int]
) -> None:
    filled.run(migrate, "zoo", "zero")
    out = Project(filled.folder, filled.server, filled.database)
    out.run(migrate)
    assert out.run(seen, "size", moments) == SIZES
    out.run(sound)


def test_a_model_that_no_migration_deleted_yet_is_named_as_well(filled: Project) -> None:
    filled.models(VERSIONED, "zoo")
    with pytest.raises(StepFailed, match=r"KindMissing.*zoo\.stall.*no such model.*makemigrations"):
        filled.run(merged)
    filled.migrate()
    filled.run(sound)


def checked() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False, skip_checks=False)


def rebuilt() -> None:
    from projections.rebuild import rebuild

    rebuild()


def merged() -> None:
    from shop.models import Item

    Item.version_control.merge("old")


def synced() -> None:
    from shop.models import Item

    Item.version_control.sync("old")


def reverted() -> None:
    from shop.models import Item

    from eventstore.models import Changeset

    Item.version_control.revert(Changeset.objects.filter(kind="edit").latest("pk").pk)
