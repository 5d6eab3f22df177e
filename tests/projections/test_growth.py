"""A table that grows within one changeset is read by its indexes, whatever it was when it began."""

import pytest
from django.db import connection

from tests.library.models import Shelf
from versioning import branch_context

CHUNK = 1_000


def rows_read() -> int:
    """What this transaction read of the shelves' tables by now, by whatever index or none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(seq_tup_read) + sum(coalesce(idx_tup_fetch, 0))"
            " FROM pg_stat_xact_user_tables"
            " WHERE relname IN (%s, %s)",
            ["library_shelf", "library_shelfversion"],
        )
        (count,) = cursor.fetchone()
    return int(count)


def shelves(first: int) -> list[Shelf]:
    return [Shelf(label=f"Shelf {number}") for number in range(first, first + CHUNK)]


@pytest.mark.django_db
def test_a_large_changeset_reads_no_more_of_its_tables_as_they_grow() -> None:
    """Tables that were counted while they were empty are the worst: PostgreSQL believes it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE head.library_shelf, library_shelfversion")
    with branch_context("main", message="Many shelves"):
        Shelf.objects.bulk_create(shelves(0))
        begun = rows_read()
        Shelf.objects.bulk_create(shelves(CHUNK))
        assert rows_read() - begun < 20 * CHUNK
