"""A repository's history comes in whole: every page at every commit reads as in git."""

import os
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.environment import CHECKOUT
from eventstore import reading
from eventstore.models import Changeset
from projections.audit.auditing import audit
from tests.plans import count_rows
from versioning import viewpoint
from versioning.branches.changes import archive
from versioning.branches.fork import fork
from versioning.viewpoints.sql_views import LONGEST_CHAIN
from wiki.exchange.git.known import changeset_of
from wiki.exchange.git.loading import import_git
from wiki.exchange.git.repository import Blobs, opened
from wiki.models import Article

pytestmark = pytest.mark.django_db

SHARED = CHECKOUT.parent / "shared" / "data" / "opensource-guide.bundle"

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    def run(*arguments: str) -> str:
        settings = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
        command = ["git", "-C", str(tmp_path), *settings, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    run("init", "-q", "-b", "main")
    return run


def commit(git: Git, folder: Path, message: str, **files: str | None) -> str:
    for name, text in files.items():
        path = folder / f"{name}.md"
        if text is None:
            path.unlink()
        else:
            path.write_text(text, newline="")
    git("add", "-A")
    git("commit", "-q", "--allow-empty", "-m", message)
    return git("rev-parse", "HEAD").strip()


def line_of(head: str) -> str:
    """The branch that a HEAD's line of first parents became."""
    return f"git-{head[:12]}"


def texts() -> dict[str, str]:
    return dict(Article.objects.values_list("slug", "body"))


def test_lines_become_branches_and_merges_edges(git: Git, tmp_path: Path) -> None:
    # main  first ── second ─────── merged ── third
    #           └── side ───────────┘
    first = commit(git, tmp_path, "first", a="One.\r\n", b="B\n")
    git("checkout", "-q", "-b", "side")
    side = commit(git, tmp_path, "side", c="C\n")
    git("checkout", "-q", "main")
    second = commit(git, tmp_path, "second", a="Two.\r\n")
    git("merge", "-q", "--no-ff", "-m", "merged", "side")
    merged = git("rev-parse", "HEAD").strip()
    third = commit(git, tmp_path, "third", b=None)
    report = import_git(tmp_path)
    assert (report.commits, report.branches, report.pages) == (5, 2, 3)
    expected = {
        first: {"a-md": "One.\r\n", "b-md": "B\n"},
        second: {"a-md": "Two.\r\n", "b-md": "B\n"},
        merged: {"a-md": "Two.\r\n", "b-md": "B\n", "c-md": "C\n"},
        third: {"a-md": "Two.\r\n", "c-md": "C\n"},
    }
    for name, pages in expected.items():
        with viewpoint(line_of(third), at=f"c{changeset_of(name)}"):
            assert texts() == pages
        with viewpoint(at=f"c{changeset_of(name)}"):
            assert texts() == {}
    assert texts() == expected[third]
    edge = Changeset.objects.get(pk=changeset_of(merged))
    assert edge.parents == [changeset_of(second), changeset_of(side)]
    assert '"author": "Ann"' in edge.details
    assert audit().findings == ()


def test_a_second_run_changes_nothing(git: Git, tmp_path: Path) -> None:
    commit(git, tmp_path, "first", a="One.\n")
    import_git(tmp_path)
    before = reading.last_position()
    assert import_git(tmp_path).is_known
    assert reading.last_position() == before


def test_what_is_no_text_is_reported_and_the_rest_comes_in(git: Git, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"\xff\xfe\x00")
    first = commit(git, tmp_path, "first", a="One.\n")
    report = import_git(tmp_path)
    assert report.skipped == {"bad.md": f"is not UTF-8 (commit {first[:12]})"}
    assert [page.slug for page in Article.objects.all()] == ["a-md"]


def test_what_is_no_repository_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read as a git repository"):
        call_command("import_git", str(tmp_path))


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the shared data lies beside the checkout")
def test_a_real_history_reads_byte_for_byte(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(SHARED), str(clone)], check=True)
    import_git(clone)
    count_rows()
    line = subprocess.run(
        ["git", "-C", str(clone), "rev-list", "--first-parent", "--reverse", "HEAD"],
        check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    contents: dict[str, str] = {}
    held: dict[str, str] = {}
    with opened(clone) as repository, repository.blobs() as blobs:
        by_name = {commit.name: commit for commit in repository.commits()}
        commits = [by_name[name] for name in line]
        for commit, changes in zip(commits, repository.changes(commits), strict=True):
            ours = [change for change in changes if change.path.endswith(".md")]
            for change in ours:
                held.pop(change.path, None)
                if change.blob:
                    blob = change.blob
                    contents[blob] = contents.get(blob) or blobs.read(blob).decode()
                    held[change.path] = contents[blob]
            # Whatever changed is read; all of it, as far as it differs from the commit before.
            touched = [change.path for change in ours]
            with viewpoint(line_of(line[-1]), at=f"c{changeset_of(commit.name)}"):
                pages = dict(Article.objects.filter(name__in=touched).values_list("name", "body"))
                assert pages == {path: held[path] for path in touched if path in held}, commit
                assert Article.objects.count() == len(held), commit
        for commit in commits[::100]:
            _assert_reads_as_git(clone, blobs, commit.name, line_of(line[-1]))
    assert Changeset.objects.filter(kind="import").count() == len(by_name)
    assert audit().findings == ()


def _assert_reads_as_git(clone: Path, blobs: Blobs, name: str, branch: str) -> None:
    """Every page at a commit, told by git itself."""
    listing = subprocess.run(
        ["git", "-C", str(clone), "ls-tree", "-r", "-z", name],
        check=True, capture_output=True,
    ).stdout.decode().split("\0")  # fmt: skip
    files = {
        path: meta.split()[2]
        for meta, path in (line.split("\t") for line in listing if line)
        if path.endswith(".md") and meta.startswith("100")
    }
    with viewpoint(branch, at=f"c{changeset_of(name)}"):
        pages = dict(Article.objects.values_list("name", "body"))
    assert pages == {path: blobs.read(blob).decode() for path, blob in files.items()}


def test_roots_octopuses_renames_and_odd_names_come_in(git: Git, tmp_path: Path) -> None:
    # main   first ─── renamed ─────────── octopus ── joined ── last
    #            ├── one ─────────────────┤              │
    #            └── two ─────────────────┘    another root
    commit(git, tmp_path, "first", a="A\n")
    for name in ("one", "two"):
        git("checkout", "-q", "-b", name, "main")
        commit(git, tmp_path, name, **{name: f"{name}\n"})
    git("checkout", "-q", "main")
    (tmp_path / "a.md").rename(tmp_path / "Grüße & more [x].md")
    git("add", "-A")
    git("commit", "-q", "-m", "renamed")
    git("merge", "-q", "--no-ff", "-m", "octopus", "one", "two")
    octopus = git("rev-parse", "HEAD").strip()
    git("checkout", "-q", "--orphan", "other")
    git("rm", "-rfq", ".")
    commit(git, tmp_path, "another root", r="Root\n")
    git("checkout", "-q", "main")
    git("merge", "-q", "--allow-unrelated-histories", "-m", "joined", "other")
    joined = git("rev-parse", "HEAD").strip()
    git("commit", "-q", "--allow-empty", "-m", "Nothing of ours \u2028 changed")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "tab\there.md").write_text("Deep\n")
    (tmp_path / "link.md").symlink_to("r.md")
    last = commit(git, tmp_path, "last")
    Article.objects.create(slug="r-md", name="Was here before")
    report = import_git(tmp_path)
    assert (report.commits, report.branches) == (9, 4)
    pages = dict(Article.objects.values_list("name", "body"))
    assert pages == {
        "Grüße & more [x].md": "A\n", "one.md": "one\n", "two.md": "two\n", "r.md": "Root\n",
        "deep/er/tab\ufffdhere.md": "Deep\n", "Was here before": "",
    }  # fmt: skip
    assert len(Changeset.objects.get(pk=changeset_of(octopus)).parents) == 3
    assert len(Changeset.objects.get(pk=changeset_of(joined)).parents) == 2
    with viewpoint(line_of(last), at=f"c{changeset_of(joined)}"):
        assert "deep/er/tab\ufffdhere.md" not in Article.objects.values_list("name", flat=True)
    assert changeset_of(last) in Changeset.objects.latest("id").parents
    assert audit().findings == ()


def test_a_history_that_is_here_in_part_is_refused_with_a_sentence(
    git: Git, tmp_path: Path
) -> None:
    commit(git, tmp_path, "first", a="One.\n")
    import_git(tmp_path)
    commit(git, tmp_path, "second", a="Two.\n")
    before = reading.last_position()
    with pytest.raises(CommandError, match="beginning of this history is here already"):
        call_command("import_git", str(tmp_path))
    assert reading.last_position() == before


def test_two_histories_may_each_have_a_page_of_one_path(git: Git, tmp_path: Path) -> None:
    commit(git, tmp_path, "first", readme="One.\n")
    import_git(tmp_path)
    git("checkout", "-q", "--orphan", "other")
    commit(git, tmp_path, "another first", readme="Two.\n")
    import_git(tmp_path)
    assert sorted(Article.objects.values_list("body", flat=True)) == ["One.\n", "Two.\n"]


def test_a_pattern_that_nothing_matches_imports_nothing(git: Git, tmp_path: Path) -> None:
    commit(git, tmp_path, "first", a="One.\n")
    before = reading.last_position()
    with pytest.raises(CommandError, match=r"matches '\*\.txt', so nothing was imported"):
        call_command("import_git", str(tmp_path), path="*.txt")
    assert reading.last_position() == before
    assert import_git(tmp_path).pages == 1


def test_a_branch_that_is_archived_or_none_takes_no_history(git: Git, tmp_path: Path) -> None:
    commit(git, tmp_path, "first", a="One.\n")
    archive(fork("gone"))
    before = reading.last_position()
    with pytest.raises(CommandError, match=r"'gone' is archived\. Open it again"):
        call_command("import_git", str(tmp_path), branch="gone")
    import_git(tmp_path)
    with pytest.raises(CommandError, match="nowhere"):
        call_command("import_git", str(tmp_path), branch="nowhere")
    assert reading.last_position() > before


def test_what_can_be_no_page_is_named_and_the_rest_comes_in(git: Git, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("Café")
    for name in ("x", "y"):
        (tmp_path / f"{name}.md").write_bytes(b"caf\xe9")
    (tmp_path / "link.md").symlink_to("a.md")
    first = commit(git, tmp_path, "first", a="One.\n", new="New.\n")
    report = import_git(tmp_path, glob="*")
    where = f"(commit {first[:12]})"
    assert report.skipped == {
        r"caf\xe9.md": f"has a name that is not UTF-8 {where}",
        "x.md": f"is not UTF-8 {where}",
        "y.md": f"is not UTF-8 {where}",
        "link.md": f"is a link to another file {where}",
    }
    assert set(Article.objects.values_list("name", flat=True)) == {"a.md", "new.md"}


def test_a_repository_with_longer_names_comes_in(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        settings = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
        command = ["git", "-C", str(tmp_path), *settings, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    git("init", "-q", "-b", "main", "--object-format=sha256")
    commit(git, tmp_path, "first", a="One.\n")
    assert import_git(tmp_path).pages == 1
    assert Article.objects.get().body == "One.\n"


def test_an_address_that_means_something_else_is_not_taken(git: Git, tmp_path: Path) -> None:
    (tmp_path / "new").write_text("New.\n")
    commit(git, tmp_path, "first")
    import_git(tmp_path, glob="*")
    assert Article.objects.get().slug.startswith("article-")


def test_a_branch_that_has_the_name_of_a_line_is_named(git: Git, tmp_path: Path) -> None:
    commit(git, tmp_path, "first", a="One.\n")
    git("checkout", "-q", "-b", "side")
    side = commit(git, tmp_path, "side", b="B\n")
    git("checkout", "-q", "main")
    git("merge", "-q", "--no-ff", "-m", "merged", "side")
    fork(f"git-{side[:12]}")
    before = reading.last_position()
    with pytest.raises(CommandError, match=f"a branch called 'git-{side[:12]}' already"):
        call_command("import_git", str(tmp_path))
    assert reading.last_position() == before


def test_a_history_that_is_nested_too_deep_is_refused_whole(git: Git, tmp_path: Path) -> None:
    commit(git, tmp_path, "first", a="One.\n")
    lines = ["main", *(f"deep-{number}" for number in range(LONGEST_CHAIN))]
    for line in lines[1:]:
        git("checkout", "-q", "-b", line)
        commit(git, tmp_path, "deeper", **{line: "D\n"})
    for line, forked in reversed(list(pairwise(lines))):
        git("checkout", "-q", line)
        git("merge", "-q", "--no-ff", "-m", "merged", forked)
    before = reading.last_position()
    with pytest.raises(CommandError, match=f"more than {LONGEST_CHAIN - 1} ancestors"):
        call_command("import_git", str(tmp_path))
    assert reading.last_position() == before
