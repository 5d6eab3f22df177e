"""The key of a plain model changes its type under the versioned models that refer to it."""

from tests.evolution.project import Project
from tests.evolution.test_next_steps import HEAD, HEIGHT, TREE, sound

SITE = """
class Site(models.Model):
{key}    name = models.CharField(max_length=9)

"""
SMALL = "    id = models.AutoField(primary_key=True)\n"
OF_SITE = "    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT)\n"


def sited(key: str) -> str:
    return HEAD + SITE.format(key=key) + TREE.format(height=HEIGHT, more=OF_SITE)


def settle() -> None:
    from shop.models import Site, Tree

    from versioning import branch_context
    from versioning.branches.fork import fork

    one, two = (Site.objects.create(name=name) for name in "ab")
    Tree.objects.create(site=one)
    fork("old")
    with branch_context("old"):
        Tree.objects.update(site=two)


def sites() -> dict[str, list[str]]:
    from shop.models import Tree

    from versioning import viewpoint

    told = {}
    for branch in ("main", "old"):
        with viewpoint(branch):
            told[branch] = [tree.site.name for tree in Tree.objects.all()]
    return told


COLUMNS = """
SELECT format('%s.%s', table_schema, table_name), data_type FROM information_schema.columns
 WHERE column_name = 'site_id' AND table_schema IN ('head', 'public') ORDER BY 1
"""


def test_the_key_of_a_plain_model_grows_with_the_columns_that_refer_to_it(empty: Project) -> None:
    empty.models(sited(SMALL))
    empty.migrate()
    empty.run(settle)
    for key, column in (("", "bigint"), (SMALL, "integer")):
        empty.models(sited(key))
        empty.migrate()
        assert empty.run(sites) == {"main": ["a"], "old": ["b"]}
        assert empty.server.run(COLUMNS, empty.database) == [
            ("head.shop_tree", column),
            ("public.shop_treeversion", column),
        ]
        empty.run(sound)
        assert "No changes detected" in empty.migrate()
    empty.run(back)
    assert empty.server.run(COLUMNS, empty.database)[0][1] == "bigint"
    empty.models(sited(""))
    empty.run(sound)


def back() -> None:
    from django.core.management import call_command

    call_command("migrate", "shop", "0002", verbosity=0)


def test_a_key_grows_behind_a_key_that_refers_to_it(empty: Project) -> None:
    place = """
class Place(models.Model):
    site = models.OneToOneField(Site, primary_key=True, on_delete=models.PROTECT)


class Stand(VersionedModel):
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT)
    history = HistoricalRecords()
    version_control = VersionControlManager()
"""
    empty.models(sited(SMALL) + place)
    empty.migrate()
    empty.run(settle)
    empty.run(stand)
    empty.models(sited("") + place)
    empty.migrate()
    empty.run(stand)
    empty.run(sound)


def stand() -> None:
    from shop.models import Place, Site, Stand

    place, _ = Place.objects.get_or_create(site=Site.objects.get(name="a"))
    Stand.objects.create(place=place)
    assert Stand.objects.filter(place__site__name="a").exists()
