"""An hstore is kept like any other field, whatever stands in it."""

from typing import Any

import pytest

from tests.evolution.project import Project

MODELS = """
from django.contrib.postgres.fields import ArrayField, HStoreField
from django.db import models
from versioning import HistoricalRecords, VersionControlManager, VersionedModel


class Sample(VersionedModel):
    name = models.CharField(max_length=9, default="")
    told = HStoreField(default=dict)
    maybe = HStoreField(null=True)
    several = ArrayField(HStoreField(), default=list)
    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["maybe"], name="one_of_each")]
"""

ODD = {"a": "b", "": "", 'quo"te': 'back\\slash "', "NULL": None, "null": "NULL", "=>": "=>,\n\t"}


def install() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION hstore")


def live(odd: dict[str, Any]) -> list[Any]:
    from shop.models import Sample

    from eventstore.reading import last_position
    from projections.audit.auditing import audit
    from projections.rebuild import rebuild
    from versioning import UnresolvedConflicts, branch_context, viewpoint
    from versioning.branches.fork import fork

    sample = Sample.objects.create(told=odd, maybe=odd, several=[odd, {"x": "y"}])
    then = last_position()
    sample.refresh_from_db()
    assert (sample.told, sample.maybe, sample.several) == (odd, odd, [odd, {"x": "y"}])
    sample.save()
    assert sample.version == 1
    fork("side")
    sample.told = {"number": 3}
    sample.maybe = None
    sample.save()
    with branch_context("side"):
        there = Sample.objects.get(told__a="b")
        there.several = [{}]
        there.save()
        Sample.objects.create(maybe={"same": "1"})
    other = Sample.objects.create(maybe={"same": "1"})
    with pytest.raises(UnresolvedConflicts) as unresolved:
        Sample.version_control.merge("side")
    assert {each.conflict.path for each in unresolved.value.conflicts} == {"maybe"}
    other.delete()
    Sample.version_control.merge("side")
    merged = Sample.objects.get(pk=sample.pk)
    assert (merged.told, merged.maybe, merged.several) == ({"number": "3"}, None, [{}])
    with viewpoint("main", at=then):
        assert Sample.objects.get().told == odd
    assert merged.history.replayed(1)["told"] == odd
    return [*audit().findings, rebuild().mended]


def test_an_hstore_is_kept_like_any_other_field(empty: Project) -> None:
    empty.run(install)
    empty.models(MODELS)
    empty.migrate()
    assert empty.run(live, ODD) == [0]
