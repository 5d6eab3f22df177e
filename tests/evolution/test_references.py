"""Foreign keys that come to name another model: what versions hold must not be read as others."""

import pytest

from tests.evolution import shop
from tests.evolution.migrations import END, migrate, unsaid
from tests.evolution.project import Project, StepFailed
from tests.evolution.test_fields import MAKER, everywhere, seen, sound

OWNER = f"class Owner(VersionedModel):\n    name = models.CharField(max_length=9)\n{END}\n\n"
WITH_OWNER = shop.MODELS.replace("class Item(", f"{OWNER}class Item(")
OF_OWNER = MAKER.replace("Maker", "Owner")


def empty_head() -> None:
    """Leave nothing on main's head: the past and a branch still name makers."""
    from shop.models import Item

    for item in Item.objects.all():
        item.maker = None
        item.save()


@pytest.mark.parametrize(
    "line",
    [OF_OWNER, "    maker = References(Owner, blank=True, related_name='owned')\n"],
    ids=["a reference", "a list"],
)
def test_a_reference_to_another_model_is_refused_where_any_version_holds_one(
    project: Project, moments: dict[str, int], line: str
) -> None:
    project.models(WITH_OWNER)
    project.migrate()
    project.run(empty_head)
    sizes = project.run(seen, "maker_id", moments)
    project.models(WITH_OWNER.replace(MAKER, line))
    with pytest.raises(
        StepFailed,
        match=r"nothing was kept: shop\.item\.maker names shop\.maker.*as shop\.owner",
    ):
        project.migrate(noinput=True)
    project.models(WITH_OWNER)
    assert project.run(seen, "maker_id", moments) == sizes
    project.run(sound)


def test_a_reference_that_nobody_ever_gave_may_name_another_model(
    project: Project, moments: dict[str, int]
) -> None:
    keeper = MAKER.replace("maker", "keeper").replace("=models.PROTECT", "=models.CASCADE")
    keeper = keeper.replace("null=True", "related_name='kept', null=True")
    project.models(WITH_OWNER.replace(MAKER, MAKER + keeper))
    project.migrate()
    project.models(WITH_OWNER.replace(MAKER, MAKER + keeper.replace("Maker", "Owner")))
    project.migrate()
    assert project.run(seen, "keeper_id", moments) == everywhere(None)
    project.run(sound)


def test_a_reference_follows_its_model_under_another_name(
    project: Project, moments: dict[str, int]
) -> None:
    makers = project.run(seen, "maker_id", moments)
    brand = shop.MODELS.replace("Maker", "Brand")
    named = "class Brand(VersionedModel):\n"
    project.models(brand.replace(named, f"{named}    former_label = 'shop.maker'\n"))
    project.migrate(noinput=True)
    assert project.run(unsaid) == "No changes detected"
    assert project.run(seen, "maker_id", moments) == makers
    project.run(migrate, "shop", "0001")
    project.run(migrate)
    assert project.run(seen, "maker_id", moments) == makers


def test_a_reference_to_a_model_whose_name_another_takes_is_refused(
    project: Project, moments: dict[str, int]
) -> None:
    """The name stays in the code, and would stand for makers that have no past."""
    project.run(empty_head)
    makers = project.run(seen, "maker_id", moments)
    named = "class Maker(VersionedModel):\n"
    brand = named.replace("Maker", "Brand") + "    former_label = 'shop.maker'\n"
    again = f"{named}    name = models.CharField(max_length=9)\n{END}\n\n"
    models = shop.MODELS.replace(named, again + brand).replace(
        "References(Maker", "References(Brand"
    )
    project.models(models)
    with pytest.raises(StepFailed, match=r"shop\.item\.maker names shop\.maker"):
        project.migrate(noinput=True)
    project.models(shop.MODELS)
    assert project.run(seen, "maker_id", moments) == makers


NAMED = MAKER.replace("on_delete=", "db_column='Made By', on_delete=")


@pytest.mark.parametrize("last", [NAMED.replace("Made By", "made"), MAKER], ids=["other", "none"])
def test_the_column_of_a_reference_may_have_any_name_and_change_it(
    project: Project, moments: dict[str, int], last: str
) -> None:
    makers = project.run(seen, "maker_id", moments)
    for maker in (NAMED, last):
        project.models(shop.MODELS.replace(MAKER, maker))
        project.migrate(noinput=True)
        assert project.run(seen, "maker_id", moments) == makers
    project.run(sound)


def live_with_named_columns() -> None:
    from shop.models import Item, Maker

    from projections.audit.auditing import audit
    from versioning import branch_context, viewpoint
    from versioning.branches.fork import fork

    maker = Maker.objects.create(name="M")
    Item.objects.create(name="I", maker=maker)
    fork("spring")
    with branch_context("spring"):
        Item.objects.update(maker=None)
    with viewpoint("spring"):
        assert Item.objects.filter(maker__isnull=True).count() == 1
    assert Item.objects.get().maker == maker
    Item.version_control.merge("spring")
    assert Item.objects.get().maker is None
    assert audit().findings == ()


def test_a_project_may_begin_with_such_a_name(empty: Project) -> None:
    empty.models(
        shop.MODELS.replace(MAKER, MAKER.replace("on_delete=", "db_column='own', on_delete="))
    )
    empty.migrate()
    empty.run(live_with_named_columns)
