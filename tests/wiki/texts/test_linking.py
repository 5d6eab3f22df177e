"""What links to a page is found at every viewpoint, and follows it when it is renamed."""

import pytest
from django.test import Client

from eventstore.models import Changeset
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from wiki.models import Article, Company, Park, Ride
from wiki.texts.linking import pages_naming, texts_linking_to

pytestmark = pytest.mark.django_db

LINKS = (
    "[[Kestrel]], [[kestrel|it]], [[ride: Kestrel]], [[rides/kestrel]], {{rides/kestrel.status}}, "
    "[so](/rides/kestrel/), [[Kestrels]], `[[Kestrel]]`"
)


@pytest.fixture
def article(kestrel: Ride) -> Article:
    return Article.objects.create(slug="birds", name="Birds", body=LINKS)


def test_texts_and_facts_that_name_a_page_are_found(kestrel: Ride, article: Article) -> None:
    Park.objects.create(
        slug="dale", name="Dale", owners=[{"id": "1", "company": str(_acme().pk), "since": "1990"}]
    )
    assert [found.name for found in texts_linking_to(kestrel)] == ["Birds"]
    assert kestrel.park is not None
    assert [found.name for found in pages_naming(kestrel.park)] == ["Kestrel"]
    assert [found.name for found in pages_naming(_acme())] == ["Dale"]
    fork("spring")
    with branch_context("spring"):
        Article.objects.get(pk=article.pk).delete()
    with viewpoint("spring"):
        assert texts_linking_to(kestrel) == []
    assert len(texts_linking_to(kestrel)) == 1


def test_a_name_with_a_colon_is_found_and_followed(editor: Client, kestrel: Ride) -> None:
    kestrel.name = "Batman: The Ride"
    kestrel.save()
    article = Article.objects.create(slug="bats", name="Bats", body="On [[Batman:  The Ride]].")
    assert [found.name for found in texts_linking_to(kestrel)] == ["Bats"]
    editor.post("/rides/kestrel/rename/", {"name": "Bat", "slug": "kestrel", "relink": "on"})
    article.refresh_from_db()
    assert article.body == "On [[Bat]]."


def _acme() -> Company:
    return Company.objects.get_or_create(slug="acme", defaults={"name": "Acme"})[0]


def test_the_page_of_links_says_both(client: Client, kestrel: Ride, article: Article) -> None:
    body = client.get("/rides/kestrel/links/").content.decode()
    assert "/articles/birds/" in body
    assert "Nothing so far" in body


def test_links_follow_a_renamed_page_in_one_changeset(
    editor: Client, kestrel: Ride, article: Article
) -> None:
    before = Changeset.objects.count()
    sent = {"name": "Falcon", "slug": "falcon", "relink": "on", "summary": "Bought"}
    answer = editor.post("/rides/kestrel/rename/", sent)
    assert answer.status_code == 302
    assert Changeset.objects.count() == before + 1
    article.refresh_from_db()
    assert article.body == (
        "[[Falcon]], [[Falcon|it]], [[ride:Falcon]], [[rides/falcon]], {{rides/falcon.status}}, "
        "[so](/rides/falcon/), [[Kestrels]], `[[Falcon]]`"
    )


def test_links_stay_where_nobody_asks_and_where_another_page_is_meant(
    editor: Client, kestrel: Ride
) -> None:
    Park.objects.create(slug="kestrel", name="Kestrel")
    body = "[[park:Kestrel]] and [[ride:Kestrel]]"
    article = Article.objects.create(slug="both", name="Both", body=body)
    editor.post("/parks/kestrel/rename/", {"name": "Nest", "slug": "nest", "relink": "on"})
    article.refresh_from_db()
    assert article.body == "[[park:Nest]] and [[ride:Kestrel]]"
    editor.post("/rides/kestrel/rename/", {"name": "Kite", "slug": "kite"})
    article.refresh_from_db()
    assert article.body == "[[park:Nest]] and [[ride:Kestrel]]"


def test_what_a_list_of_items_names_is_not_deleted(editor: Client) -> None:
    Park.objects.create(slug="dale", name="Dale", owners=[{"id": "1", "company": str(_acme().pk)}])
    answer = editor.post("/companies/acme/delete/")
    assert answer.status_code == 409
    assert "/parks/dale/" in answer.content.decode()
    assert Company.objects.filter(slug="acme").exists()


def test_reports_name_links_that_lead_nowhere(
    client: Client, kestrel: Ride, article: Article
) -> None:
    Article.objects.create(slug="lone", name="Lone", body="[[Birds]] and [[park:Nowhere]]")
    body = client.get("/reports/links/").content.decode()
    assert "/parks/new/?name=Nowhere" in body
    assert "/articles/new/?name=Kestrels" in body
    Park.objects.create(slug="nowhere", name="Nowhere")
    assert "/parks/new/" not in client.get("/reports/links/").content.decode()
