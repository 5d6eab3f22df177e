"""Columns of which PostgreSQL knows no equality are audited and rebuilt."""

from tests.evolution.migrations import VERSIONED
from tests.evolution.project import Project

MODELS = f"""{VERSIONED}from django.contrib.postgres.fields import ArrayField


class PointField(models.CharField):
    def db_type(self, connection):
        return "point"


class Place(VersionedModel):
    at = PointField(null=True)
    seen_from = ArrayField(PointField(), default=list)
    history = HistoricalRecords()
    version_control = VersionControlManager()
"""


def keep() -> None:
    from django.db import connection, transaction
    from shop.models import Place

    from projections.audit.auditing import audit
    from projections.rebuild import rebuild
    from versioning import branch_context, viewpoint
    from versioning.branches.fork import fork

    Place.objects.create(at="(1,2)", seen_from=["(3,4)"])
    fork("spring")
    with branch_context("spring"):
        Place.objects.update(at="(5,6)")
    place = Place.objects.get()
    assert (place.at, place.seen_from) == ("(1,2)", ["(3,4)"])
    assert audit().findings == ()
    assert rebuild().mended == 0
    Place.version_control.merge("spring")
    with viewpoint("spring"):
        assert Place.objects.get().at == "(5,6)"
    assert audit().findings == ()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL projections.writing = '1'")
        cursor.execute("UPDATE head.shop_place SET at = '(9,9)'")
    assert any("differs" in finding.sentence for finding in audit().findings)
    assert rebuild().mended == 1
    assert Place.objects.get().at == "(5,6)"
    assert audit().findings == ()


def test_what_has_no_equality_is_compared_all_the_same(empty: Project) -> None:
    empty.models(MODELS)
    empty.migrate()
    empty.run(keep)
