"""Migrations written by hand: what is not right is refused, before it counts."""

import pytest

from tests.evolution import shop
from tests.evolution.migrations import migrate, write
from tests.evolution.project import Project, StepFailed
from tests.evolution.test_fields import (
    MAKER,
    SIZE,
    SIZES,
    Values,
    back,
    changed,
    everywhere,
    seen,
    sound,
    with_line,
)

ADDED = with_line("height = models.IntegerField(default=5)")
WIDE = changed((SIZE, SIZE.replace("size", "width")))
FULL = changed((SIZE, "    size = models.IntegerField(default=8)\n"))
TEXT = changed((SIZE, "    size = models.CharField(max_length=9, null=True)\n"))
GONE = changed((SIZE, ""))


def add(model: str, field: str = "default=5", of_type: str = "Integer") -> str:
    return f"AddField('{model}', 'height', models.{of_type}Field({field}))"


def column(table: str, value: int) -> str:
    return f"ALTER TABLE {table} ADD height integer NOT NULL DEFAULT {value};"


def by_sql(statements: str, *operations: str) -> str:
    """Statements of one's own, and what the state is told of them."""
    return f'SeparateDatabaseAndState([RunSQL("{statements}")], [{", ".join(operations)}])'


@pytest.mark.parametrize(
    ("models", "operations", "sentence"),
    [
        pytest.param(
            ADDED, [add("item"), add("itemversion", "null=True")],
            "height of shop.item is the column height of the type integer, and of its versions the "
            "column height of the type integer, which may be null",
            id="versions that may be null",
        ),
        pytest.param(
            ADDED, [add("item"), add("itemversion", "default=6, null=True")],
            "which may be null", id="versions with another default, that may be null",
        ),
        pytest.param(
            ADDED, [add("item"), add("itemversion", of_type="BigInteger")],
            "of its versions the column height of the type bigint", id="versions of another type",
        ),
        pytest.param(
            ADDED, [add("item", "default=5, db_column='h'"), add("itemversion")],
            "is the column h of the type integer, and of its versions the column height",
            id="versions with another column",
        ),
        pytest.param(
            ADDED, [add("item")], "and of its versions no column", id="no field of versions",
        ),
        pytest.param(
            ADDED, [add("itemversion")], "height of shop.item is no column",
            id="a field of versions alone",
        ),
        pytest.param(
            FULL, ["AlterField('item', 'size', models.IntegerField(default=8))"],
            "size of shop.item is the column", id="altered in the model alone",
        ),
        pytest.param(
            FULL, ["AlterField('itemversion', 'size', models.IntegerField(default=8))"],
            "size of shop.item is the column", id="altered in the versions alone",
        ),
        pytest.param(
            TEXT, ["AlterField('item', 'size', models.CharField(max_length=9, null=True))"],
            "of the type varchar(9), which may be null, and of its versions the column size of the "
            "type integer", id="another type in the model alone",
        ),
        pytest.param(
            GONE, ["RemoveField('item', 'size')"], "shop.item.size would go on",
            id="removed from the model alone",
        ),
        pytest.param(
            GONE, ["RemoveField('itemversion', 'size')"], "shop.item.size would go on",
            id="removed from the versions alone",
        ),
        pytest.param(
            WIDE, ["RenameField('item', 'size', 'width')"], "shop.item.size would go on",
            id="renamed in the model alone",
        ),
        pytest.param(
            WIDE,
            ["RenameField('item', 'size', 'width')", "RemoveField('itemversion', 'size')",
             "AddField('itemversion', 'width', models.IntegerField(null=True))"],
            "shop.item.size would go on", id="renamed in the model, begun anew in the versions",
        ),
        pytest.param(
            TEXT,
            ["AlterField('item', 'size', models.CharField(max_length=9, null=True))",
             "RemoveField('itemversion', 'size')",
             "AddField('itemversion', 'size', models.CharField(max_length=9, null=True))"],
            "shop.item.size would go on", id="altered in the model, begun anew in the versions",
        ),
        pytest.param(
            ADDED, [add("item"), by_sql(column("shop_itemversion", 6), add("itemversion"))],
            "not what the log leads to. shop_itemversion: ",
            id="versions with another value by SQL",
        ),
        pytest.param(
            ADDED,
            [by_sql(column("shop_item", 5) + column("shop_itemversion", 6),
                    add("item"), add("itemversion"))],
            "have several values in height", id="two values by SQL",
        ),
        pytest.param(
            ADDED, [by_sql("SELECT 1", add("item"), add("itemversion"))],
            'that head."shop_item" has these columns, and it has not: height (integer NOT NULL)',
            id="a state without a statement",
        ),
        pytest.param(
            ADDED,
            [add("item"), add("itemversion"),
             'RunSQL("ALTER TABLE shop_itemversion ALTER weight TYPE integer USING weight + 1")'],
            "not what the log leads to. shop_itemversion: ", id="values by SQL",
        ),
        pytest.param(
            shop.MODELS,
            ['RunSQL("ALTER TABLE shop_itemversion ALTER weight TYPE integer USING weight + 1")'],
            "cannot alter type of a column used by a view", id="values by SQL and nothing else",
        ),
        pytest.param(
            shop.MODELS,
            ['RunSQL("ALTER TABLE head.shop_item ALTER weight TYPE integer USING weight + 1")'],
            "not what the log leads to. shop_item: ", id="values of main's head by SQL",
        ),
    ],
)  # fmt: skip
def test_what_would_leave_versions_beside_their_model_is_refused(
    project: Project, moments: dict[str, int], models: str, operations: list[str], sentence: str
) -> None:
    write(project, models, operations)
    with pytest.raises(StepFailed) as refused:
        project.run(migrate)
    told = str(refused.value).replace("\\", "")
    assert "The migration shop.0002_by_hand was refused, and nothing was kept" in told
    assert sentence in told
    (project.folder / "shop" / "migrations" / "0002_by_hand.py").unlink()
    project.models(shop.MODELS)
    assert project.run(seen, "size", moments) == SIZES
    project.run(sound)


@pytest.mark.parametrize(
    ("models", "operations", "field", "expected"),
    [
        pytest.param(
            ADDED, [add("item"), add("itemversion", "default=6")], "height", everywhere(5),
            id="two defaults, of which the first counts",
        ),
        pytest.param(
            with_line("height = models.IntegerField(db_default=5)"),
            [add("item", "db_default=5"), add("itemversion", "db_default=6")],
            "height", everywhere(5), id="two defaults of the database's own",
        ),
        pytest.param(
            FULL,
            [f"AlterField('{model}', 'size', models.IntegerField(default={value}))"
             for model, value in (("item", 8), ("itemversion", 9))],
            "size", SIZES, id="two values for what was empty",
        ),
        pytest.param(
            ADDED,
            [by_sql(column("shop_item", 6) + column("shop_itemversion", 6),
                    add("item"), add("itemversion"))],
            "height", everywhere(6), id="both by SQL",
        ),
        pytest.param(
            shop.MODELS, ['RunSQL("ALTER TABLE head.shop_item SET (fillfactor = 90)")'],
            "size", SIZES, id="what is no value by SQL",
        ),
        pytest.param(
            shop.MODELS,
            ['RunSQL("ALTER TABLE head.shop_item ALTER weight TYPE integer USING weight + 0")'],
            "weight", {**everywhere(5), "old": 6}, id="the same values by SQL",
        ),
    ],
)  # fmt: skip
def test_what_comes_out_right_is_taken(
    project: Project,
    moments: dict[str, int],
    models: str,
    operations: list[str],
    field: str,
    expected: Values,
) -> None:
    write(project, models, operations)
    project.run(migrate)
    assert project.run(seen, field, moments) == expected
    project.run(sound)


@pytest.mark.parametrize("default", ["8", "models.functions.Length(models.Value('12345678'))"])
def test_what_was_empty_gets_the_default_of_the_databases_own(
    project: Project, moments: dict[str, int], default: str
) -> None:
    models = changed((SIZE, f"    size = models.IntegerField(db_default={default})\n"))
    project.models(f"import django.db.models.functions\n{models}")
    project.migrate()
    assert project.run(seen, "size", moments) == SIZES
    assert project.run(bulbs) == {8}
    project.run(sound)
    assert project.run(new_size) == 8


def bulbs() -> set[int]:
    from shop.models import Item

    return {row.size for row in Item.objects.get(name="Bulb").history.all()}


def new_size() -> int:
    from shop.models import Item

    item = Item.objects.create(name="New")
    item.refresh_from_db()
    return int(item.size)


def test_references_that_were_a_foreign_key_are_one_again_when_that_is_undone(
    project: Project, moments: dict[str, int]
) -> None:
    listed = MAKER.replace(
        "models.ForeignKey(Maker, null=True, blank=True, on_delete=models.PROTECT)",
        "References(Maker, blank=True, related_name='sold')",
    )
    project.models(changed((MAKER, listed)))
    project.migrate()
    assert project.run(seen, "maker", moments) == everywhere(["Acme"])
    project.run(back, "0001")
    project.models(shop.MODELS)
    assert {str(maker) for maker in project.run(maker_names, moments)} == {"Acme"}
    project.run(sound)


def maker_names(moments: dict[str, int]) -> set[str]:
    from shop.models import Item, Maker

    held = shop.values(Item, "maker_id", moments)
    names = dict(Maker.objects.values_list("pk", "name"))
    return {names[pk] for pk in held.values()}
