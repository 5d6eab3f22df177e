"""Facts and passages cite sources; one that is cited twice is one note."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wiki.forms.bases import base_of
from wiki.models import Ride, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> Source:
    return Source.objects.create(
        slug="annual-report", name="Annual report", publisher="Acme", published="1998"
    )


@pytest.fixture
def cited(kestrel: Ride, report: Source) -> Ride:
    survey = Source.objects.create(slug="survey", name="A survey", address="https://example.org/")
    kestrel.height = "50 m"
    kestrel.body = "It is tall [@annual-report, p. 12], and loud [@nobody]."
    kestrel.citations = [
        {"id": "1", "field": "height", "source": str(report.pk), "quote": "fifty metres"},
        {"id": "2", "field": "status", "source": str(survey.pk)},
        {"id": "3", "field": "height", "source": str(survey.pk)},
    ]
    kestrel.save()
    return kestrel


def test_a_page_numbers_its_sources_once_in_the_order_of_its_facts(
    client: Client, cited: Ride
) -> None:
    body = client.get("/rides/kestrel/").content.decode()
    notes = re.findall(r'<li id="source-(\d)">.*?>([^<]+)</a>', body, re.DOTALL)
    assert notes == [("1", "A survey"), ("2", "Annual report")]
    assert len(re.findall('href="#source-2"', body)) == 2  # the height, and the passage
    assert "p. 12" in body
    assert "“fifty metres”" in body
    assert "[@nobody]" in body
    assert re.search(r"No source is given for: [^<]*Category", body)


def test_a_page_that_cites_nothing_says_nothing_of_it(client: Client, kestrel: Ride) -> None:
    assert "No source is given" not in client.get("/rides/kestrel/").content.decode()


def test_a_citation_is_typed_in_a_row_and_kept(
    editor: Client, kestrel: Ride, report: Source
) -> None:
    form = editor.get("/rides/kestrel/edit/").context["form"]
    sent = {
        "name": "Kestrel", "body": "", "category": "roller-coaster", "status": "operating",
        "park": "hill-park", "base": base_of(kestrel),
        "citations-count": "2",
        "citations-0-field": "status", "citations-0-source": "Annual report",
        "citations-0-place": "p. 3", "citations-0-id": "",
        "citations-1-field": "", "citations-1-source": "",
    }  # fmt: skip
    assert form is not None
    answer = editor.post("/rides/kestrel/edit/", sent)
    assert answer.status_code == 302, answer.content.decode()
    kestrel.refresh_from_db()
    (citation,) = kestrel.citations
    assert (citation.field, citation.source, citation.place) == ("status", str(report.pk), "p. 3")
    sent |= {"citations-0-source": "Nothing like it"}
    answer = editor.post("/rides/kestrel/edit/", {**sent, "base": base_of(kestrel)})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Row 1, Source: There is no source called" in body
    assert 'value="Nothing like it"' in body


def test_a_form_asks_no_more_for_more_rows(editor: Client, kestrel: Ride, report: Source) -> None:
    def queries(rows: int) -> int:
        kestrel.citations = [{"id": str(n), "source": str(report.pk)} for n in range(rows)]
        kestrel.save()
        with CaptureQueriesContext(connection) as asked:
            assert editor.get("/rides/kestrel/edit/").status_code == 200
        return len(asked)

    assert queries(1) == queries(30)
