"""Fields and tables that few models have, kept like any other."""

from typing import Any

from tests.evolution import shop
from tests.evolution.project import Project

MODELS = (
    shop.MODELS
    + """

class Odd(VersionedModel):
    name = models.CharField(max_length=40)
    kept_for = models.DurationField(null=True)
    seal = models.BinaryField(null=True)
    stock = models.CharField(max_length=20, db_default="plenty")
    exact = models.DecimalField(max_digits=40, decimal_places=20, null=True)
    server = models.GenericIPAddressField(null=True, blank=True)
    priced = models.CharField(max_length=20, default="$$ and $writer$")
    Size = models.IntegerField(null=True, db_column="Size Of It")
    history = HistoricalRecords()

    class Meta:
        db_table = "Shop_OddThings"


class OddProxy(Odd):
    class Meta:
        proxy = True
"""
)


def make() -> dict[str, Any]:
    from datetime import timedelta
    from decimal import Decimal

    from shop.models import Odd, OddProxy

    from eventstore.reading import last_position
    from projections.audit.auditing import audit
    from projections.rebuild import rebuild
    from versioning import branch_context, viewpoint
    from versioning.branches.fork import fork
    from versioning.branches.merge import merge
    from versioning.entities.kinds import kind_of
    from versioning.models import Branch
    from versioning.viewpoints.versions import rows_in, to_version

    exact = Decimal("12345678901234567890.12345678901234567891")
    odd = Odd.objects.create(
        name="Odd", kept_for=timedelta(days=3, seconds=5, microseconds=7), seal=b"\\x\x00\xff",
        exact=exact, server="", Size=3,
    )  # fmt: skip
    then = last_position()
    fork("odd")
    with branch_context("odd"):
        there = OddProxy.objects.get(name="Odd")
        there.Size = 4
        there.seal = b"other"
        there.save()
    odd.refresh_from_db()
    odd.kept_for = timedelta(minutes=-1)
    odd.save()
    with viewpoint("main", at=then):
        past = OddProxy.objects.get()
        assert (past.kept_for, bytes(past.seal), past.Size) == (
            timedelta(days=3, seconds=5, microseconds=7), b"\\x\x00\xff", 3,
        )  # fmt: skip
        assert (past.exact, past.server, past.stock) == (exact, None, "plenty")
    merge(Branch.objects.get(name="odd"))
    kind = kind_of(OddProxy)
    for row in rows_in(kind).all():
        held = to_version(kind, row).document
        assert odd.history.replayed(row.version) == held or row.branch_number != 1
    assert audit().findings == ()
    assert rebuild().mended == 0
    odd = OddProxy.objects.get()
    return {"size": odd.Size, "kept_for": odd.kept_for, "priced": odd.priced}


def test_odd_fields_and_tables_are_kept_like_any_other(project: Project) -> None:
    from datetime import timedelta

    project.models(MODELS)
    project.migrate()
    assert project.run(make) == {
        "size": 4, "kept_for": timedelta(minutes=-1), "priced": "$$ and $writer$",
    }  # fmt: skip
