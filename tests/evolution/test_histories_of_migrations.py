"""Migrations that say several things at once: what they do to rows the log says too, or nothing.

Of one migration: names that are told, swapped, given away and used again; several changes of one
field; models that come, go and become versioned.
"""

from collections.abc import Sequence

import pytest

from tests.evolution import shop
from tests.evolution.project import Project, Server, StepFailed
from tests.evolution.test_data import audited
from tests.evolution.test_faked import make_migrations
from tests.evolution.test_fields import (
    CODE,
    CODES,
    MAKER,
    NOTE,
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
from tests.evolution.test_models import WARE, seen_as, sound_as

MIGRATION = """
import uuid

from django.db import migrations, models
from django.db.migrations import (
    AddField, AlterField, AlterModelTable, CreateModel, DeleteModel, RemoveField, RenameField,
    RenameModel,
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
FIRM = f"class Firm(VersionedModel):\n    name = models.CharField(max_length=9)\n{END}\n\n"


def both(*operations: str) -> list[str]:
    """Each operation for the model, and then for its versions."""
    return [
        operation.replace("ITEM", model)
        for operation in operations
        for model in ("item", "itemversion")
    ]


def alter(field: str, definition: str, *, model: str = "ITEM") -> str:
    return f"AlterField('{model}', '{field}', models.{definition})"


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


def told(former_names: dict[str, str], *replacements: tuple[str, str]) -> str:
    """The shop's models, changed, that say what fields were called."""
    return changed(*replacements, (NOTE, f"{NOTE}    former_names = {former_names!r}\n"))


TEXTS = {at: str(size) for at, size in SIZES.items()}


# Names that are told


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


WARE_OF_ITEM = WARE.replace(
    "class Ware(VersionedModel):", "class Ware(VersionedModel):\n    former_label = 'shop.item'"
)


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


# Several things in one migration


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


# What is refused


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
    assert "was refused, and nothing of it was kept" in str(refused.value)
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


def make_another_bulb() -> None:
    from shop.models import Item

    Item.objects.create(name="Bulb")


# Models that come and go


def test_a_migration_that_made_a_model_may_be_undone(
    project: Project, moments: dict[str, int]
) -> None:
    models = shop.MODELS + OTHER + "    items = References(Item, blank=True)\n"
    project.models(models)
    project.migrate()
    project.run(make_other)
    project.run(migrate, "shop", "0001")
    project.models(shop.MODELS)
    project.run(audited)
    project.models(models)
    project.run(migrate)
    assert project.run(others) == 0
    project.run(make_other)
    assert project.run(others) == 1
    project.run(sound)


def make_other() -> None:
    from shop.models import Item, Other

    Other.objects.create(name="One").items.set(Item.objects.all())


def others() -> int:
    from shop.models import Other

    return len(Other.objects.all())


def test_an_app_may_be_undone_altogether_and_done_again(
    project: Project, moments: dict[str, int]
) -> None:
    project.run(migrate, "shop", "zero")
    project.run(migrate)
    assert project.run(items) == []
    project.run(make_another_bulb)
    assert project.run(items) == ["Bulb"]
    project.run(audited)


def items() -> list[str]:
    from shop.models import Item

    return [item.name for item in Item.objects.all()]


@pytest.mark.parametrize(
    ("models", "answers"), [(WARE, ["y"]), (shop.MODELS.split("class Item(")[0], [])]
)
def test_totals_follow_their_models(project: Project, models: str, answers: list[str]) -> None:
    project.run(audited)  # which rebuilds them
    project.models(models)
    project.migrate(*answers)
    project.run(audited)


def test_a_model_may_be_renamed_beside_a_new_one(project: Project, moments: dict[str, int]) -> None:
    project.models(WARE + OTHER.replace("max_length=9", "max_length=8"))
    project.migrate("y")
    assert project.run(seen_as, "shop.Ware", "size", moments) == SIZES
    project.run(sound_as, "shop.Ware")


def test_a_migration_with_code_of_its_own_may_make_a_model(
    project: Project, moments: dict[str, int]
) -> None:
    project.models(shop.MODELS + OTHER)
    project.run(make_migrations)
    path = project.folder / "shop" / "migrations" / f"{project.migrations()[-1]}.py"
    code = "operations = [migrations.RunPython(migrations.RunPython.noop),"
    path.write_text(path.read_text().replace("operations = [", code))
    project.run(migrate)
    project.run(make_plain_other)
    project.run(sound)


def test_a_model_that_another_app_refers_to_may_be_renamed(
    project: Project, moments: dict[str, int], server: Server, worker: str
) -> None:
    """The rename waits for whoever knows the former name, in a database that is new as well."""
    store = Project(project.folder, server, project.database, apps=("shop", "store"))
    shelf = (
        f"{VERSIONED}\n\nclass Shelf(VersionedModel):\n"
        f"    items = References('shop.Item', blank=True)\n{END}"
    )
    store.models(shelf, "store")
    store.migrate()
    store.models(shelf.replace("shop.Item", "shop.Ware"), "store")
    store.models(WARE_OF_ITEM)
    store.migrate(noinput=True)
    assert store.run(unsaid) == "No changes detected"
    assert store.run(seen_as, "shop.Ware", "size", moments) == SIZES
    store.run(sound_as, "shop.Ware")
    name = f"{worker}_new"
    server.create(name)
    new = Project(project.folder, server, name, apps=("shop", "store"))
    new.run(migrate)
    server.drop(name)


def test_no_row_is_replayed_for_what_django_adds_to_a_rename(
    project: Project, moments: dict[str, int]
) -> None:
    project.models(WARE_OF_ITEM.replace(CODE, CODE + "    height = models.FloatField(default=1)\n"))
    project.run(migrate_without_replay)
    assert project.run(seen_as, "shop.Ware", "size", moments) == SIZES


def migrate_without_replay() -> None:
    from unittest.mock import patch

    from tests.evolution.project import make_and_migrate

    with patch("projections.migrating.by_hand.replayed", side_effect=AssertionError):
        make_and_migrate([], noinput=True)


def test_a_deleted_models_label_may_be_another_models_in_the_same_migration(
    project: Project, moments: dict[str, int]
) -> None:
    project.models(shop.MODELS + OTHER)
    project.migrate()
    project.run(make_plain_other)
    operations = [
        "DeleteModel('ItemmakersVersion')", "DeleteModel('ItemVersion')", "DeleteModel('Item')",
        "RenameModel('Other', 'Item')", "RenameModel('OtherVersion', 'ItemVersion')",
        "AlterModelTable('ItemVersion', 'shop_itemversion')",
    ]  # fmt: skip
    maker = shop.MODELS.split("class Item(")[0]
    write(project, maker + OTHER.replace("Other", "Item"), operations)
    project.run(migrate)
    assert project.run(items) == ["One"]
    project.run(audited)


def make_plain_other() -> None:
    from shop.models import Other

    Other.objects.create(name="One")


# Models that become versioned

HEAD = "import uuid\nfrom django.db import models\n"
VERSIONED = shop.MODELS.split("class Maker(")[0]
PLAIN = "\n\nclass Note(models.Model):\n    {key}text = models.CharField(max_length=20)\n"
UUID = "id = models.UUIDField(primary_key=True, default=uuid.uuid4)\n    "
NOTE_OF_VERSIONS = (
    f"\n\nclass Note(VersionedModel):\n    text = models.CharField(max_length=20)\n{END}"
)


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (UUID, "shop.note would become versioned, and has rows that no event led to"),
        ("", "is told by id, a BigAutoField: an entity is told by a UUID"),
    ],
)
@pytest.mark.parametrize("has_log", [True, False])
def test_rows_without_a_history_keep_a_model_from_becoming_versioned(
    empty: Project, key: str, sentence: str, has_log: bool
) -> None:
    empty.models(HEAD + PLAIN.format(key=key))
    if has_log:
        empty.migrate()
    else:
        empty.run(make_and_migrate_shop_alone)
    empty.run(make_note)
    empty.models(VERSIONED + NOTE_OF_VERSIONS)
    with pytest.raises(StepFailed, match=sentence) as refused:
        empty.migrate(noinput=True)
    assert "copy the rows to it by a migration with RunLogged" in str(refused.value)
    empty.models(HEAD + PLAIN.format(key=key))
    assert empty.run(notes) == ["a"]


def make_and_migrate_shop_alone() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    call_command("makemigrations", verbosity=0)
    MigrationExecutor(connection).migrate([("shop", "0001_initial")])


def make_note() -> None:
    from shop.models import Note

    Note.objects.create(text="a")


def notes() -> list[str]:
    from shop.models import Note

    return [note.text for note in Note.objects.all()]


def test_an_empty_model_may_become_versioned(empty: Project) -> None:
    empty.models(HEAD + PLAIN.format(key=UUID))
    empty.migrate()
    empty.models(VERSIONED + NOTE_OF_VERSIONS)
    empty.migrate(noinput=True)
    empty.run(make_note)
    empty.run(audited)
    assert empty.run(notes) == ["a"]
