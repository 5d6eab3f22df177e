"""What a form says while one fills it in: what fits, what is missing, how a fact is read."""

import re
from typing import Any

import pytest
from django.test import Client

from eventstore import reading
from projections.following.followed import catch_up
from tests.wiki.editing.test_views import open_form
from versioning import branch_context
from versioning.branches.fork import fork
from wiki.models import Company, Park, Ride, Source

pytestmark = pytest.mark.django_db

EDIT = "/rides/kestrel/edit/"


def told(client: Client, **facts: str) -> str:
    """What is said of the first of some facts, as they were typed."""
    return client.get(f"/facts/rides/{next(iter(facts))}/", facts).text


def test_a_fact_is_judged_as_soon_as_it_is_left(client: Client, kestrel: Ride) -> None:
    assert "Read as 640 ft (195 m)." in told(client, height="640 ft")
    assert "No ride comes near 300 m" in told(client, height="2,100 m")
    assert "field-errors" in told(client, height="very high")
    assert "deeper than the height" in told(client, height="10 m", drop="80 m")
    assert "which is before" in told(client, closed="1999", opened="May 2001")
    assert "There is no park called" in told(client, park="Nowhere")
    assert told(client, park="Hill Park", area="") == ""
    assert told(client, height="") == ""
    assert client.get("/facts/rides/body/").status_code == 404
    assert client.get("/facts/rides/names/").status_code == 404


def test_an_unbelievable_fact_can_be_saved_for_a_reason(editor: Client, kestrel: Ride) -> None:
    form = open_form(editor, EDIT) | {"height": "2,100 m"}
    assert "No ride comes near" in editor.post(EDIT, form).text
    assert editor.post(EDIT, form | {"despite": "It is a lift."}).status_code == 302
    # What stands already is asked about no more.
    form = open_form(editor, EDIT) | {"body": "A lift."}
    assert editor.post(EDIT, form).status_code == 302


def test_a_preview_is_the_page_as_it_would_read(editor: Client, kestrel: Ride) -> None:
    Source.objects.create(slug="report", name="A report", address="https://example.org/")
    before = reading.last_position()
    form = open_form(editor, EDIT)
    form |= {"height": "2,100 m", "body": "Of [[Hill Park]] [@report]."}
    shown = editor.post(f"{EDIT}?part=preview", form).text
    assert "<dt>Height</dt>" in shown
    assert 'href="/parks/hill-park/"' in shown
    assert "A report" in shown
    assert "No ride comes near" in shown
    refused = editor.post(f"{EDIT}?part=preview", form | {"height": "high"}).text
    assert "Height: “high”" in refused
    assert "<form" not in refused
    assert reading.last_position() == before, "Not told to save, it saves nothing."


def test_a_form_asks_for_what_fits_and_names_what_is_missing(editor: Client, kestrel: Ride) -> None:
    kestrel.height = None
    kestrel.category = "water"
    kestrel.save()
    page = editor.get(EDIT).text
    fitting, _, others = page.partition("data-other-groups")
    assert "Water ride</summary>" in fitting
    assert "Roller coaster</summary>" in others
    assert "Water ride</summary>" not in others
    outline = page[
        page.index('class="edit-outline"') : page.index("</nav>", page.index("edit-outl"))
    ]
    assert 'href="#section-water-ride"' in outline
    assert 'href="#id_height">height</a>' in outline
    assert ">park</a>" not in outline


def options(client: Client, address: str, text: str) -> list[str]:
    return re.findall(r'data-written="([^"]*)"', client.get(address, {"q": text}).text)


def test_names_are_completed_as_a_text_writes_them(client: Client, kestrel: Ride) -> None:
    Company.objects.create(slug="kestrel", name="Kestrel")
    Park.objects.create(slug="kestrel-land", name="Kestrel Land", names=[{"id": "1", "name": "Ke"}])
    catch_up()
    assert options(client, "/texts/pages/", "kes") == [
        "rides/kestrel|Kestrel", "companies/kestrel|Kestrel", "Kestrel Land",
    ]  # fmt: skip
    assert options(client, "/texts/pages/", "") == []
    assert client.get("/texts/pages/?q=%00[[").status_code == 200
    with branch_context(fork("spring").name):
        Ride.objects.create(slug="kes", name="Kes of spring")
    catch_up()
    assert "Kes of spring" in options(client, "/~spring/texts/pages/", "kes")
    assert "Kes of spring" not in options(client, "/texts/pages/", "kes")


def test_sources_are_completed_by_their_addresses(client: Client) -> None:
    for number in range(12):
        Source.objects.create(slug=f"report-{number}", name=f"Annual report {number}")
    found: Any = options(client, "/texts/sources/", "annual")
    assert found[0] == "report-0"
    assert len(found) == 8


@pytest.mark.parametrize(
    "form", ["rides/new/", "rides/kestrel/edit/", "rides/kestrel/edit/status/"]
)
def test_a_form_asks_at_its_own_viewpoint(editor: Client, kestrel: Ride, form: str) -> None:
    """Whoever opened one at another viewpoint before."""
    fork("spring")
    fork("autumn")
    for prefix in ("/~spring/", "/", "/~autumn/"):
        asked = re.findall(r'hx-get="([^"]+)"', editor.get(f"{prefix}{form}").text)
        others = {"/~spring/", "/~autumn/"} - {prefix}
        assert [each for each in asked if any(each.startswith(other) for other in others)] == []
        assert all(each.startswith((prefix, "/travel/")) for each in asked)
