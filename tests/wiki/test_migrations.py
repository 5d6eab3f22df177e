"""The wiki's migrations, on a database that earlier versions of them made."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

SQUASHED = (
    "0001_initial", "0002_search", "0003_encyclopaedia", "0004_search_follows_the_log",
    "0005_called", "0006_index_what_items_name", "0007_index_more_orders",
    "0008_figures_of_models", "0009_words_of_choices", "0010_find_links_faster",
)  # fmt: skip
"""What databases remember, beside the one that came in their place or without it."""


SQUASH = "0001_squashed_0010_find_links_faster"


@pytest.mark.django_db
@pytest.mark.parametrize("remembers_both", [True, False])
def test_a_database_that_remembers_what_was_squashed_has_nothing_to_do(
    *, remembers_both: bool
) -> None:
    recorder = MigrationRecorder(connection)
    for name in SQUASHED:
        recorder.record_applied("wiki", name)
    if not remembers_both:
        recorder.record_unapplied("wiki", SQUASH)
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    call_command("migrate", check_unapplied=True, verbosity=0)  # exits where something is left
