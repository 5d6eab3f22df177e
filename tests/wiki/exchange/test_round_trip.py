"""Whatever a form can say goes all the way: form, event, head, version, export, import."""

import filecmp
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wiki.exchange.values import draw_form, without_strategy
from versioning.branches.documents import branch_kinds
from versioning.entities.kinds import Document, Kind
from versioning.history import History
from versioning.viewpoints.entering import current
from versioning.viewpoints.versions import to_version
from wiki.exchange.documents import records_of
from wiki.exchange.exporting import export
from wiki.exchange.formats import FORMATS
from wiki.exchange.importing import import_export

pytestmark = pytest.mark.django_db

LABELS = [kind.label for kind in branch_kinds()]


def everything() -> dict[str, list[Document]]:
    """Every record of every kind, as main's head has it."""
    return {
        kind.label: [
            record
            for chunk in records_of(kind, kind.model._default_manager.order_by("pk"))
            for record in chunk
        ]
        for kind in branch_kinds()
    }


def assert_everywhere_alike(kind: Kind, entity: Any) -> None:
    """Head, version row and log agree."""
    history = History(kind, entity.pk, current())
    head = next(
        record
        for chunk in records_of(kind, kind.model._default_manager.filter(pk=entity.pk))
        for record in chunk
    )
    newest = to_version(kind, history.all()[0])
    assert {"id": str(entity.pk), **newest.document} == head
    assert kind.full(history.replayed(newest.version)) == newest.document


def test_no_field_is_left_out() -> None:
    """A new class of field needs a strategy in `values.py`."""
    assert [name for kind in branch_kinds() for name in without_strategy(kind)] == []


@pytest.mark.slow
@settings(max_examples=25)
@given(data=st.data(), plan=st.lists(st.sampled_from(LABELS), min_size=1, max_size=6))
def test_what_was_exported_comes_back_the_same(data: st.DataObject, plan: list[str]) -> None:
    kinds = {kind.label: kind for kind in branch_kinds()}
    with tempfile.TemporaryDirectory() as folder:
        exports = {name: Path(folder, name) for name in FORMATS}
        with transaction.atomic():
            for number, label in enumerate(plan):
                made = draw_form(data, kinds[label], number).save()
                assert_everywhere_alike(kinds[label], made)
            before = everything()
            for name, place in exports.items():
                export(place, name)
            transaction.set_rollback(True)
        for name, place in exports.items():
            with transaction.atomic():
                imported = import_export(place)
                assert sum(imported.counts.values()) == len(plan)
                assert everything() == before
                again = Path(folder, f"{name}-again")
                export(again, name)
                files = [file.name for file in imported.manifest.files]
                assert filecmp.cmpfiles(place, again, files, shallow=False) == (files, [], [])
                transaction.set_rollback(True)
