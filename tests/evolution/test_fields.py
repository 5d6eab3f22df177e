"""Fields changed in every ordinary way: the past, the branch and the audit stay true."""

from typing import Any

import pytest

from tests.evolution import shop
from tests.evolution.project import Project, StepFailed

Values = dict[str, Any]


def changed(*replacements: tuple[str, str]) -> str:
    """The shop's models, with some lines written otherwise."""
    text = shop.MODELS
    for before, after in replacements:
        assert before in text, before
        text = text.replace(before, after)
    return text


def seen(field: str, moments: dict[str, int]) -> Values:
    from shop.models import Item

    return shop.values(Item, field, moments)


def sound() -> None:
    from shop.models import Item

    shop.check(Item)


NAME = "    name = models.CharField(max_length=100)\n    size"
SIZE = "    size = models.IntegerField(null=True, blank=True)\n"
WEIGHT = "    weight = models.IntegerField(default=1)\n"
CODE = "    code = models.CharField(max_length=50, blank=True)\n"
NOTE = "    note = models.TextField(blank=True)\n"
MAKER = "    maker = models.ForeignKey(Maker, null=True, blank=True, on_delete=models.PROTECT)\n"


def with_line(line: str) -> str:
    return changed((NOTE, NOTE + f"    {line}\n"))


ALL = ("first", "second", "head", "old")


def everywhere(value: Any) -> Values:
    return dict.fromkeys(ALL, value)


SIZES = {"first": 3, "second": 4, "head": 5, "old": 4}
CODES = {"first": "12", "second": "13", "head": "14", "old": "13"}


@pytest.mark.parametrize(
    ("models", "answers", "field", "expected"),
    [
        pytest.param(changed(), [], "size", SIZES, id="nothing"),
        pytest.param(
            changed((SIZE, SIZE.replace("size", "width"))), ["y"], "width", SIZES,
            id="renamed",
        ),
        pytest.param(
            with_line("colour = models.CharField(max_length=20, null=True)"), [],
            "colour", everywhere(None), id="nullable",
        ),
        pytest.param(
            with_line("colour = models.CharField(max_length=20, default='red')"), [],
            "colour", everywhere("red"), id="constant default",
        ),
        pytest.param(
            with_line("colour = models.CharField(max_length=20)"), ["1", "'blue'"],
            "colour", everywhere("blue"), id="one-off text",
        ),
        pytest.param(
            with_line("height = models.IntegerField()"), ["1", "7"],
            "height", everywhere(7), id="one-off number",
        ),
        pytest.param(
            changed((WEIGHT, WEIGHT.replace("default=1", "default=9"))), [],
            "weight", {**everywhere(5), "old": 6}, id="default changed",
        ),
        pytest.param(
            changed((CODE, CODE.replace("blank=True", "blank=True, default='x'"))), [],
            "code", CODES, id="default given",
        ),
        pytest.param(
            changed((WEIGHT, WEIGHT.replace("default=1", ""))), [],
            "weight", {**everywhere(5), "old": 6}, id="default taken away",
        ),
        pytest.param(
            changed((SIZE, "")), [], "code", CODES, id="removed",
        ),
        pytest.param(
            changed((SIZE, SIZE.replace("IntegerField(null=True, blank=True)",
                                        "DecimalField(max_digits=8, decimal_places=2,"
                                        " null=True)"))),
            [], "size", SIZES, id="int to decimal",
        ),
        pytest.param(
            changed((SIZE, SIZE.replace("IntegerField(null=True, blank=True)",
                                        "CharField(max_length=9, null=True)"))),
            [], "size", {at: str(size) for at, size in SIZES.items()}, id="int to char",
        ),
        pytest.param(
            changed((CODE, CODE.replace("CharField(max_length=50, blank=True)",
                                        "TextField(blank=True)"))),
            [], "code", CODES, id="char to text",
        ),
        pytest.param(
            changed((SIZE, "    size = models.IntegerField()\n")), ["1", "0"],
            "size", SIZES, id="null to not null",
        ),
        pytest.param(
            changed((MAKER, MAKER.replace(
                "models.ForeignKey(Maker, null=True, blank=True, on_delete=models.PROTECT)",
                "References(Maker, blank=True, related_name='sold')"))),
            [], "maker", everywhere(["Acme"]), id="foreign key to references",
        ),
        pytest.param(
            changed((NAME, NAME.replace("max_length=100", "max_length=100, unique=True"))), [],
            "name", {**everywhere("Lamp"), "old": "Desk lamp"}, id="unique",
        ),
    ],
)  # fmt: skip
def test_a_change_of_a_field_leaves_the_past_as_it_was(
    project: Project,
    moments: dict[str, int],
    models: str,
    answers: list[str],
    field: str,
    expected: Values,
) -> None:
    project.models(models)
    project.migrate(*answers)
    assert project.run(seen, field, moments) == expected
    project.run(sound)


def test_a_rename_that_the_model_tells_is_asked_by_nobody(
    project: Project, moments: dict[str, int]
) -> None:
    former = "    former_names = {'size': 'width', 'note': 'words', 'makers': 'brands'}\n"
    project.models(
        changed(
            (SIZE, SIZE.replace("size", "width")),
            (NOTE, NOTE.replace("note", "words") + former),
            ("makers = ", "brands = "),
        )
    )
    project.migrate(noinput=True)
    assert project.run(seen, "width", moments) == SIZES
    assert project.run(seen, "brands", moments)["head"] == ["Acme", "Brand"]
    project.run(sound)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("key = models.UUIDField(default=uuid.uuid4)", "key"),
        ("seen = models.DateTimeField(default=timezone.now)", "seen"),
        ("seen = models.DateTimeField(db_default=functions.Now())", "seen"),
    ],
)
def test_a_computed_default_is_evaluated_once(
    project: Project, moments: dict[str, int], line: str, field: str
) -> None:
    imports = (
        "import uuid\nfrom django.utils import timezone\nfrom django.db.models import functions\n"
    )
    project.models(imports + with_line(line))
    project.migrate()
    values = project.run(seen, field, moments)
    assert len(set(values.values())) == 1
    assert None not in values.values()
    project.run(sound)


def test_a_default_that_was_added_and_then_changed_counts_as_it_was_added(
    project: Project, moments: dict[str, int]
) -> None:
    project.models(with_line("colour = models.CharField(max_length=20, default='red')"))
    project.migrate()
    project.models(with_line("colour = models.CharField(max_length=20, default='blue')"))
    project.migrate()
    assert project.run(seen, "colour", moments) == everywhere("red")
    project.run(sound)


def test_a_name_may_be_used_again_for_something_else(
    project: Project, moments: dict[str, int]
) -> None:
    project.models(changed((SIZE, "")))
    project.migrate()
    again = "    size = models.CharField(max_length=9, default='large')\n"
    project.models(changed((SIZE, again)))
    project.migrate()
    assert project.run(seen, "size", moments) == everywhere("large")
    project.run(sound)


def test_a_name_may_be_used_again_in_the_same_migration(
    project: Project, moments: dict[str, int]
) -> None:
    again = "    size = models.CharField(max_length=9, default='large')\n"
    project.models(changed((SIZE, again)))
    field = "models.CharField(max_length=9, default='large')"
    project.migration("0002_again", _operations(
        "migrations.RemoveField('item', 'size')", "migrations.RemoveField('itemversion', 'size')",
        f"migrations.AddField('item', 'size', {field})",
        f"migrations.AddField('itemversion', 'size', {field})",
    ))  # fmt: skip
    project.migrate()
    assert project.run(seen, "size", moments) == everywhere("large")
    project.run(sound)


def _operations(*operations: str, imports: str = "") -> str:
    """A migration by hand."""
    return (
        f"from django.db import migrations, models\n{imports}\n"
        "class Migration(migrations.Migration):\n"
        "    dependencies = [('shop', '0001_initial')]\n"
        f"    operations = [{', '.join(operations)}]\n"
    )


def test_references_become_a_foreign_key_again(project: Project, moments: dict[str, int]) -> None:
    listed = MAKER.replace(
        "models.ForeignKey(Maker, null=True, blank=True, on_delete=models.PROTECT)",
        "References(Maker, blank=True, related_name='sold')",
    )
    project.models(changed((MAKER, listed)))
    project.migrate()
    project.models(changed())
    project.migrate()
    assert {at: str(maker) for at, maker in project.run(makers, moments).items()} == everywhere(
        "Acme"
    )
    project.run(sound)


def makers(moments: dict[str, int]) -> Values:
    from shop.models import Item, Maker

    held = shop.values(Item, "maker_id", moments)
    names = dict(Maker.objects.values_list("pk", "name"))
    return {at: names[pk] for at, pk in held.items()}


@pytest.mark.parametrize(
    ("models", "answers", "said"),
    [
        (
            changed((CODE, CODE.replace("max_length=50", "max_length=1"))), [],
            "value too long",
        ),
        (
            changed((NAME, NAME.replace("models.CharField(max_length=100)",
                                        "models.IntegerField()"))), [],
            "invalid input syntax for type integer",
        ),
    ],
)  # fmt: skip
def test_what_the_data_cannot_take_is_refused_and_nothing_is_lost(
    project: Project, moments: dict[str, int], models: str, answers: list[str], said: str
) -> None:
    project.models(models)
    with pytest.raises(StepFailed, match=said) as refused:
        project.migrate(*answers)
    assert "was refused, and nothing was kept" in str(refused.value)
    for each in project.migrations()[1:]:
        (project.folder / "shop" / "migrations" / f"{each}.py").unlink()
    project.models(shop.MODELS)
    assert project.run(seen, "code", moments) == CODES
    project.run(sound)


def test_a_migration_is_undone_as_it_was_done(project: Project, moments: dict[str, int]) -> None:
    project.models(changed((SIZE, SIZE.replace("size", "width")), (CODE, "")))
    project.migrate("y")
    assert project.run(seen, "width", moments) == SIZES
    project.run(back, "0001")
    project.models(shop.MODELS)
    assert project.run(seen, "size", moments) == SIZES
    assert project.run(seen, "code", moments) == everywhere("")
    project.run(sound)


def back(name: str) -> None:
    from django.core.management import call_command

    call_command("migrate", "shop", name, verbosity=0)
