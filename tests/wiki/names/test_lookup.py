"""What a page is or was called leads to it; what is shared leads to where it is told apart."""

import re

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from eventstore import reading
from versioning import branch_context
from versioning.branches.fork import fork
from wiki.models import Article, Company, Park, Ride
from wiki.pages.addresses import address_of
from wiki.pages.name_column import called_as

pytestmark = pytest.mark.django_db

FORMER = {"id": "1", "name": "Raging Wolf", "sort": "former", "until": "1998"}


@pytest.fixture
def wolf() -> Ride:
    park = Park.objects.create(slug="wood", name="Wood Park", country="US")
    return Ride.objects.create(slug="wolf", name="Wolf", park=park, names=[FORMER])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("history/", "history/"),
        ("history/?before=9", "history/?before=9"),
        ("history/2/", "history/"),
        ("history/feed/", "history/feed/"),
        ("diff/?from=1&to=2", "diff/?from=1&to=2"),
        ("blame/", "blame/"),
        ("timeline/?year=1998", "timeline/?year=1998"),
        ("links/", "links/"),
        ("?utm=%C3%A9", "?utm=%C3%A9"),
    ],
)
def test_a_former_name_leads_to_the_same_page_about_what_was_called_so(
    client: Client, wolf: Ride, asked: str, found: str
) -> None:
    at = f"/@p{reading.last_position()}"
    for prefix in ("", at):
        answer = client.get(f"{prefix}/rides/raging-wolf/{asked}")
        assert (answer.status_code, answer["Location"]) == (301, f"{prefix}/rides/wolf/{found}")


@pytest.mark.parametrize("asked", ["edit/", "rename/", "delete/"])
def test_a_former_name_leads_editors_to_the_same_form(
    moderator: Client, wolf: Ride, asked: str
) -> None:
    answer = moderator.get(f"/rides/raging-wolf/{asked}?from=x")
    assert answer["Location"] == f"/rides/wolf/{asked}?from=x"


def test_where_a_former_name_is_shared_nothing_else_is_asked(client: Client, wolf: Ride) -> None:
    Ride.objects.create(slug="other", name="Other", names=[FORMER])
    answer = client.get("/rides/raging-wolf/history/?before=9")
    assert answer["Location"] == "/names/raging-wolf/"


@given(
    st.one_of(
        st.text(st.characters(max_codepoint=0x24F, exclude_characters="\0"), max_size=150),
        st.text("长江漂流 -ÅßẞæøłÞĿŉǆ①ﬁ½.,!’‘ʼ`´'\t\n", max_size=20),
    )
)
def test_the_database_looks_names_up_as_python_does(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT wiki_called(%s)", [name])
        assert cursor.fetchone() == (called_as(name),)


@pytest.mark.parametrize(
    ("name", "address"),
    [("Ærø", "aero"), ("Jürgen Groß", "jurgen-gross"), ("Łomża", "lomza"),
     ("Apollo's Chariot", "apollos-chariot"), ("Apollo’s Chariot", "apollos-chariot"),
     ("Øresund", "oresund"), ("  ", "")],
)  # fmt: skip
def test_letters_of_their_own_are_no_gaps(name: str, address: str) -> None:
    assert address_of(name) == address


def test_a_former_name_leads_to_the_page(client: Client, wolf: Ride) -> None:
    for address in ("/rides/raging-wolf/", "/names/raging-wolf/", "/names/Raging%20Wolf/"):
        assert client.get(address)["Location"] == "/rides/wolf/"
    assert client.get("/names/nothing/").status_code == 404
    assert client.get("/rides/nothing/").status_code == 404


def test_an_address_of_another_kind_leads_to_the_name(client: Client, wolf: Ride) -> None:
    answer = client.get("/parks/raging-wolf/", follow=True)
    assert answer.redirect_chain[-1][0] == "/rides/wolf/"


def test_a_shared_name_leads_to_all_that_have_it(client: Client, wolf: Ride) -> None:
    Ride.objects.create(slug="wolf-2", name="Wolf", status="operating")
    Company.objects.create(slug="wolf-rides", name="Raging Wolf")
    answer = client.get("/names/wolf/")
    assert answer.status_code == 200
    body = answer.content.decode()
    assert all(each in body for each in ("/rides/wolf/", "/rides/wolf-2/", "Wood Park"))
    assert "/companies/" not in body.split("<main")[1]
    body = client.get("/names/raging-wolf/").content.decode()
    assert "Also known as Raging Wolf (until 1998" in body
    assert "/companies/wolf-rides/" in body
    # Of the kind that the address names there is one: that is meant.
    assert client.get("/rides/raging-wolf/")["Location"] == "/rides/wolf/"


def test_a_page_says_which_others_have_its_name(client: Client, wolf: Ride) -> None:
    assert "Not to be confused" not in client.get("/rides/wolf/").content.decode()
    other = Ride.objects.create(slug="wolf-2", name="Wolf")
    assert 'confused with <a href="/rides/wolf-2/">' in client.get("/rides/wolf/").content.decode()
    other.delete()
    assert "Not to be confused" not in client.get("/rides/wolf/").content.decode()
    for number in range(3, 6):
        Ride.objects.create(slug=f"wolf-{number}", name="Wolf")
    body = client.get("/rides/wolf/").content.decode()
    assert "3 other pages are, or were, called Wolf" in body
    assert 'href="/names/wolf/"' in body


def test_what_tells_pages_apart_is_never_stale(client: Client, wolf: Ride) -> None:
    Ride.objects.create(slug="wolf-2", name="Wolf")
    Article.objects.create(slug="den", name="Den", body="It is at {{rides/wolf.park}}.")
    addresses = ("/names/wolf/", "/rides/wolf-2/", "/articles/den/")
    for address in addresses:
        assert "Wood Park" in client.get(address).content.decode()
    park = Park.objects.get()
    park.name = "Stone Park"
    park.save()
    for address in addresses:
        assert "Stone Park" in client.get(address).content.decode()


def test_names_are_of_a_viewpoint(client: Client, wolf: Ride) -> None:
    before = reading.last_position()
    fork("spring")
    with branch_context("spring"):
        Ride.objects.create(slug="wolf-2", name="Raging Wolf")
    assert client.get("/~spring/names/raging-wolf/").status_code == 200
    assert client.get("/names/raging-wolf/")["Location"] == "/rides/wolf/"
    wolf.names = []
    wolf.save()
    assert client.get("/names/raging-wolf/").status_code == 404
    past = f"/@p{before}"
    assert client.get(f"{past}/rides/raging-wolf/")["Location"] == f"{past}/rides/wolf/"


def test_links_go_by_former_names_and_to_where_names_are_told_apart(
    client: Client, wolf: Ride
) -> None:
    Article.objects.create(
        slug="wolves", name="Wolves", body="[[Raging Wolf]] [[ride:raging wolf|it]] [[Fenrir]]"
    )
    assert links_of(client) == [
        ("/rides/wolf/", "Raging Wolf"),
        ("/rides/wolf/", "it"),
        ("/articles/new/?name=Fenrir", "Fenrir"),
    ]
    assert "/articles/wolves/" in client.get("/rides/wolf/links/").content.decode()
    Company.objects.create(slug="wolf-rides", name="Raging Wolf")
    Park.objects.create(slug="fenrir", name="Fenrir")
    # The very name goes before a former one.
    assert links_of(client) == [
        ("/companies/wolf-rides/", "Raging Wolf"),
        ("/rides/wolf/", "it"),
        ("/parks/fenrir/", "Fenrir"),
    ]
    Ride.objects.create(slug="wolf-3", name="Raging Wolf")
    assert links_of(client)[:2] == [
        ("/names/raging-wolf/", "Raging Wolf"),
        ("/rides/wolf-3/", "it"),
    ]
    # Which of them stands at the plain address is chance.
    Ride.objects.create(slug="fenrir", name="Fenrir")
    assert links_of(client)[2] == ("/names/fenrir/", "Fenrir")
    assert "Links that several pages fit" in client.get("/reports/links/").content.decode()


def links_of(client: Client) -> list[tuple[str, str]]:
    """The links of the article, by address and words."""
    prose = client.get("/articles/wolves/").content.decode().split('class="prose"')[1]
    return re.findall(r'<a [^>]*href="([^"]+)"[^>]*>([^<]+)</a>', prose.split("</article>")[0])


def test_a_renamed_page_keeps_its_former_name_if_asked(
    editor: Client, client: Client, wolf: Ride
) -> None:
    Article.objects.create(slug="wolves", name="Wolves", body="[[Raging Wolf]] and [[Wolf]]")
    sent = {"name": "Coyote", "slug": "coyote", "relink": "on", "keep_name": "on"}
    assert editor.post("/rides/wolf/rename/", sent).status_code == 302
    wolf = Ride.objects.get(pk=wolf.pk)
    assert [each.name for each in wolf.names] == ["Raging Wolf", "Wolf"]
    # What was said by another name goes on to mean it; the text stays.
    assert Article.objects.get().body == "[[Raging Wolf]] and [[Coyote]]"
    assert client.get("/names/wolf/")["Location"] == "/rides/coyote/"
