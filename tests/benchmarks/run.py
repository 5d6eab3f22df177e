"""All fears, one after the other, in a database that is made for it and dropped."""

from collections.abc import Iterator

from django.db import connection

from tests.benchmarks import before, branches, bulk, edits, pages, reads, rebuild, size
from tests.benchmarks.contestants import plain
from tests.benchmarks.harness import Row, show
from tests.benchmarks.lighthouse import pages as in_browser
from tests.benchmarks.wiki import Size, Wiki, settle


def run_all(to: Size) -> None:
    """Measure everything and print it. Minutes; seconds with a small size."""
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        plain.create_tables()
        show(list(_rows(Wiki(), to)))
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
    if pages := list(in_browser.rows()):
        show(pages)


def _rows(wiki: Wiki, to: Size) -> Iterator[Row]:
    """The wiki grows from small to large on the way."""
    yield from before.rows(to)
    _grow(wiki, to)
    small = branches.measure(wiki, to.merges)
    yield bulk.creation(wiki, to)
    for edited in range(1, to.edit_rounds + 1):
        wiki.edit_everything(to.chunk)
        if edited == to.edit_rounds // 2:
            wiki.remember_as_past()
    settle()
    yield bulk.editing(wiki, to)
    yield edits.single(wiki, to, synchronous_commit=True)
    yield edits.single(wiki, to, synchronous_commit=False)
    yield from reads.rows(wiki, to)
    yield from pages.rows(wiki, to)
    settle()  # as the small wiki was
    large = branches.measure(wiki, to.merges)
    yield from branches.rows(small, large, (to.small, len(wiki.ours)))
    yield from size.rows()
    yield from rebuild.rows(wiki, to)


def _grow(wiki: Wiki, to: Size) -> None:
    for _ in range(to.small // to.chunk):
        wiki.create_ours(to.chunk)
        wiki.create_plain(to.chunk)
        wiki.create_bare(to.chunk)
        wiki.create_simple(to.chunk)
    settle()
