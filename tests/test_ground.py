"""The ground that all tests stand on: the database is PostgreSQL, the cache is there."""

import pytest
import redis
from django.conf import settings
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_postgresql() -> None:
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def test_the_cache_answers() -> None:
    assert redis.from_url(settings.REDIS_URL).ping()
