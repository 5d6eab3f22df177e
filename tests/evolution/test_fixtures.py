"""A shop is dumped, emptied and loaded again, and a stranger's tests have fixtures."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

from tests.evolution.project import Project
from tests.evolution.test_data import audited, last_changesets

TESTS = """
from django.test import TestCase
from shop.models import Item, Maker


class Lamps(TestCase):
    fixtures = ["lamps"]

    def test_a(self):
        Item.objects.update(weight=9)
        self.assertEqual(Item.objects.get().maker.name, "Acme")

    def test_b(self):
        self.assertEqual([each.name for each in Item.objects.get().makers.all()], ["Zeta", "Acme"])
        self.assertEqual(Item.objects.get().weight, 2)
"""

LAMP, ACME, ZETA = (f"00000000-0000-0000-0000-00000000000{number}" for number in (1, 2, 3))
LAMPS = [
    {"model": "shop.item", "pk": LAMP,
     "fields": {"name": "Lamp", "weight": 2, "maker": ACME, "makers": [ZETA, ACME]}},
    {"model": "shop.maker", "pk": ACME, "fields": {"name": "Acme"}},
    {"model": "shop.maker", "pk": ZETA, "fields": {"name": "Zeta"}},
]  # fmt: skip


def documents() -> dict[str, Any]:
    from versioning.entities.kinds import kind_of
    from versioning.viewpoints.versions import versions_on

    return {
        str(each.entity_id): each.document
        for label in ("shop.item", "shop.maker")
        for each in versions_on(kind_of(label), 1)
    }


def dump() -> str:
    from django.core.management import call_command

    out = StringIO()
    call_command("dumpdata", stdout=out)
    return out.getvalue()


def empty_and_load(path: Path) -> None:
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)
    assert documents() == {}
    call_command("loaddata", path, verbosity=0)


def test_a_shop_is_dumped_emptied_and_loaded(project: Project, tmp_path: Path) -> None:
    before = project.run(documents)
    path = tmp_path / "shop.json"
    path.write_text(project.run(dump))
    models = {each["model"] for each in json.loads(path.read_text())}
    assert models == {"auth.permission", "contenttypes.contenttype", "shop.item", "shop.maker"}
    project.run(empty_and_load, path)
    assert project.run(documents) == before
    assert project.run(last_changesets, 1) == [("Load fixture shop.json", "edit")]
    project.run(audited)


def run_tests() -> None:
    from django.conf import settings
    from django.db import connection
    from django.test.utils import get_runner

    told = connection.settings_dict
    told["TEST"]["NAME"] = f"{told['NAME']}_tests"  # as what a killed run leaves is found by
    failures = get_runner(settings)(verbosity=0, interactive=False).run_tests(["shop"])
    assert failures == 0


def test_a_strangers_tests_have_fixtures(project: Project) -> None:
    (project.folder / "shop" / "fixtures").mkdir()
    (project.folder / "shop" / "fixtures" / "lamps.json").write_text(json.dumps(LAMPS))
    (project.folder / "shop" / "tests.py").write_text(TESTS)
    project.run(run_tests)
