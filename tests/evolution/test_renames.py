"""Names that are told, with other changes in the same migration: values follow their field."""

import pytest

from tests.evolution import shop
from tests.evolution.migrations import END, add, both, migrate, remove, unsaid, write
from tests.evolution.project import Project, StepFailed
from tests.evolution.test_data import audited
from tests.evolution.test_fields import (
    CODE,
    CODES,
    MAKER,
    NOTE,
    SIZE,
    SIZES,
    Values,
    back,
    changed,
    everywhere,
    seen,
    sound,
)
from tests.evolution.test_models import WARE, WARE_OF_ITEM, seen_as, sound_as


def told(former_names: dict[str, str], *replacements: tuple[str, str]) -> str:
    """The shop's models, changed, that say what fields were called."""
    return changed(*replacements, (NOTE, f"{NOTE}    former_names = {former_names!r}\n"))


TEXTS = {at: str(size) for at, size in SIZES.items()}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("width = models.CharField(max_length=9, null=True)", TEXTS),
        ("width = models.FloatField(null=True)", SIZES),
        ("width = models.IntegerField(default=8)", SIZES),
        ("width = models.IntegerField(null=True, default=8, db_column='size')", SIZES),
        ("width = models.IntegerField(null=True, db_index=True, help_text='In mm.')", SIZES),
    ],
)  # fmt: skip
def test_a_field_that_is_told_to_be_renamed_may_change_as_well(
    project: Project, moments: dict[str, int], line: str, expected: Values
) -> None:
    project.models(told({"size": "width"}, (SIZE, f"    {line}\n")))
    project.migrate(noinput=True)
    assert project.run(unsaid) == "No changes detected"
    assert project.run(seen, "width", moments) == expected
    project.run(back, "0001")
    project.run(migrate)
    assert project.run(seen, "width", moments) == expected
    project.run(sound)


def test_a_field_with_an_index_is_renamed_there_and_back(
    project: Project, moments: dict[str, int]
) -> None:
    indexed = SIZE.replace("blank=True", "db_index=True")
    project.models(changed((SIZE, indexed)))
    project.migrate()
    project.models(told({"size": "width"}, (SIZE, indexed.replace("size", "width"))))
    project.migrate(noinput=True)
    assert project.run(unsaid) == "No changes detected"
    project.run(back, "0002")
    project.run(migrate)
    assert project.run(seen, "width", moments) == SIZES
    project.run(sound)


def test_a_reference_that_is_told_to_be_renamed_may_become_a_list(
    project: Project, moments: dict[str, int]
) -> None:
    listed = "    sellers = References(Maker, blank=True, related_name='sold')\n"
    project.models(told({"maker": "sellers"}, (MAKER, listed)))
    project.migrate(noinput=True)
    assert project.run(seen, "sellers", moments) == everywhere(["Acme"])
    project.run(sound)


def test_what_operations_do_counts_and_not_what_former_names_tell(
    project: Project, moments: dict[str, int]
) -> None:
    """Rows that lost a field have lost it in the log too."""
    operations = both(remove("size"), add("width", "IntegerField(null=True)"))
    models = told({"size": "width"}, (SIZE, SIZE.replace("size", "width")))
    write(project, models, operations)
    project.run(migrate)
    assert project.run(seen, "width", moments) == everywhere(None)
    project.run(sound)


@pytest.mark.parametrize("told", ["    former_names = {'makers': 'producers'}\n", ""])
def test_references_may_be_renamed(project: Project, moments: dict[str, int], told: str) -> None:
    """Asked once at most: the versions of links follow."""
    makers = project.run(seen, "makers", moments)
    project.models(shop.MODELS.replace("makers =", "producers =") + told)
    project.migrate(*([] if told else ["y"]))
    assert project.run(unsaid) == "No changes detected"
    assert project.run(seen, "producers", moments) == makers
    project.run(back, "0001")
    project.run(migrate)
    assert project.run(seen, "producers", moments) == makers
    project.run(sound)


def test_references_that_are_not_renamed_are_others(
    project: Project, moments: dict[str, int]
) -> None:
    project.models(shop.MODELS.replace("makers =", "producers ="))
    project.migrate("n")
    assert project.run(seen, "producers", moments) == everywhere([])
    project.run(sound)


def test_a_model_and_its_references_may_be_renamed_at_once(
    project: Project, moments: dict[str, int]
) -> None:
    makers = project.run(seen, "makers", moments)
    project.models(WARE.replace("makers =", "producers ="))
    project.migrate("y", "y")
    assert project.run(unsaid) == "No changes detected"
    assert project.run(seen_as, "shop.Ware", "producers", moments) == makers
    project.run(sound_as, "shop.Ware")


def test_a_model_that_is_told_to_be_renamed_may_change_as_well(
    project: Project, moments: dict[str, int]
) -> None:
    models = (
        WARE_OF_ITEM.replace(
            CODE,
            "    number = models.TextField(blank=True)\n"
            "    key = models.UUIDField(default=__import__('uuid').uuid4)\n",
        )
        + "    former_names = {'code': 'number'}\n"
    )
    project.models(models)
    project.migrate(noinput=True)
    assert project.run(unsaid) == "No changes detected"
    assert project.run(seen_as, "shop.Ware", "number", moments) == CODES
    assert len(set(project.run(seen_as, "shop.Ware", "key", moments).values())) == 1
    project.run(sound_as, "shop.Ware")


def test_what_is_computed_is_computed_once_while_tables_have_two_names(
    project: Project, moments: dict[str, int]
) -> None:
    """The table of a model is renamed along, that of its versions by an operation of its own."""
    key = "key = models.UUIDField(default=uuid.uuid4)\n"
    operations = [
        "RenameModel('Item', 'Ware')", "RenameModel('ItemVersion', 'WareVersion')",
        "RenameModel('ItemmakersVersion', 'WaremakersVersion')",
        "AddField('Ware', 'key', models.UUIDField(default=uuid.uuid4))",
        "AddField('WareVersion', 'key', models.UUIDField(default=uuid.uuid4))",
        "AlterModelTable('WareVersion', 'shop_wareversion')",
        "AlterModelTable('WaremakersVersion', 'shop_ware_makersversion')",
    ]  # fmt: skip
    write(project, f"import uuid\n{WARE.replace(CODE, CODE + '    ' + key)}", operations)
    project.run(migrate)
    assert len(set(project.run(seen_as, "shop.Ware", "key", moments).values())) == 1
    project.run(sound_as, "shop.Ware")


@pytest.mark.parametrize(
    "line",
    [
        "title = models.CharField(max_length=9, unique=True)",
        "maker = models.ForeignKey(Maker, on_delete=models.CASCADE, related_name='+')",
        "makers = References(Maker, related_name='+', blank=True)",
    ],
)
def test_a_former_label_may_be_taken_in_the_same_migration(
    project: Project, moments: dict[str, int], line: str
) -> None:
    """Indexes are called after tables: those of the one make room for those of the other."""
    project.models(f"{WARE_OF_ITEM}\n\nclass Item(VersionedModel):\n    {line}\n{END}")
    project.migrate(noinput=True)
    assert project.run(unsaid) == "No changes detected"
    project.run(migrate, "shop", "0001")
    project.run(migrate)
    assert project.run(seen_as, "shop.Ware", "size", moments) == SIZES
    project.run(sound_as, "shop.Ware")


def test_a_label_is_no_former_one_where_nobody_tells_so(project: Project) -> None:
    """As Django has it: one model more, and another that changed all of its fields."""
    again = f"\n\nclass Item(VersionedModel):\n    title = models.CharField(max_length=9)\n{END}"
    project.models(WARE + again)
    project.migrate("1", "'new'")
    project.run(audited)


SWAPPED = "class {now}(VersionedModel):\n    former_label = 'shop.{was}'\n"


def test_models_that_swap_their_names_at_once_are_refused(
    project: Project, moments: dict[str, int]
) -> None:
    text = shop.MODELS.replace("Maker", "ITEM").replace("Item", "Maker").replace("ITEM", "Item")
    for now, was in {"Item": "maker", "Maker": "item"}.items():
        text = text.replace(f"class {now}(VersionedModel):\n", SWAPPED.format(now=now, was=was))
    project.models(text)
    with pytest.raises(StepFailed, match=r"shop\.Item.*in a circle.*a name that is free"):
        project.run(check)
    project.models(shop.MODELS)
    project.run(sound)


def test_models_may_swap_their_names_by_way_of_a_third(
    project: Project, moments: dict[str, int]
) -> None:
    models = shop.MODELS
    for was, now in [("Item", "Ware"), ("Maker", "Item"), ("Ware", "Maker")]:
        models = models.replace("    former_label = 'shop.item'\n", "")
        models = models.replace("    former_label = 'shop.maker'\n", "").replace(was, now)
        told = SWAPPED.format(now=now, was=was.lower())
        project.models(models.replace(f"class {now}(VersionedModel):\n", told))
        project.migrate(noinput=True)
    assert project.run(seen_as, "shop.Maker", "size", moments) == SIZES
    project.run(sound_as, "shop.Maker")


@pytest.mark.parametrize(
    ("models", "sentence"),
    [
        (
            shop.MODELS.split("class Maker(")[0]
            + SWAPPED.format(now="Maker", was="item")
            + f"    name = models.CharField(max_length=100)\n{END}",
            r"shop\.maker tells that it was shop\.item once, and both stand",
        ),
        (
            told({"size": "weight"}, (SIZE, "")),
            r"shop\.item tells that weight was size once, and both stand",
        ),
    ],
)
def test_a_name_that_something_else_has_still_is_not_taken(
    project: Project, moments: dict[str, int], models: str, sentence: str
) -> None:
    project.models(models)
    with pytest.raises(StepFailed, match=sentence):
        project.migrate(noinput=True)
    project.models(shop.MODELS)
    project.run(sound)


def check() -> None:
    from django.core.management import call_command

    call_command("check")
