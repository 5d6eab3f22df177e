"""Migrations that change a field several times: rows and log stay together, or it is refused."""

import pytest

from tests.evolution import shop
from tests.evolution.migrations import (
    END,
    add,
    alter,
    both,
    make_another_bulb,
    migrate,
    remove,
    rename,
    write,
)
from tests.evolution.project import Project, StepFailed
from tests.evolution.test_data import audited
from tests.evolution.test_fields import (
    CODE,
    CODES,
    SIZE,
    SIZES,
    WEIGHT,
    Values,
    back,
    changed,
    everywhere,
    seen,
    sound,
    with_line,
)

FIRM = f"class Firm(VersionedModel):\n    name = models.CharField(max_length=9)\n{END}\n\n"


@pytest.mark.parametrize(
    ("models", "operations", "field", "expected"),
    [
        pytest.param(
            changed((SIZE, "    width = models.IntegerField(default=8)\n")),
            both(alter("size", "IntegerField(default=8)"), rename("size", "width")),
            "width", SIZES, id="filled, then renamed",
        ),
        pytest.param(
            changed((SIZE, "    width = models.IntegerField(db_default=8)\n")),
            both(alter("size", "IntegerField(db_default=8)"), rename("size", "width")),
            "width", SIZES, id="filled by the database, then renamed",
        ),
        pytest.param(
            changed((SIZE, SIZE + "    length = models.UUIDField(default=uuid.uuid4)\n")),
            [*both(add("height", "UUIDField(default=uuid.uuid4)"))[:1],
             "RenameField('item', 'height', 'length')",
             *both(add("height", "UUIDField(default=uuid.uuid4)"))[1:],
             "RenameField('itemversion', 'height', 'length')"],
            "size", SIZES, id="added and renamed, one table after the other",
        ),
        pytest.param(
            changed((SIZE, ""), (CODE, CODE.replace("code", "size"))),
            both(remove("size"), rename("code", "size")), "size", CODES,
            id="removed, and its name given to another",
        ),
        pytest.param(
            changed((SIZE, SIZE.replace("size", "width") + "    size = models.TextField()\n")),
            both(rename("size", "width"), add("size", "TextField(default='n')")), "width", SIZES,
            id="renamed, and its name given to a new one",
        ),
        pytest.param(
            changed(
                (SIZE, WEIGHT.replace("weight", "size")),
                (WEIGHT, SIZE.replace("size", "weight")),
            ),
            both(rename("size", "other"), rename("weight", "size"), rename("other", "weight")),
            "size", {**everywhere(5), "old": 6}, id="swapped",
        ),
        pytest.param(
            with_line("height = models.IntegerField(default=2)"),
            both(add("height", "FloatField(default=2.75)"),
                 alter("height", "IntegerField(default=2)")),
            "height", everywhere(3), id="added and cast",
        ),
        pytest.param(
            with_line("height = models.IntegerField(default=7)"),
            both(add("height", "IntegerField(null=True)"),
                 alter("height", "IntegerField(default=7)")),
            "height", everywhere(7), id="added and filled",
        ),
        pytest.param(
            with_line("height = models.CharField(max_length=9, default='high')"),
            both(add("height", "IntegerField(default=5)"), remove("height"),
                 add("height", "CharField(max_length=9, default='high')")),
            "height", everywhere("high"), id="added, removed and added again",
        ),
        pytest.param(
            changed((WEIGHT, WEIGHT.replace("default=1", "default=2"))),
            both(remove("weight"), add("weight", "IntegerField(default=2)")),
            "weight", everywhere(2), id="removed, and the very same added",
        ),
        pytest.param(
            changed((CODE, CODE.replace("50", "70"))),
            [*both(alter("code", "CharField(max_length=60, blank=True)")), "RunLogged(words)",
             *both(alter("code", "CharField(max_length=70, blank=True)"))],
            "code", {**CODES, "head": "fourteen"}, id="changed twice, and entities in between",
        ),
        pytest.param(
            changed((CODE, ""), (SIZE, SIZE.replace("IntegerField(", "FloatField("))),
            ["RunLogged(words)", *both(remove("code"), alter("size", "FloatField(null=True)"))],
            "size", SIZES, id="removed and cast behind a change of entities",
        ),
    ],
)  # fmt: skip
def test_rows_and_log_stay_together(
    project: Project,
    moments: dict[str, int],
    models: str,
    operations: list[str],
    field: str,
    expected: Values,
) -> None:
    write(project, f"import uuid\n{models}", operations)
    project.run(migrate)
    assert project.run(lamps, field, moments) == expected
    project.run(sound)


def lamps(field: str, moments: dict[str, int]) -> Values:
    """As `seen`, by the name: its weight is another here."""
    from shop.models import Item

    from versioning import viewpoint

    def lamp() -> object:
        return getattr(Item.objects.get(name__icontains="lamp"), field)

    values = {"head": lamp()}
    for name, position in moments.items():
        with viewpoint("main", at=position):
            values[name] = lamp()
    with viewpoint("old"):
        values["old"] = lamp()
    return values


@pytest.mark.parametrize(
    ("models", "operations", "sentence"),
    [
        pytest.param(
            changed((SIZE, "    size = models.FloatField(null=True)\n")),
            both(alter("size", "BooleanField(null=True)"), alter("size", "FloatField(null=True)")),
            "It changes the values of shop.item.size twice", id="cast twice",
        ),
        pytest.param(
            shop.MODELS,
            both(
                alter("size", "BooleanField(null=True)"),
                alter("size", "IntegerField(null=True)"),
            ),
            "It changes the values of shop.item.size twice", id="cast there and back",
        ),
        pytest.param(
            shop.MODELS,
            both(
                alter("size", "IntegerField(default=7)"),
                alter("size", "IntegerField(null=True)"),
            ),
            "Split it into two migrations", id="filled, and empty again",
        ),
        pytest.param(
            changed((SIZE, "    width = models.FloatField(null=True)\n")),
            both(alter("size", "BooleanField(null=True)"), rename("size", "width"),
                 alter("width", "FloatField(null=True)")),
            "It changes the values of shop.item.width twice", id="cast, renamed and cast",
        ),
        pytest.param(
            shop.MODELS.replace("class Item(", f"{FIRM}class Item(").replace(
                "makers = References(Maker", "makers = References(Firm"
            ),
            [], "shop.item.makers would be read as a list of other entities",
            id="references to another model",
        ),
    ],
)  # fmt: skip
def test_what_one_word_cannot_tell_is_refused(
    project: Project,
    moments: dict[str, int],
    models: str,
    operations: list[str],
    sentence: str,
) -> None:
    if operations:
        write(project, models, operations)
    project.models(models)
    with pytest.raises(StepFailed, match=sentence) as refused:
        project.migrate()
    assert "was refused, and nothing was kept" in str(refused.value)
    (project.folder / "shop" / "migrations" / f"{project.migrations()[-1]}.py").unlink()
    project.models(shop.MODELS)
    assert project.run(seen, "size", moments) == SIZES
    project.run(sound)


def test_what_was_changed_and_removed_is_added_and_changed_when_that_is_undone(
    project: Project, moments: dict[str, int]
) -> None:
    operations = both(alter("weight", "FloatField(default=2.75)"), remove("weight"))
    write(project, changed((WEIGHT, "")), operations)
    project.run(migrate)
    project.run(back, "0001")
    project.models(shop.MODELS)
    assert project.run(lamps, "weight", moments) == everywhere(3)
    project.run(sound)


@pytest.mark.parametrize(
    "meta",
    [
        "constraints = [models.UniqueConstraint(fields=['name'], name='alone')]",
        "constraints = [models.UniqueConstraint(models.functions.Lower('name'), name='alone')]",
        "constraints = [models.CheckConstraint(condition=~models.Q(name='Bulb'), name='alone')]",
        "unique_together = [('name', 'weight')]",
    ],
)
@pytest.mark.parametrize(
    "line", ["", "    colour = models.CharField(max_length=9, default='red')\n"]
)
def test_a_constraint_that_entities_break_is_refused(
    project: Project, moments: dict[str, int], meta: str, line: str
) -> None:
    project.run(make_another_bulb)
    before = "import django.db.models.functions\n" + shop.MODELS
    project.models(f"{before}{line}    class Meta:\n        {meta}\n")
    with pytest.raises(StepFailed, match="Entities of main break it as they are now") as refused:
        project.migrate()
    assert str(refused.value).startswith("MigrationRefused")
    (project.folder / "shop" / "migrations" / f"{project.migrations()[-1]}.py").unlink()
    project.models(shop.MODELS)
    assert project.run(seen, "size", moments) == SIZES
    project.run(audited)
