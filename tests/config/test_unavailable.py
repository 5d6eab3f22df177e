"""While code and database do not fit, people are asked to come again; nothing wrong is shown."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection
from django.test import Client

from config.errors import ERROR_TEXTS, RETRY_SECONDS
from eventstore import reading
from projections.cache.store import Store
from tests.library.models import Book
from versioning import viewpoint
from wiki.kinds.parks import Park

pytestmark = pytest.mark.django_db(transaction=True)

OTHERWISE = "COMMENT ON SCHEMA projection IS 'of other code'"


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def made() -> Iterator[None]:
    """Puts back what a test took away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('projection'::regnamespace, 'pg_namespace')")
        (digest,) = cursor.fetchone()
    yield
    run(f"COMMENT ON SCHEMA projection IS '{digest}'")


@pytest.fixture
def hidden_views(made: None) -> Iterator[None]:
    """The views of the past are away, as they would be under code of another migration."""
    Park.objects.create(slug="hill-park", name="Hill Park")
    run("ALTER SCHEMA past RENAME TO hidden", OTHERWISE)
    yield
    run("ALTER SCHEMA hidden RENAME TO past")


def test_a_view_that_is_missing_is_never_mains_head(hidden_views: None) -> None:
    position = reading.last_position()
    with pytest.raises(ProgrammingError, match="does not exist"), viewpoint("main", at=position):
        list(Book.objects.all())


def test_a_page_that_cannot_be_read_asks_to_come_again(client: Client, hidden_views: None) -> None:
    client.raise_request_exception = False
    response = client.get(f"/@p{reading.last_position()}/parks/hill-park/")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == str(RETRY_SECONDS)
    assert ERROR_TEXTS[503].title in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    assert client.get("/parks/hill-park/").status_code == 200


def test_machines_are_told_that_the_database_is_of_other_code(client: Client, made: None) -> None:
    assert client.get("/health/ready").status_code == 200
    run(OTHERWISE)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert b"migrate" in response.content


def test_machines_are_told_that_a_migration_is_missing(client: Client) -> None:
    run("UPDATE django_migrations SET name = '-' || name WHERE app = 'projections'")
    try:
        assert client.get("/health/ready").status_code == 503
    finally:
        run("UPDATE django_migrations SET name = substr(name, 2) WHERE app = 'projections'")


def test_a_fault_of_ours_is_called_one(client: Client, made: None) -> None:
    """Where the database is as it should be, a view that is missing is no migration."""
    Park.objects.create(slug="hill-park", name="Hill Park")
    client.raise_request_exception = False
    run("ALTER VIEW past.wiki_park RENAME TO wiki_park_hidden")
    try:
        response = client.get(f"/@p{reading.last_position()}/parks/hill-park/")
    finally:
        run("ALTER VIEW past.wiki_park_hidden RENAME TO wiki_park")
    assert response.status_code == 500


@pytest.mark.parametrize(("url", "figure"), [(None, 1), ("redis://localhost:1", 0)])
def test_the_figures_tell_whether_pages_have_their_cache(
    client: Client, monkeypatch: pytest.MonkeyPatch, url: str | None, figure: int
) -> None:
    """The very store that pages are kept in is asked, whatever Django's own cache is."""
    asked = Store(url or settings.REDIS_URL, settings.REDIS_PREFIX)
    monkeypatch.setattr("wiki.health.store", lambda: asked)
    assert f"thrillwiki_cache_up {figure}\n" in client.get("/metrics").content.decode()
