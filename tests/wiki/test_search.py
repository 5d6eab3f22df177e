"""Search: names first, words marked, by the index at main's head."""

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.test import Client

from wiki.models import Article
from wiki.pages.models import SEARCHED

pytestmark = pytest.mark.django_db


def test_a_name_comes_before_a_mention_and_words_are_marked(client: Client) -> None:
    Article.objects.create(slug="a", name="A list", body="Here is a chain lift & <b>more</b>.")
    Article.objects.create(slug="b", name="Chain lift", body="It clicks.")
    page = client.get("/search/?q=chain+lift").content.decode()
    assert page.index("/articles/b/") < page.index("/articles/a/")
    assert "<mark>chain</mark> <mark>lift</mark> &amp;" in page
    assert "<b>more" not in page


def test_mains_head_is_searched_by_its_index() -> None:
    wanted = SearchQuery("chain", config="simple", search_type="websearch")
    hits = Article.objects.annotate(found=SEARCHED).filter(found=wanted)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "wiki_article_search" in hits.explain()
