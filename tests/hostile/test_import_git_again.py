"""The same history twice, two at once, one that was killed; another of the same names."""

import subprocess
import sys
import time

import pytest
from django.db import connection

from config.embedded.processes import wait_until
from eventstore import reading
from eventstore.models import Changeset
from projections.audit.auditing import audit
from tests.hostile.importing import alone, assert_refused, line_of, pages
from tests.hostile.inputs import entry
from tests.hostile.repositories import OddRepository
from tests.served import environment
from versioning.models import Branch
from versioning.viewpoints.readers import reading_as
from wiki.exchange.git.loading import import_git
from wiki.models import Article

pytestmark = pytest.mark.django_db


@entry(142)
def test_the_same_again_is_nothing_and_more_of_it_is_refused(odd: OddRepository) -> None:
    """Longer or rewritten: what was imported may have been edited, so it is not gone on with."""
    first = alone(odd, {"a.md": b"A\n"})
    second = odd.commit(odd.files({"a.md": b"B\n"}), [first])
    odd.point("refs/heads/main", second)
    import_git(odd.folder)
    before = reading.last_position()
    assert import_git(odd.folder).is_known
    assert reading.last_position() == before
    odd.point("refs/heads/main", odd.commit(odd.files({"a.md": b"C\n"}), [second]))
    assert_refused(odd, "beginning of this history is here already")
    odd.point("refs/heads/main", odd.commit(odd.files({"a.md": b"Another B\n"}), [first]))
    assert_refused(odd, "beginning of this history is here already")


@entry(142)
def test_a_third_repository_with_the_same_names_comes_in(odd: OddRepository) -> None:
    for number in range(4):
        alone(odd, {"README.md": b"%d\n" % number, "a.md": b"A\n"}, date=f"{number} +0000")
        assert import_git(odd.folder).pages == 2
    assert Article.objects.filter(name="README.md").count() == 4
    taken = {"readme-md", "a-md"}
    for page in Article.objects.all():
        plain = page.name.lower().replace(".", "-")
        assert page.slug in {plain, f"{plain}-{page.pk.hex[:8]}"}
        taken.discard(page.slug)
    assert not taken


@entry(143)
@pytest.mark.parametrize(
    "name", ["~x", "main@2026", "feature/a/b", "Main", "réf", "x" * 200, "a..b", "@{-1}"]
)
def test_names_of_branches_of_the_source_are_not_taken(odd: OddRepository, name: str) -> None:
    """A line goes by its youngest commit, which says where it comes from for good. So no name can
    collide, or mean something else.
    """
    first = odd.commit(odd.files({"a.md": b"A\n"}))
    side = odd.commit(odd.files({"b.md": b"B\n"}), [first])
    (odd.inner / "HEAD").write_text(f"ref: refs/heads/{name}\n")
    head = odd.commit(odd.files({"a.md": b"C\n"}), [first, side])
    odd.point(f"refs/heads/{name}", head)
    odd.point("refs/heads/main", first)
    odd.point("refs/heads/side", side)
    import_git(odd.folder)
    names = set(Branch.objects.values_list("name", flat=True))
    assert names == {"main", line_of(side), line_of(head)}
    assert pages() == {"a.md": "C\n"}


@entry(143)
@pytest.mark.parametrize(
    "ref", ["refs/heads/..", "../../secret", "refs/heads/a/../../x", "x", "refs/x\0y"]
)
def test_a_head_that_is_no_ref_of_its_own_is_refused(odd: OddRepository, ref: str) -> None:
    commit = alone(odd, {"a.md": b"A\n"})
    (odd.folder.parent / "secret").write_text(commit)
    for inside in ("x", "refs/x", "refs/heads/a/b"):
        odd.point(inside, commit)
    (odd.inner / "HEAD").write_text(f"ref: {ref}\n")
    assert_refused(odd, "names no commit|cannot be opened")


COMMITS = 1_000
"""Enough for some transactions: the first is seen, and the last is not there yet."""


@pytest.fixture
def long_history(odd: OddRepository) -> OddRepository:
    commit = odd.commit(odd.files({"a.md": b"Beginning\n"}))
    for number in range(COMMITS):
        commit = odd.commit(odd.files({"a.md": b"%d\n" % number}), [commit])
    odd.point("refs/heads/main", commit)
    return odd


def _importing(odd: OddRepository) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_git", str(odd.folder)],
        env=environment() | {"TMPDIR": str(odd.folder.parent)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def wait_until_the_log_is_locked(is_locked: bool) -> None:
    asked = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 7236118)"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(asked)
            if cursor.fetchone() == (is_locked,):
                return
        time.sleep(0.02)
    raise TimeoutError


@entry(145)
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_half_way_it_leaves_nothing_that_is_seen_and_goes_on(
    long_history: OddRepository,
) -> None:
    process = _importing(long_history)
    imported = Changeset.every.filter(kind="import")
    assert wait_until(imported.exists, 60)
    process.kill()
    process.communicate()
    wait_until_the_log_is_locked(False)
    begun = imported.count()
    assert 0 < begun <= COMMITS
    with reading_as(None):
        assert not Changeset.objects.filter(kind="import").exists()
        assert set(Branch.objects.values_list("name", flat=True)) == {"main"}
    assert pages() == {}
    assert audit().findings == ()
    assert import_git(long_history.folder).commits == COMMITS + 1
    assert imported.count() == COMMITS + 1
    assert pages() == {"a.md": f"{COMMITS - 1}\n"}
    assert audit().findings == ()


@entry(145)
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_finds_all_of_it_there(long_history: OddRepository) -> None:
    both = [_importing(long_history) for _ in range(2)]
    said = sorted(process.communicate()[0] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert f"{COMMITS + 1} commits" in said[0]
    assert "Everything in it is here already" in said[1]
    assert Changeset.objects.filter(kind="import").count() == COMMITS + 1
    assert Branch.every.count() == 2
    assert audit().findings == ()
