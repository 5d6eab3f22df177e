"""Data migrations: logged and reversible, or refused with a sentence that says what to use."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.evolution import shop
from tests.evolution.project import Project, Server, StepFailed
from tests.evolution.test_fields import CODES, SIZE, SIZES, back, changed, everywhere, seen, sound

HEAD = """
from django.db import migrations, models
from versioning.operations import RunLogged, Upcast
{imports}

def forwards(apps, schema_editor):
    Item = apps.get_model("shop", "Item")
    for item in Item.objects.filter(code="14"):
        item.code = "fourteen"
        item.save()
    Item.objects.create(name="Spare")


def backwards(apps, schema_editor):
    apps.get_model("shop", "Item").objects.filter(name="Spare").delete()
    apps.get_model("shop", "Item").objects.filter(code="fourteen").update(code="14")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [{operations}]
"""


def migration(*operations: str, imports: str = "") -> str:
    return HEAD.format(operations=", ".join(operations), imports=imports)


def last_changesets(count: int) -> list[tuple[str, str]]:
    from eventstore.models import Changeset

    return list(Changeset.objects.order_by("-id").values_list("recorded_message", "kind")[:count])


def codes() -> list[str]:
    from shop.models import Item

    return sorted(Item.objects.values_list("code", flat=True))


def audited() -> None:
    from projections.audit.auditing import audit
    from projections.rebuild import rebuild

    assert audit(schema=True).findings == ()
    assert rebuild().mended == 0


def test_a_logged_migration_is_a_changeset_named_after_it(
    project: Project, moments: dict[str, int]
) -> None:
    project.migration("0002_words", migration("RunLogged(forwards, backwards)"))
    project.migrate()
    assert project.run(seen, "code", moments) == {**CODES, "head": "fourteen"}
    assert project.run(last_changesets, 1) == [("Migrate shop 0002_words", "edit")]
    project.run(audited)
    project.run(back, "0001")
    assert project.run(codes) == ["", "14"]
    project.run(audited)


def test_a_logged_migration_may_be_on_a_branch(project: Project, moments: dict[str, int]) -> None:
    operation = "RunLogged(rename, branch='old')"
    rename = (
        "def rename(apps, schema_editor):\n"
        "    apps.get_model('shop', 'Item').objects.filter(weight=6).update(weight=8)"
    )
    project.migration("0002_branch", migration(operation, imports=rename))
    project.migrate()
    assert project.run(seen, "weight", moments) == {**everywhere(5), "old": 8}
    project.run(sound)


def test_a_migration_may_change_a_model_and_then_its_entities(
    project: Project, moments: dict[str, int]
) -> None:
    line = "label = models.CharField(max_length=60, default='none')"
    project.models(shop.MODELS.replace("    note =", f"    {line}\n    note ="))
    field = "models.CharField(max_length=60, default='none')"
    copy = (
        "def copy(apps, schema_editor):\n"
        "    for item in apps.get_model('shop', 'Item').objects.exclude(code=''):\n"
        "        item.label = 'No. ' + item.code\n"
        "        item.save()"
    )
    project.migration(
        "0002_labels",
        migration(
            f"migrations.AddField('item', 'label', {field})",
            f"migrations.AddField('itemversion', 'label', {field})",
            "RunLogged(copy)",
            imports=copy,
        ),
    )
    project.migrate()
    assert project.run(seen, "label", moments) == {
        "first": "none", "second": "none", "old": "none", "head": "No. 14",
    }  # fmt: skip
    assert [kind for _, kind in project.run(last_changesets, 2)] == ["edit", "schema"]
    project.run(sound)


@pytest.mark.parametrize(
    "operation",
    [
        "migrations.RunPython(forwards)",
        "migrations.RunSQL(\"UPDATE shop_item SET code = 'x'\")",
        "migrations.RunSQL('DELETE FROM shop_itemversion')",
    ],
)
def test_rows_that_no_event_led_to_are_refused(
    project: Project, moments: dict[str, int], operation: str
) -> None:
    project.migration("0002_behind_the_log", migration(operation))
    with pytest.raises(StepFailed, match=r"Use versioning\.operations\.RunLogged"):
        project.migrate()
    assert project.run(seen, "code", moments) == CODES


UPCASTER = """
from versioning.schema.upcasters import upcaster

upcaster("shop.item", "code", "in-words", lambda code: f"no. {code}" if code else "none")
"""


def test_an_upcaster_carries_old_values_over(project: Project, moments: dict[str, int]) -> None:
    project.models(shop.MODELS + UPCASTER)
    field = "models.CharField(max_length=50, blank=True)"
    project.migration(
        "0002_in_words",
        migration(
            f"Upcast('item', 'code', {field}, upcaster='in-words')",
        ),
    )
    project.migrate()
    assert project.run(seen, "code", moments) == {at: f"no. {code}" for at, code in CODES.items()}
    project.run(sound)


def test_a_log_that_names_an_upcaster_which_is_gone_says_so(project: Project) -> None:
    project.models(shop.MODELS + UPCASTER)
    field = "models.CharField(max_length=50, blank=True)"
    operation = f"Upcast('item', 'code', {field}, upcaster='in-words')"
    project.migration("0002_in_words", migration(operation))
    project.migrate()
    project.models(shop.MODELS)
    assert "Register it again" in project.run(first_finding)


def first_finding() -> str:
    from projections.audit.auditing import audit

    return audit().findings[0].sentence


def test_an_edited_text_of_another_type_is_replayed_from_what_it_was(
    project: Project, moments: dict[str, int]
) -> None:
    """Its events hold what was replaced in the text, not the text."""
    upcaster = UPCASTER.replace('"code", "in-words"', '"note", "length"').replace(
        'f"no. {code}" if code else "none"', "len(code)"
    )
    project.models(
        (shop.MODELS + upcaster).replace(
            "note = models.TextField(blank=True)", "note = models.IntegerField(null=True)"
        )
    )
    project.migration(
        "0002_length",
        migration(
            "Upcast('item', 'note', models.IntegerField(null=True), upcaster='length')",
        ),
    )
    project.migrate(noinput=True)
    length = len(shop.NOTE)
    assert project.run(seen, "note", moments) == {
        "first": length, "second": length + 12, "head": length + 12, "old": length + 17,
    }  # fmt: skip
    project.run(sound)


def test_what_is_written_after_a_migration_is_read_after_the_next(
    project: Project, moments: dict[str, int]
) -> None:
    """Snapshots, texts as deltas and every version in between, through three migrations."""
    project.run(edit_often, 40)
    project.models(shop.MODELS.replace("size = models.IntegerField", "size = models.FloatField"))
    project.migrate()
    project.run(edit_often, 40)
    project.models(
        shop.MODELS.replace("size = models.IntegerField", "width = models.CharField").replace(
            "null=True, blank=True)\n    weight", "max_length=30, null=True)\n    weight"
        )
    )
    rename = [
        f"migrations.RenameField('{model}', 'size', 'width')" for model in ("item", "itemversion")
    ]
    text = migration(*rename).replace('"0001_initial"', f'"{project.migrations()[-1]}"')
    project.migration("0003_width", text)
    project.migrate()
    project.run(edit_often, 3, "width")
    project.run(sound)


def edit_often(times: int, field: str = "size") -> None:
    from shop.models import Item

    lamp: Any = Item.objects.get(name="Lamp")
    for number in range(times):
        setattr(lamp, field, number if field == "size" else str(number))
        lamp.note = lamp.note.replace("light", f"light {number}", 1)
        lamp.save()


def test_a_migration_puts_no_branch_behind(project: Project) -> None:
    project.models(shop.MODELS.replace("    note =", "    colour = models.TextField()\n    note ="))
    before = project.run(how_far_behind)
    project.migrate("1", "''")
    assert project.run(how_far_behind) == before


def how_far_behind() -> int:
    from versioning.branches.compare import distance
    from versioning.models import Branch

    return distance(Branch.objects.get(name="old")).behind


def test_a_log_from_before_it_told_its_schema_is_told_when_it_is_migrated(
    project: Project, server: Server, worker: str, tmp_path: Path
) -> None:
    """As a wiki of an earlier release: nothing is declared, until the first migration comes."""
    name = f"{worker}_before"
    server.create(name)
    before = Project(tmp_path / "before", server, name)
    before.models(shop.MODELS)
    moments = before.run(begin_undeclared)
    assert before.run(declared) == 0
    before.models(shop.MODELS.replace("    size = ", "    width = "))
    before.migrate("y")
    assert before.run(declared) > 2
    assert before.run(seen, "width", moments) == SIZES
    before.run(sound)
    server.drop(name)


def begin_undeclared() -> dict[str, int]:
    from unittest.mock import patch

    from django.core.management import call_command

    genesis = "versioning.branches.genesis"
    with (
        patch(f"{genesis}.schema_events", lambda _: []),
        patch(f"{genesis}.declare_kinds_of_today", lambda _: None),
    ):
        call_command("makemigrations", verbosity=0)
        call_command("migrate", verbosity=0)
        return shop.fill()


def declared() -> int:
    from versioning.schema.reading import read_lines

    return read_lines().version


def test_names_may_change_before_and_after_entities_do(
    project: Project, moments: dict[str, int]
) -> None:
    """What an operation renames counts from there on, not for those before it."""
    project.models(
        shop.MODELS.replace("    size = ", "    width = ").replace("    code = ", "    number = ")
    )
    words = (
        "def words(apps, schema_editor):\n"
        "    Item = apps.get_model('shop', 'Item')\n"
        "    Item.objects.filter(width=5).update(code='fourteen')"
    )

    def rename(before: str, after: str) -> list[str]:
        models = ("item", "itemversion")
        return [f"migrations.RenameField('{m}', '{before}', '{after}')" for m in models]

    operations = [*rename("size", "width"), "RunLogged(words)", *rename("code", "number")]
    project.migration("0002_words", migration(*operations, imports=words))
    project.migrate()
    assert project.run(seen, "width", moments) == SIZES
    assert project.run(seen, "number", moments) == {**CODES, "head": "fourteen"}
    project.run(sound)


def test_a_database_that_is_new_goes_through_all_of_it(
    project: Project, server: Server, worker: str, tmp_path: Path
) -> None:
    """Logged migrations and upcasts meet a log that has not begun."""
    name = f"{worker}_new"
    server.create(name)
    new = Project(tmp_path / "new", server, name)
    shutil.copytree(project.folder / "shop", new.folder / "shop", dirs_exist_ok=True)
    new.models(shop.MODELS + UPCASTER)
    field = "models.CharField(max_length=50, blank=True)"
    upcast = f"Upcast('item', 'code', {field}, upcaster='in-words')"
    depends = '"0001_initial"), ("versioning", "0001_initial"'
    text = migration(upcast, "RunLogged(forwards)").replace('"0001_initial"', depends)
    new.migration("0002_spare", text)
    new.migrate()
    assert new.run(codes) == [""]
    new.run(audited)
    server.drop(name)


def test_a_list_that_would_lose_references_is_refused(project: Project) -> None:
    project.models(
        shop.MODELS.replace(
            'References(Maker, related_name="made", blank=True)',
            'models.ForeignKey(Maker, models.PROTECT, related_name="made", null=True)',
        )
    )
    with pytest.raises(StepFailed, match="is a list of 2 references, where one alone"):
        project.migrate()


DECIMAL = changed(
    (
        SIZE,
        SIZE.replace(
            "IntegerField(null=True, blank=True)",
            "DecimalField(max_digits=8, decimal_places=2, null=True)",
        ),
    )
)


def make_sizes(count: int) -> None:
    from shop.models import Item

    Item.objects.bulk_create(Item(name=f"No. {n}", size=n) for n in range(count))


def casts_of_a_replay() -> int:
    """How many queries that cast a replay of the whole log asks."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from eventstore import reading
    from projections.shares import replayed

    with CaptureQueriesContext(connection) as asked, replayed(reading.last_position(), count=1):
        pass
    return sum("SELECT told.value::" in query["sql"] for query in asked.captured_queries)


def test_a_replay_has_values_cast_together(project: Project) -> None:
    project.run(make_sizes, 300)
    project.models(DECIMAL)
    project.migrate()
    assert project.run(casts_of_a_replay) == 1
    project.models(
        changed((SIZE, "    size = models.CharField(max_length=20, null=True, blank=True)\n"))
    )
    project.migrate()
    assert project.run(casts_of_a_replay) == 2
    assert project.run(findings) == []


def findings() -> list[str]:
    from projections.audit.auditing import audit

    return [finding.sentence for finding in audit().findings]


TAMPERING = """
UPDATE eventstore_event
   SET state = convert_to(
           replace(convert_from(state, 'UTF8'), '"size":4', '"size":"four"'), 'UTF8')
 WHERE convert_from(state, 'UTF8') LIKE '%"size":4%'
"""


def test_a_value_that_was_tampered_with_and_cannot_be_cast_is_named(project: Project) -> None:
    project.models(DECIMAL)
    project.migrate()
    project.server.run("ALTER TABLE eventstore_event DISABLE TRIGGER USER", project.database)
    project.server.run(TAMPERING, project.database)
    said = " ".join(project.run(findings))
    assert 'cannot be cast: invalid input syntax for type integer: "four"' in said
