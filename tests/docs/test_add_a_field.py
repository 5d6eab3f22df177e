"""docs/how-to/add-a-field.md, done in an app that is made for it: fields, then a stat block."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import CHECKOUT

FIRST = """
from typing import ClassVar
from django.db import models
from versioning.control import VersionControlManager
from versioning.history import HistoricalRecords
from wiki.pages.blocks import StatBlock
from wiki.pages.models import Page
from versioning.fields.columns import QuantityField
from versioning.fields.items import ItemsField
from wiki.pages.items import CompanyInCharge
{blocks}
class Garden(Page{bases}):
    plural = "gardens"
    category = models.CharField(max_length=10, default="rock")
{fields}
    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
"""

FIELD = """
    slope = QuantityField("steepest slope", unit="°", db_index=True)
    keepers = ItemsField(item=CompanyInCharge)
    list_filters = ("slope", "keepers")
"""

BLOCK = """
class PondFigures(StatBlock):
    of_category = "pond"
    title = "Pond"
    depth = QuantityField(unit="m")

    class Meta:
        abstract = True
"""

SETTINGS = """
import sys
sys.path.insert(0, {folder!r})
from tests.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, "gardens"]
DATABASES["default"]["TEST"] = {{"NAME": {database!r}}}
"""

USE = """
from config.start import start
start()
from django.db import connection
before = connection.settings_dict["NAME"]
connection.creation.create_test_db(verbosity=0, autoclobber=True)
try:
    from gardens.models import Garden
    from versioning import branch_context, viewpoint
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge
    from versioning.entities.kinds import kind_of
    from versioning.models import Branch
    from projections.audit.auditing import audit
    from django.http import QueryDict
    from wiki.models import Company
    from wiki.forms.page_form import edit_form
    from wiki.pages.items import CompanyInCharge
    from wiki.lists.listing import all_of, read_query
    from wiki.pages.values import facts_of, field_diffs, label_of

    kind = kind_of(Garden)
    acme = Company.objects.create(slug="acme", name="Acme")
    garden = Garden(slug="a", name="A", slope="30°")
    garden.keepers = [CompanyInCharge(company=str(acme.pk))]
    garden.save()
    for table in (kind.table, kind.version_table):
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, table).values()
        indexed = {each["columns"][0] for each in found if "gin" in each.get("type", "")}
        assert indexed == {"citations", "keepers"}, indexed
    fork("spring")
    with branch_context("spring"):
        there = Garden.objects.get()
        there.category, there.depth = "pond", "2 m"
        there.save()
    garden.slope = "35°"
    garden.save()
    with viewpoint("spring"):
        assert Garden.objects.filter(slope_si__lt=31).exists()
        form = edit_form(Garden)(instance=Garden.objects.get(), references={})
        asked = read_query(Garden, QueryDict("slope_over=20°&slope_under=31°&keepers=acme"))
        assert [each.slug for each in all_of(Garden, asked)] == ["a"]
        assert [g.title for g in form.groups] == ["", "Pond"]
    merge(Branch.objects.get(name="spring"))
    merged = Garden.objects.get()
    document = {name: f.to_json(getattr(merged, f.attribute)) for name, f in kind.fields.items()}
    groups = facts_of(kind, document, {})
    facts = [(g.title, f.label, str(f.values[0])) for g in groups for f in g.facts]
    assert ("", "Steepest slope", "35°") in facts, facts
    assert ("Pond", "Depth", "2 m (6.6 ft)") in facts, facts
    (difference,) = field_diffs(kind, document, {**document, "depth": None}, {})
    assert difference.label == "Depth"
    assert audit().findings == ()
    print("done")
finally:
    connection.creation.destroy_test_db(before, verbosity=0)
"""


@pytest.mark.slow
def test_a_field_and_a_stat_block_are_a_line_and_a_class(tmp_path: Path) -> None:
    app = tmp_path / "gardens"
    (app / "migrations").mkdir(parents=True)
    (app / "__init__.py").touch()
    (app / "migrations" / "__init__.py").touch()
    database = f"test_gardens_{os.getpid()}"
    settings = SETTINGS.format(folder=str(tmp_path), database=database)
    (tmp_path / "garden_settings.py").write_text(settings)

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=CHECKOUT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "garden_settings",
                "PYTHONPATH": f"{tmp_path}{os.pathsep}{CHECKOUT}",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def write(*, blocks: str = "", bases: str = "", fields: str = "") -> None:
        text = FIRST.format(blocks=blocks, bases=bases, fields=fields)
        (app / "models.py").write_text(text)
        run("manage.py", "makemigrations", "gardens", "--noinput")

    write()
    first = app / "migrations" / "0001_initial.py"
    wiki = 'dependencies = [("wiki", "0005_called")]'
    first.write_text(re.sub(r"dependencies = \[\s*\]", wiki, first.read_text()))
    write(fields=FIELD)
    write(fields=FIELD, blocks=BLOCK, bases=", PondFigures")
    assert len(list((app / "migrations").glob("0*.py"))) == 3
    assert "done" in run("-c", USE)
