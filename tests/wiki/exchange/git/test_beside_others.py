"""While a long history comes in, others go on: saves wait a little, and readers see no half."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction

from eventstore.models import Changeset, ChangesetKind
from projections.audit.auditing import audit
from tests.hostile.repositories import OddRepository
from tests.served import environment
from versioning.events import MAIN
from versioning.models import Branch
from versioning.viewpoints.readers import reading_as
from wiki.models import Article

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

COMMITS, PAGES = 1_000, 20

type Sight = tuple[int, int, int]
"""Branches, changesets of imports and imported pages."""


@pytest.fixture
def long_history(tmp_path: Path) -> OddRepository:
    odd = OddRepository.begin(tmp_path / "repository")
    files: dict[bytes | str, bytes] = {}
    parents: list[str] = []
    for number in range(COMMITS):
        files[f"page-{number % PAGES}.md"] = b"Line %d\n" % number * 10
        parents = [odd.commit(odd.files(files), parents, message=b"%d\n" % number)]
    odd.point("refs/heads/main", parents[0])
    return odd


def sight() -> Sight:
    """What somebody without an account finds of an import, at one moment."""
    with transaction.atomic(), reading_as(None):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return (
            Branch.objects.count(),
            Changeset.objects.filter(kind=ChangesetKind.IMPORT).count(),
            Article.objects.filter(name__startswith="page-").count(),
        )


@contextmanager
def looking() -> Iterator[list[Sight]]:
    """Somebody looks again and again, on a connection of their own."""
    sights: list[Sight] = []
    is_over = threading.Event()

    def look() -> None:
        try:
            while not is_over.is_set():
                sights.append(sight())
                time.sleep(0.01)
        finally:
            connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield sights
    finally:
        is_over.set()
        thread.join()


def waits_while(process: "subprocess.Popen[str]", page: Article) -> Iterator[float]:
    """How long each of many saves takes until a process ends."""
    number = 0
    while process.poll() is None:
        number += 1
        began = time.monotonic()
        page.body = f"Ours {number}\n"
        page.save()
        yield time.monotonic() - began
        time.sleep(0.02)


def test_a_save_waits_seconds_and_readers_see_nothing_or_all(long_history: OddRepository) -> None:
    page = Article.objects.create(slug="ours", name="Ours")
    nothing = sight()
    with looking() as sights:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "import_git", str(long_history.folder)],
            env=environment() | {"TMPDIR": str(long_history.folder.parent)},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        waits = list(waits_while(process, page))
    assert process.returncode == 0, process.communicate()[0]
    assert max(waits) < 3
    everything = sight()
    assert everything == (nothing[0] + 1, COMMITS, PAGES)
    assert set(sights) | {nothing, everything} == {nothing, everything}
    assert saved_in_between() > 0
    assert audit().findings == ()


def saved_in_between() -> int:
    """Saves among the commits."""
    commits = Changeset.objects.filter(kind=ChangesetKind.IMPORT)
    first, last = (commits.order_by(by)[0].pk for by in ("id", "-id"))
    return Changeset.objects.filter(
        kind=ChangesetKind.EDIT, branch=MAIN, id__range=(first, last)
    ).count()
