"""A field of one value goes all the way: form, event, head, version, view, merge, replay."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.forms.models import modelform_factory
from hypothesis import given, settings
from hypothesis import strategies as st

from eventstore import reading
from projections.audit.auditing import audit
from projections.rebuild import rebuild
from tests.library.models import Book
from versioning import branch_context, viewpoint
from versioning.branches.conflicts import UnresolvedConflicts
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.entities.conflicts import EditConflict
from versioning.entities.kinds import kind_of
from versioning.events import EntityCreated
from versioning.fields.dates import PartialDate
from versioning.fields.quantities import Quantity
from versioning.models import Branch

pytestmark = pytest.mark.django_db

NAMES = ["thickness", "published", "printed_at"]
BookForm: Any = modelform_factory(Book, fields=["slug", "title", *NAMES])


@pytest.fixture
def emma() -> Book:
    return Book.objects.create(
        slug="emma", title="Emma", thickness="3 cm", published="December 1815"
    )


def test_a_field_is_sorted_and_filtered_at_every_viewpoint(emma: Book) -> None:
    Book.objects.create(slug="thin", title="Thin", thickness="1 in", published="1815")
    Book.objects.create(slug="thick", title="Thick", thickness="0.2 ft", published="181X")
    Book.objects.create(slug="unknown", title="Unknown")
    before = reading.last_position()
    fork("spring")
    with branch_context("spring"):
        thin = Book.objects.get(slug="thin")
        thin.thickness = Quantity(Decimal(1), "m")
        thin.save()
    measured = Book.objects.filter(thickness_si__isnull=False).order_by("-thickness_si")
    assert [book.slug for book in measured] == ["thick", "emma", "thin"]
    dated = Book.objects.filter(published_from__lt=datetime.date(1815, 6, 1))
    assert [book.slug for book in dated.order_by("published_from")] == ["thick", "thin"]
    with viewpoint("spring"):
        tallest = Book.objects.filter(thickness_si__gte=Decimal("0.06")).order_by("-thickness_si")
        assert [book.slug for book in tallest] == ["thin", "thick"]
        assert Book.objects.values_list("thickness_si", flat=True).get(slug="thin") == 1
    with viewpoint(at=before):
        inch = Book.objects.values_list("thickness_si", flat=True).get(slug="thin")
        assert inch == Decimal("0.0254")
        assert Book.objects.get(slug="emma").published == PartialDate("1815-12")
    assert audit().findings == ()


def test_sorting_has_an_index_at_the_head_and_in_the_past(emma: Book) -> None:
    query = Book.objects.filter(thickness_si__isnull=False).order_by("-thickness_si")[:5].query
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        sql, parameters = query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", parameters)
        assert "library_book_thickness_si" in str(cursor.fetchall())
        with viewpoint(at=reading.last_position()):
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute(f"EXPLAIN {sql}", parameters)
            assert "library_boo_thickne" in str(cursor.fetchall())


def test_a_form_shows_one_line_and_refuses_nonsense_with_a_sentence(emma: Book) -> None:
    form = BookForm(instance=emma)
    assert 'value="3 cm"' in str(form["thickness"])
    assert 'value="1815-12"' in str(form["published"])
    typed = {"slug": "emma", "title": "Emma", "thickness": "3 furlongs", "published": "1815-02-30"}
    refused = BookForm(typed, instance=emma)
    assert refused.errors["thickness"] == ["“3 furlongs” holds no figure in m or ft."]
    assert refused.errors["published"] == ["“1815-02-30” is not a day in any calendar."]
    assert 'value="3 furlongs"' in str(refused["thickness"])


def test_an_unchanged_form_appends_nothing_and_an_empty_line_clears(emma: Book) -> None:
    before = reading.last_position()
    shown = BookForm(instance=emma)
    data = {name: shown[name].value() or "" for name in shown.fields}
    data = {name: shown[name].field.prepare_value(value) for name, value in data.items()}
    form = BookForm(data, instance=Book.objects.get())
    assert not form.has_changed()
    form.save()
    assert reading.last_position() == before
    BookForm({**data, "thickness": ""}, instance=Book.objects.get()).save()
    assert Book.objects.get().thickness is None


def test_a_value_that_was_assigned_as_text_is_read_or_refused(emma: Book) -> None:
    emma.thickness = "4 cm"
    emma.save()
    assert Book.objects.get().thickness == Quantity(Decimal(4), "cm")
    emma.published = "soon"
    with pytest.raises(ValidationError, match="is not a date"):
        emma.save()


@pytest.mark.parametrize("document", [{"value": True, "unit": "cm"}, {"value": 3}, {"unit": "g"},
                                      {"value": 3, "unit": "kg"}, [3], 3])  # fmt: skip
def test_a_document_that_is_no_quantity_is_refused(document: Any) -> None:
    with pytest.raises(ValidationError, match="is not a value of length"):
        kind_of(Book).fields["thickness"].to_python(document)


def test_a_conversion_beside_a_correction_is_one_question(emma: Book) -> None:
    fork("spring")
    with branch_context("spring"):
        book = Book.objects.get()
        book.thickness = Quantity(Decimal("1.18"), "in")
        book.save()
    emma.thickness = Quantity(Decimal("3.2"), "cm")
    emma.save()
    with pytest.raises(UnresolvedConflicts) as unresolved:
        merge(Branch.objects.get(name="spring"))
    (conflict,) = unresolved.value.conflicts
    assert conflict.conflict.path == "thickness"
    assert conflict.conflict.suggestion == {"value": 3.2, "unit": "cm"}
    merge(
        Branch.objects.get(name="spring"),
        resolutions={conflict.key: conflict.resolution({"value": 3.2, "unit": "cm"}, None)},
    )
    assert Book.objects.get().thickness == Quantity(Decimal("3.2"), "cm")


def test_the_more_exact_of_two_dates_counts_in_a_stale_save(emma: Book) -> None:
    emma.published = PartialDate("1815-12-23")
    emma.save()
    stale = Book.objects.get()
    emma.published = PartialDate("1816")
    emma.save()
    stale.published = PartialDate("1815-12-24")
    with pytest.raises(EditConflict):
        stale.save()
    assert Book.objects.get().published == PartialDate("1816")


thicknesses = st.tuples(st.integers(1, 9_999), st.sampled_from(["cm", "in", "mm", " "])).map(
    lambda given: f"{given[0] / 100} {given[1]}".strip()
)
words = st.sampled_from(["", "ca. ", "up to "])
dates = st.dates(datetime.date(1500, 1, 1), datetime.date(2999, 12, 31)).map(str) | st.sampled_from(
    ["1815~", "about 1816", "181X", "1815–1817", "spring 1815", ""]
)
places = st.tuples(st.integers(-90, 90), st.integers(-180, 180)).map(lambda p: f"{p[0]}, {p[1]}")


@pytest.mark.slow
@settings(max_examples=25)
@given(words, thicknesses, dates, places | st.just(""))
def test_form_event_head_version_and_document_agree(
    word: str, thickness: str, published: str, place: str
) -> None:
    with transaction.atomic():
        thick = f"{word}{thickness}" if thickness[-1].isalpha() else thickness
        typed = {"thickness": thick, "published": published, "printed_at": place}
        form = BookForm({"slug": "emma", "title": "Emma", **typed})
        assert form.is_valid(), form.errors
        made = form.save()
        head = Book.objects.get(pk=made.pk)
        (row,) = head.history.all()
        kind = kind_of(Book)
        event = next(recorded.event for recorded in reading.backward())
        assert isinstance(event, EntityCreated)
        document = kind.full(event.document)
        for name in NAMES:
            value = getattr(made, name)
            f = kind.fields[name]
            assert getattr(head, name) == getattr(row, name) == value
            assert f.to_json(value) == document[name]
            assert f.to_python(document[name]) == value
        si, first = Book.objects.values_list("thickness_si", "published_from").get(pk=made.pk)
        assert (made.thickness_si, made.published_from) == (si, first)
        assert si == round(made.thickness.in_base_unit, 6)
        again = BookForm(instance=head)
        shown = {name: again[name].field.prepare_value(again[name].value()) for name in NAMES}
        assert not BookForm({"slug": "emma", "title": "Emma", **shown}, instance=head).has_changed()
        assert rebuild().mended == 0
        transaction.set_rollback(True)
