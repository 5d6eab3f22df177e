"""The wiki itself, on a database of its own, and the same wiki as of a release later.

The later one is a copy of the `wiki` package whose rides and articles have a field more, one that
may be empty and one that may not; its folder comes first where Python looks for modules.
"""

import multiprocessing
import os
import shutil
from pathlib import Path

from django.conf import settings

from tests.evolution.project import Project, Server

SETTINGS = """
import os

os.environ["THRILLWIKI_SERVED_DATABASE"] = {database!r}

from tests.settings import *
"""

READ = ("rides/kestrel/", "rides/")
NOW, FIRST, ON_BRANCH = "Kestrel of now", "Kestrel of first", "Kestrel of spring"
PAGES = 4
"""Articles that somebody writes on."""


def set_up_wiki() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    django.setup()


class Site(Project):
    """The wiki, whose steps run with the tests' settings, in processes that have loaded nothing."""

    processes = multiprocessing.get_context("spawn")
    set_up = staticmethod(set_up_wiki)

    def __init__(self, folder: Path, server: Server, database: str) -> None:
        super().__init__(folder, server, database, apps=())
        (folder / "settings.py").write_text(SETTINGS.format(database=database))

    def later(self, folder: Path, migration: str) -> "Site":
        """The wiki of the next release, on the same database."""
        site = Site(folder, self.server, self.database)
        shutil.copytree(settings.BASE_DIR / "wiki", folder / "wiki")
        add_field(folder / "wiki/kinds/rides/models.py", "Ride", "nickname", "null=True")
        add_field(folder / "wiki/kinds/articles.py", "Article", "source", 'default=""')
        migrations = folder / "wiki" / "migrations"
        newest = max(path.stem for path in migrations.glob("0*.py"))
        (migrations / "9999_later.py").write_text(migration.format(newest=newest))
        return site


def add_field(models: Path, name: str, field: str, option: str) -> None:
    """Give a model of a module a field more."""
    before, begin, after = models.read_text().partition(f"\nclass {name}(")
    line = f"    {field} = models.CharField(max_length=40, {option})\n\n    history = "
    models.write_text(before + begin + after.replace("    history = ", line, 1))


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill() -> tuple[int, str]:
    """A ride that was edited, also on a branch, and articles: where it was first, and a session."""
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from eventstore.reading import last_position
    from versioning import branch_context
    from versioning.branches.fork import fork
    from wiki.models import Article, Park, Ride

    park = Park.objects.create(slug="hill-park", name="Hill Park")
    ride = Ride.objects.create(slug="kestrel", name=FIRST, park=park)
    first = last_position()
    fork("spring")
    with branch_context("spring"):
        there = Ride.objects.get()
        there.name = ON_BRANCH
        there.save()
    ride.name = NOW
    ride.save()
    for number in range(PAGES):
        Article.objects.create(slug=f"page-{number}", name=f"Page {number}", body="Word 0.\n")
    ann = User.objects.create_user("ann")
    ann.groups.add(Group.objects.get(name="moderators"))
    client = Client()
    client.force_login(ann)
    return first, client.cookies["sessionid"].value


def audited() -> None:
    from projections.audit.auditing import audit
    from projections.rebuild import rebuild

    findings = audit().findings
    assert findings == (), findings
    assert rebuild().mended == 0
