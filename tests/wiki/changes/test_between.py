"""What changed between two moments, and since somebody looked: of the wiki, a list, a page."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from eventstore import reading
from versioning import BatchOperation
from versioning.branches.fork import fork
from wiki.changes import between
from wiki.models import Article, Park, Ride

pytestmark = pytest.mark.django_db


def changes(client: Client, address: str) -> list[str]:
    """What was written by each change that an address tells, the newest first."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    listed = answer.text.partition('<ol class="changes">')[2].partition("</ol>")[0]
    return re.findall(r'<a href="[^"]*/changes/\d+/">([^<]*)</a>', listed)


def following(client: Client, address: str) -> str:
    found = re.search(r'rel="next" href="([^"]*/changes/[^"]*)"', client.get(address).text)
    return found[1].replace("&amp;", "&") if found else ""


@pytest.fixture
def positions(kestrel: Ride) -> list[int]:
    """The position of each of: a park, a ride, three articles, a park."""
    made = [kestrel.history.all()[0].valid_from]
    for number in range(3):
        Article.objects.create(slug=f"a-{number}", name=f"Article {number}")
        made.append(reading.last_position())
    Park.objects.create(slug="dale", name="Dale")
    return [made[0] - 1, *made, reading.last_position()]


def test_between_two_moments_is_what_was_written_in_between(
    client: Client, positions: list[int]
) -> None:
    _, ride, _, second, third, park = positions
    said = changes(client, f"/changes/?from=p{ride}&to=p{third}")
    assert said == ["Article 2", "Article 1", "Article 0"]
    assert changes(client, f"/changes/?from=p{second}") == ["Dale", "Article 2"]
    # In whichever order; and no further than the viewpoint.
    assert changes(client, f"/changes/?from=p{third}&to=p{ride}") == said
    assert changes(client, f"/@p{third}/changes/?from=p{second}&to=p{park}") == ["Article 2"]
    today = timezone.now().date().isoformat()
    assert changes(client, f"/changes/?from={today}&to={today}") == []
    assert changes(client, f"/changes/?from=1999-12-31&to=@{today}")[0] == "Dale"


def test_of_one_kind_alone(client: Client, positions: list[int]) -> None:
    assert changes(client, "/changes/?of=parks") == ["Dale", "Hill Park"]
    assert changes(client, f"/changes/?of=articles&from=p{positions[2]}") == [
        "Article 2", "Article 1",
    ]  # fmt: skip
    assert client.get("/changes/?of=teapots").status_code == 404


@pytest.mark.parametrize("of", ["", "&of=articles"])
def test_they_are_read_to_the_end_a_page_at_a_time(
    client: Client, positions: list[int], monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    monkeypatch.setattr(between, "PAGE_SIZE", 2)
    monkeypatch.setattr(between, "MOST_VERSIONS", 3)
    with BatchOperation("Many at once") as batch:
        batch.process_changes(Article(slug=f"b-{n}", name=f"B {n}") for n in range(5))
    said, address = [], f"/changes/?from=p{positions[1]}{of}"
    while address:
        said += changes(client, address)
        address = following(client, address)
    assert [each for each in said if each != "Dale"] == [
        "Many at once", "Article 2", "Article 1", "Article 0",
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["x", "2026-02-30", "p99999999", "c0", "\x00", "p" * 500])
def test_what_is_no_moment_is_told_beside_the_form_that_keeps_it(
    client: Client, positions: list[int], typed: str
) -> None:
    answer = client.get("/changes/", {"from": typed, "to": "p1", "of": "rides"})
    assert answer.status_code == 400
    if typed.isprintable():
        assert f'name="from" value="{typed}" type="text"' in answer.text
    assert 'value="rides" selected' in answer.text


@pytest.fixture(params=["reader", "editor"])
def somebody(request: pytest.FixtureRequest) -> Client:
    """By a cookie, or by a session."""
    somebody: Client = request.getfixturevalue("client" if request.param == "reader" else "editor")
    return somebody


def test_whoever_looks_is_told_what_changed_since(somebody: Client, positions: list[int]) -> None:
    first = somebody.get("/changes/since/", follow=True)
    assert first.status_code == 200
    assert "from=20" in first.redirect_chain[0][0]  # a week: nobody looked yet
    Article.objects.create(slug="new", name="New")
    # A list and a page tell it as well, and leave it to be told.
    article = somebody.get("/changes/since/?path=/articles/a-0/").headers["Location"]
    assert article.startswith(f"/articles/a-0/diff/?from=p{positions[-1]}&to=p")
    assert "Both say the same" in somebody.get(article).text
    articles = somebody.get("/changes/since/?path=/articles/").headers["Location"]
    assert changes(somebody, articles) == ["New"]
    everything = somebody.get("/changes/since/").headers["Location"]
    assert changes(somebody, everything) == ["New"]
    assert changes(somebody, somebody.get("/changes/since/").headers["Location"]) == []
    assert changes(somebody, everything) == ["New"]


def test_from_a_branch_or_the_past_it_is_told_of_the_branch_now(
    client: Client, positions: list[int]
) -> None:
    fork("spring")
    for at, head in (("/~spring", "/~spring"), (f"/@p{positions[0]}", "")):
        led = client.get(f"{at}/changes/since/").headers["Location"]
        assert led.startswith(f"{head}/changes/?from=")


@pytest.mark.parametrize("kept", ["x", "-1", "9" * 30, "99999999", "1; x"])
def test_a_cookie_that_is_no_position_is_none(client: Client, kestrel: Ride, kept: str) -> None:
    client.cookies["looked"] = kept
    assert client.get("/changes/since/", follow=True).status_code == 200


def test_bare_dates_are_compared(client: Client, kestrel: Ride) -> None:
    today = timezone.now().date().isoformat()
    page = client.get(f"/compare/?from=1999-01-01&to={today}").text
    assert "2 pages differ" in page
    assert 'href="/@p' in page
