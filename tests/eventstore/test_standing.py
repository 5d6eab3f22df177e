"""Where the log stood: asked once of each position, and never wrong because it is remembered."""

import pytest
from django.db import transaction

from eventstore import reading, standing
from tests.library.models import Author
from versioning import BatchOperation


@pytest.mark.django_db(transaction=True)
def test_a_position_means_the_end_of_its_changeset() -> None:
    with BatchOperation() as batch:
        batch.process_changes(Author(name=f"Author {n}") for n in range(3))
    end = reading.last_position()
    assert [standing.at_position(end - n).position for n in range(3)] == [end, end, end]
    newest = reading.changeset_at(end)
    assert newest is not None
    assert standing.at_position(end - 1).recorded_at == newest.recorded_at
    assert standing.of_changeset(newest.pk) == standing.at_time(newest.recorded_at)
    assert standing.at_position(end) == standing.at_time(newest.recorded_at)
    assert standing.at_position(0) == standing.BEFORE_THE_LOG


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_not_remembered() -> None:
    with transaction.atomic():
        Author.objects.create(name="Never")
        never = reading.last_position()
        assert standing.at_position(never).position == never
        transaction.set_rollback(True)
    with pytest.raises(standing.BeyondTheLog):
        standing.at_position(never)
    Author.objects.create(name="Jane")
    # Skipped for good: what stood there is the changeset before.
    assert standing.at_position(never).position < never


@pytest.mark.django_db(transaction=True)
def test_a_position_is_looked_up_once() -> None:
    Author.objects.create(name="Jane")
    end = reading.last_position()
    first = standing.at_position(end)
    before = standing._remembered.cache_info()
    assert standing.at_position(end) == first
    after = standing._remembered.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)
