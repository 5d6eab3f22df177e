"""Facts that contradict each other are refused; what is only odd may be explained."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from eventstore.models import Changeset
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.branches.merge import plan_merge
from versioning.fields.dates import PartialDate
from versioning.fields.quantities import parse
from versioning.fields.units import LENGTH
from versioning.models import Branch
from wiki.forms.bases import base_of
from wiki.kinds.registry import KINDS
from wiki.kinds.rides.choices import Status
from wiki.models import Company, Park, ParkArea, Ride, Source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("edtf", "last"),
    [
        ("1999", date(1999, 12, 31)), ("1999-02", date(1999, 2, 28)),
        ("1999-05-14", date(1999, 5, 14)),
        ("193X", date(1939, 12, 31)), ("1884/1887", date(1887, 12, 31)), ("1884/..", date.max),
        ("1999-21", date(1999, 5, 31)), ("1999-24", date(2000, 2, 29)),
        ("1999~", date(2000, 12, 28)), ("../1887", date(1887, 12, 31)),
        ("1999-1X-3X", date(1999, 12, 31)),
    ],
)  # fmt: skip
def test_the_last_day_that_a_date_can_mean(edtf: str, last: date) -> None:
    assert PartialDate(edtf).last_day == last


def edit(client: Client, ride: Ride, **values: Any) -> Any:
    ride.refresh_from_db()
    sent = {"name": ride.name, "body": ride.body, "category": ride.category,
            "status": ride.status, "park": "hill-park", "base": base_of(ride)}  # fmt: skip
    return client.post("/rides/kestrel/edit/", sent | values)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"opened": "1999-05", "closed": "1998"},
            "It says closed 1998, which is before opened May 1999",
        ),
        ({"moved_from": "kestrel"}, "Moved from leads to itself"),
        (
            {"names-count": "1", "names-0-name": "Old", "names-0-since": "1999",
             "names-0-until": "1990"},
            "Row 1 of names ends (1990) before it begins (1999)",
        ),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused(
    editor: Client, kestrel: Ride, values: dict[str, str], sentence: str
) -> None:
    answer = edit(editor, kestrel, **values)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    # A reason does not help against an error.
    assert edit(editor, kestrel, **values, despite="I know better").status_code == 422


def test_dates_that_may_be_in_order_are(editor: Client, kestrel: Ride) -> None:
    assert edit(editor, kestrel, opened="1999-05", closed="1999").status_code == 302


def test_a_warning_is_overridden_with_a_reason_that_is_kept(editor: Client, kestrel: Ride) -> None:
    values = {"height": "20 m", "drop": "60 m"}
    answer = edit(editor, kestrel, **values)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "by more than a pit explains" in body
    assert 'name="despite"' in body
    reason = "It falls into a mine."
    assert edit(editor, kestrel, **values, despite=reason).status_code == 302
    changeset = Changeset.objects.latest("id")
    details = json.loads(changeset.details)
    assert details["because"] == reason
    assert "by more than a pit explains" in details["saved_despite"]
    assert reason in editor.get(f"/changes/{changeset.pk}/").content.decode()
    # What stands is not asked about again by an edit of something else.
    assert edit(editor, kestrel, height="20 m", drop="60 m", theme="Mines").status_code == 302


def test_a_status_that_the_dates_contradict_is_a_warning(editor: Client, kestrel: Ride) -> None:
    answer = edit(editor, kestrel, status="operating", closed="1998")
    assert "The status is operating, but it closed 1998." in answer.content.decode()
    answer = edit(editor, kestrel, status="planned", opened="1998")
    assert "but it opened 1998" in answer.content.decode()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"opened": "1998", "soft_opened": "1999"}, "1998, which is before soft opened 1999"),
        ({"status": "operating", "opened": "2930"}, "operating, but it opens 2930"),
        ({"status": "closed", "closed": "2930"}, "closed, but it closes 2930"),
        (
            {"rider_height": "120 cm", "rider_height_accompanied": "130 cm"},
            "Accompanied riders must be taller (130 cm (51 in)) than those alone",
        ),
        (
            {"citations-count": "1", "citations-0-field": "nonsense",
             "citations-0-source": "report"},
            "Row 1, Fact: Select a valid choice. nonsense is not one",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(
    editor: Client, kestrel: Ride, values: dict[str, str], sentence: str
) -> None:
    Source.objects.create(slug="report", name="A report")
    answer = edit(editor, kestrel, **values)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_park_is_asked_as_well(editor: Client) -> None:
    park = Park.objects.create(slug="dale", name="Dale")
    sent = {"name": "Dale", "body": "", "status": "operating", "closed": "1999",
            "base": base_of(park), "attendance-count": "2",
            "attendance-0-year": "1998", "attendance-0-visitors": "10",
            "attendance-1-year": "1998", "attendance-1-visitors": "20"}  # fmt: skip
    body = editor.post("/parks/dale/edit/", sent).content.decode()
    assert "The status is operating, but it closed 1999." in body
    assert "Attendance gives 2 figures for 1998." in body


def test_a_citation_is_of_a_fact_that_the_page_has(editor: Client, kestrel: Ride) -> None:
    Source.objects.create(slug="report", name="A report")
    sent = {"opened": "1999", "citations-count": "1", "citations-0-field": "opened",
            "citations-0-source": "report"}  # fmt: skip
    assert edit(editor, kestrel, **sent).status_code == 302
    kestrel.refresh_from_db()
    assert kestrel.citations[0].field == "opened"
    form = editor.get("/rides/kestrel/edit/").content.decode()
    assert '<option value="opened" selected>Opened</option>' in form


def test_a_source_that_is_there_already_is_a_warning(editor: Client) -> None:
    Source.objects.create(
        slug="report", name="A Report", publisher="Acme", address="https://example.org/r"
    )
    for sent in (
        {"name": "Another", "address": "https://example.org/r"},
        {"name": "a report", "publisher": "ACME"},
    ):
        answer = editor.post("/sources/new/", sent)
        assert answer.status_code == 422
        assert "This source has a page already, A Report (report)" in answer.content.decode()
    other = {"name": "A Report", "publisher": "Somebody else"}
    assert editor.post("/sources/new/", other).status_code == 302


def test_no_company_is_among_its_own_predecessors(editor: Client) -> None:
    one = Company.objects.create(slug="one", name="One")
    two = Company.objects.create(slug="two", name="Two")
    two.predecessors.set([one])
    for predecessors in ("one", "two"):
        sent = {"name": "One", "body": "", "predecessors": predecessors, "base": base_of(one)}
        answer = editor.post("/companies/one/edit/", sent)
        assert answer.status_code == 422
        assert "One would be among its own predecessors" in answer.content.decode()


def test_a_part_of_another_park_is_a_warning(editor: Client) -> None:
    one, two = (Park.objects.create(slug=s, name=s.title()) for s in ("one", "two"))
    ParkArea.objects.create(slug="shire", name="Shire", park=one)
    mordor = ParkArea.objects.create(slug="mordor", name="Mordor", park=two)
    sent = {"name": "Mordor", "body": "", "park": "two", "parent": "shire",
            "base": base_of(mordor)}  # fmt: skip
    assert "is an area of another park" in editor.post("/areas/mordor/edit/", sent).content.decode()


def test_an_area_of_another_park_is_a_warning(editor: Client, kestrel: Ride) -> None:
    other = Park.objects.create(slug="dale", name="Dale")
    ParkArea.objects.create(slug="shire", name="Shire", park=other)
    assert "is an area of another park" in edit(editor, kestrel, area="shire").content.decode()


def test_nobody_is_part_of_itself(editor: Client) -> None:
    one = Company.objects.create(slug="one", name="One")
    Company.objects.create(slug="two", name="Two", parent=one)
    sent = {"name": "One", "body": "", "parent": "two", "base": base_of(one)}
    answer = editor.post("/companies/one/edit/", sent)
    assert answer.status_code == 422
    assert "One would be part of itself" in answer.content.decode()


def test_a_merge_that_would_close_a_circle_asks(kestrel: Ride) -> None:
    # main    one            one -> two
    # spring  └── two -> one
    one = Company.objects.create(slug="one", name="One")
    two = Company.objects.create(slug="two", name="Two")
    fork("spring")
    with branch_context("spring"):
        there = Company.objects.get(slug="two")
        there.parent_id = one.pk
        there.save()
    one.parent = two
    one.save()
    conflicts = plan_merge(Branch.objects.get(name="spring")).plan.conflicts
    asked = {(each.title, each.conflict.path, each.conflict.type) for each in conflicts}
    assert asked == {("One", "parent", "cycle"), ("Two", "parent", "cycle")}


def test_a_merge_of_dates_that_contradict_each_other_asks(kestrel: Ride) -> None:
    fork("spring")
    with branch_context("spring"):
        ride = Ride.objects.get()
        ride.closed = "1990"
        ride.save()
    kestrel.opened = "1999"
    kestrel.save()
    asked = plan_merge(Branch.objects.get(name="spring")).plan.conflicts
    assert {(each.conflict.path, each.conflict.type) for each in asked} == {
        ("opened", "invalid"),
        ("closed", "invalid"),
    }
    assert all("before opened 1999" in each.conflict.detail for each in asked)


@pytest.mark.parametrize("plural", KINDS)
def test_a_rule_speaks_of_fields_that_there_are(plural: str) -> None:
    model = KINDS[plural]
    for rule in (*model.rules, *model.form_rules):
        for name in rule.fields:
            assert model._meta.get_field(name)


def queries_of_an_edit(client: Client, company: Company, **values: str) -> int:
    sent = {"name": company.name, "body": "", "base": base_of(company)}
    sent |= {"parent": company.parent.slug} if company.parent else {}
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(f"/companies/{company.slug}/edit/", sent | values)
    assert answer.status_code == 302
    return len(asked)


def test_a_hierarchy_is_asked_for_only_where_it_changes(editor: Client) -> None:
    # c-0 <- c-1 <- ... <- c-6
    above = None
    companies = []
    for n in range(7):
        above = Company.objects.create(slug=f"c-{n}", name=f"C {n}", parent=above)
        companies.append(above)
    low, high = companies[1], companies[6]
    queries_of_an_edit(editor, companies[2], headquarters="Bern")  # which fills the caches
    assert queries_of_an_edit(editor, low, headquarters="Bern") == queries_of_an_edit(
        editor, high, headquarters="Bern"
    )
    low, high = Company.objects.get(pk=low.pk), Company.objects.get(pk=high.pk)
    deeper = queries_of_an_edit(editor, high, parent="c-4")
    assert deeper - queries_of_an_edit(editor, low, parent="") == 7


def test_an_area_is_compared_only_where_it_or_the_park_changes(
    editor: Client, kestrel: Ride
) -> None:
    other = Park.objects.create(slug="dale", name="Dale")
    kestrel.area = ParkArea.objects.create(slug="shire", name="Shire", park=other)
    kestrel.save()
    # It stands already, so that nobody is asked about it again.
    assert edit(editor, kestrel, area="shire", theme="Hobbits").status_code == 302
    kestrel.refresh_from_db()
    with CaptureQueriesContext(connection) as asked:
        assert list(Ride.objects.get().broken_rules({"theme", "height"})) == []
    assert len(asked) == 1
    (broken,) = Ride.objects.get().broken_rules({"park"})
    assert broken.rule.code == "area-of-another-park"


def test_a_new_page_is_asked_everything(editor: Client) -> None:
    """Whichever of its facts were typed, and whichever the form began with."""
    answer = editor.post(
        "/rides/new/",
        {"name": "Old", "body": "", "category": "other", "status": "planned", "opened": "1990"},
    )
    assert answer.status_code == 422
    assert "The status is planned, but it opened 1990." in answer.content.decode()
    ride = Ride(status="planned")
    ride.opened = PartialDate("1990")
    assert [broken.rule.code for broken in ride.broken_rules(())] == ["opened-though-to-come"]


DATES = st.none() | st.sampled_from(["1990", "1999-05", "198X", "2001/.."]).map(PartialDate)
HEIGHTS = st.none() | st.sampled_from(["20 m", "60 m", "300 ft"]).map(lambda t: parse(t, LENGTH))
SPOKEN_OF = sorted({name for rule in Ride.rules for name in rule.fields})


@given(
    st.fixed_dictionaries(
        {"status": st.sampled_from(Status.values), "opened": DATES, "soft_opened": DATES,
         "closed": DATES, "height": HEIGHTS, "drop": HEIGHTS}
    ),
    st.sets(st.sampled_from(SPOKEN_OF)),
)  # fmt: skip
def test_asking_less_hides_nothing_that_changed(facts: dict[str, Any], changed: set[str]) -> None:
    """The rules that are asked are all of them, less those that speak of nothing changed."""
    everything = list(Ride(**facts).broken_rules(()))
    stands = Ride(**facts)
    stands._state.adding = False
    found = list(stands.broken_rules(changed))
    assert found == [each for each in everything if changed & {*each.rule.fields}]
