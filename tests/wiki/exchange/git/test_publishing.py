"""A repository comes in at one moment, however long it takes, and wherever it was interrupted."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from eventstore.models import Changeset, ChangesetKind
from projections.audit.auditing import audit
from projections.rebuild import rebuild
from tests.hostile.repositories import OddRepository
from versioning import acting_as, branch_context, viewpoint
from versioning.branches import changes, privacy
from versioning.branches.aside import StandsAside, unfinished
from versioning.branches.deriving import Verdict, derive
from versioning.branches.fork import NameTaken, fork
from versioning.branches.merge import MergePlan, NothingToMerge, merge, plan_merge
from versioning.branches.sync import sync
from versioning.entities.kinds import kind_of
from versioning.models import Branch
from versioning.saving.context import BranchIsClosed
from versioning.viewpoints.readers import reading_as
from versioning.viewpoints.versions import unsuppressed_rows_in
from wiki.exchange.git import publishing, recording
from wiki.exchange.git.known import changeset_of
from wiki.exchange.git.lines import Line, lines_of
from wiki.exchange.git.loading import import_git
from wiki.exchange.git.repository import opened
from wiki.models import Article

pytestmark = pytest.mark.django_db

ONE_AT_A_TIME = -1.0
"""Seconds after which a transaction takes no more commits, so that it takes one."""

OWNER, MEMBER = 11, 12


class Interrupted(Exception):
    """An import ends, as by Ctrl-C or the end of its process."""


@pytest.fixture
def odd(tmp_path: Path) -> OddRepository:
    return OddRepository.begin(tmp_path / "repository")


@pytest.fixture
def history(odd: OddRepository) -> OddRepository:
    """A page deleted and brought back, a merge, and a root beside the first."""

    # main   first ── gone ── back ──── merged ── joined
    #            └── side ── more ──────┘         │
    #                                   root ─────┘
    def made(files: dict[bytes | str, bytes], *parents: str) -> str:
        return odd.commit(odd.files(files), parents, message=b"%d\n" % len(files))

    first = made({"a.md": b"One\nTwo\n", "b.md": b"B\n"})
    side = made({"a.md": b"One\nTwo\n", "b.md": b"B\n", "c.md": b"C\n"}, first)
    more = made({"a.md": b"One\nTwo\n", "b.md": b"BB\n", "c.md": b"C\n"}, side)
    gone = made({"a.md": b"One\nTwo\n"}, first)
    back = made({"a.md": b"One\nTwo\nThree\n", "b.md": b"B\n"}, gone)
    merged = made({"a.md": b"One\nTwo\nThree\n", "b.md": b"BB\n", "c.md": b"C\n"}, back, more)
    root = made({"r.md": b"R\n"})
    joined = made(
        {"a.md": b"One\n2\nThree\n", "b.md": b"BB\n", "c.md": b"C\n", "r.md": b"R\n"}, merged, root
    )
    odd.point("refs/heads/main", joined)
    return odd


COMMITS = 8
PAGES = {"a-md": "One\n2\nThree\n", "b-md": "BB\n", "c-md": "C\n", "r-md": "R\n"}


def texts() -> dict[str, str]:
    return dict(Article.objects.values_list("slug", "body"))


def told_of_imports() -> list[tuple[Any, ...]]:
    """What everybody reads of commits: each with its pages, by names instead of numbers."""
    with reading_as(None):
        commits = Changeset.objects.filter(kind=ChangesetKind.IMPORT).order_by("id")
        names = dict(Branch.objects.values_list("number", "name"))
        git_of = {each.pk: json.loads(each.details)["git"] for each in commits}
        return [
            (git_of[each.pk], names[each.branch], each.message, _parents(each, git_of), _at(each))
            for each in commits
        ]


def _parents(changeset: Changeset, git_of: Mapping[int, str]) -> list[str]:
    return [git_of[parent] for parent in changeset.parents if parent in git_of]


def _at(changeset: Changeset) -> dict[str, str]:
    """The pages as a changeset left them, on its branch."""
    name = Branch.objects.get(number=changeset.branch).name
    with viewpoint(name, at=f"c{changeset.pk}"):
        return texts()


def seen() -> tuple[set[str], int, dict[str, str]]:
    """What somebody without an account finds of an import."""
    with reading_as(None):
        return (
            set(Branch.objects.values_list("name", flat=True)),
            Changeset.objects.exclude(branch=0).exclude(kind=ChangesetKind.EDIT).count(),
            texts(),
        )


def interrupted(odd: OddRepository, after: int, **options: Any) -> None:
    """An import that ends after so many commits, each of which was a transaction."""

    def progress(done: int, _: int) -> None:
        if done == after:
            raise Interrupted

    with pytest.raises(Interrupted):
        import_git(odd.folder, progress=progress, **options)


def importing(odd: OddRepository, meanwhile: Callable[[], object], **options: Any) -> None:
    """An import in the middle of which somebody does something."""

    def progress(done: int, _: int) -> None:
        if done == 3:
            meanwhile()

    import_git(odd.folder, progress=progress, **options)


@pytest.fixture(autouse=True)
def _one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "LONGEST_CHUNK", ONE_AT_A_TIME)


@pytest.mark.parametrize("after", range(1, COMMITS))
def test_wherever_it_ends_nothing_is_seen_and_another_run_brings_in_all(
    history: OddRepository, after: int
) -> None:
    before = seen()
    interrupted(history, after)
    assert Changeset.every.filter(kind=ChangesetKind.IMPORT).count() == after
    assert seen() == before
    assert audit().findings == ()
    assert import_git(history.folder).commits == COMMITS
    assert texts() == PAGES
    assert Changeset.every.filter(kind=ChangesetKind.IMPORT).count() == COMMITS
    assert not unfinished().exists()
    assert audit().findings == ()
    assert rebuild().mended == 0
    assert import_git(history.folder).is_known


def test_it_comes_to_the_same_with_and_without_an_interruption(history: OddRepository) -> None:
    with transaction.atomic():
        import_git(history.folder)
        whole = told_of_imports()
        transaction.set_rollback(True)
    interrupted(history, 2)
    interrupted(history, 5)
    import_git(history.folder)
    assert told_of_imports() == whole


def test_a_history_that_has_grown_since_comes_in_without_what_was_begun(
    history: OddRepository,
) -> None:
    interrupted(history, 5)
    (head,) = {each.name for each in unfinished()} & {f"git-{head_of(history)[:12]}"}
    files: dict[bytes | str, bytes] = {"a.md": b"Grown\n"}
    grown = history.commit(history.files(files), [head_of(history)])
    history.point("refs/heads/main", grown)
    import_git(history.folder)
    assert texts() == {"a-md": "Grown\n"}
    assert Changeset.objects.get(pk=changeset_of(grown)).kind == ChangesetKind.IMPORT
    with reading_as(None):
        assert not Branch.objects.filter(name=head).exists()
        assert Changeset.objects.filter(kind=ChangesetKind.IMPORT).count() == COMMITS + 1
    assert audit().findings == ()


def test_nothing_is_left_unfinished_of_a_history_that_has_grown(odd: OddRepository) -> None:
    """Of one line: the younger HEAD's has another name."""
    commits: list[str] = []
    for number in range(3):
        files: dict[bytes | str, bytes] = {"a.md": b"%d\n" % number}
        commits.append(odd.commit(odd.files(files), commits[-1:]))
    odd.point("refs/heads/main", commits[1])
    interrupted(odd, 1)
    odd.point("refs/heads/main", commits[2])
    import_git(odd.folder)
    assert texts() == {"a-md": "2\n"}
    assert not unfinished().exists()


def head_of(odd: OddRepository) -> str:
    return (odd.inner / "refs/heads/main").read_text().strip()


def test_other_files_of_it_come_in_without_what_was_begun(history: OddRepository) -> None:
    interrupted(history, 5, glob="*")
    import_git(history.folder, glob="a.md")
    assert texts() == {"a-md": PAGES["a-md"]}
    assert len(told_of_imports()) == COMMITS
    assert audit().findings == ()


def test_what_somebody_wrote_on_it_is_not_gone_on_from(history: OddRepository) -> None:
    """Moderators see what stands aside, and can open it, as any branch."""
    interrupted(history, 5)
    line = unfinished().order_by("number")[0]
    with pytest.raises(BranchIsClosed), branch_context(line.name):
        Article.objects.create(slug="x", name="X")
    changes.reopen(line)
    with branch_context(line.name):
        Article.objects.create(slug="x", name="X")
    import_git(history.folder)
    assert texts() == PAGES
    assert audit().findings == ()


def test_of_another_repository_nothing_is_withdrawn(history: OddRepository, tmp_path: Path) -> None:
    interrupted(history, 5)
    begun = set(unfinished().values_list("name", flat=True))
    other = OddRepository.begin(tmp_path / "other")
    other.point("refs/heads/main", other.commit(other.files({"o.md": b"O\n"})))
    import_git(other.folder)
    assert texts() == {"o-md": "O\n"}
    assert set(unfinished().values_list("name", flat=True)) == begun
    import_git(history.folder)
    assert texts() == {**PAGES, "o-md": "O\n"}


def test_an_address_that_was_taken_meanwhile_stays_whose_it_is(history: OddRepository) -> None:
    def write() -> None:
        Article.objects.create(slug="a-md", name="Ours", body="Ours\n")
        Article.objects.create(slug="unlike", name="Unlike")

    importing(history, write)
    ours, theirs = Article.objects.get(name="Ours"), Article.objects.get(name="a.md")
    assert (ours.slug, theirs.slug) == ("a-md", f"a-md-{theirs.pk.hex[:8]}")
    assert texts() == {**PAGES, "a-md": "Ours\n", theirs.slug: PAGES["a-md"], "unlike": ""}
    merged = Changeset.objects.get(kind=ChangesetKind.MERGE)
    assert derive(merged).verdict is Verdict.SAME
    with pytest.raises(NothingToMerge):
        merge(Branch.objects.get(merged_position__isnull=False))
    assert audit().findings == ()


def test_longer_addresses_that_were_taken_meanwhile_stay_too(history: OddRepository) -> None:
    def write() -> None:
        page_id = rows_of("a.md").entity_id
        for slug in ("a-md", f"a-md-{page_id.hex[:8]}", "c-md"):
            Article.objects.create(slug=slug, name="Ours")

    importing(history, write)
    page, other = Article.objects.get(name="a.md"), Article.objects.get(name="c.md")
    assert (page.slug, other.slug) == (page.pk.hex, f"c-md-{other.pk.hex[:8]}")
    assert derive(Changeset.objects.get(kind=ChangesetKind.MERGE)).verdict is Verdict.SAME


@pytest.fixture
def at_the_last_moment(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Lets others work when the merge is planned, and the log is not locked yet."""

    def let(work: Callable[[], object]) -> None:
        def planning(source: Branch) -> MergePlan:
            planned = plan_merge(source)
            monkeypatch.undo()
            work()
            return planned

        monkeypatch.setattr(publishing, "plan_merge", planning)

    return let


def test_an_address_that_is_taken_at_the_last_moment_stays_whose_it_is(
    history: OddRepository, at_the_last_moment: Callable[[Callable[[], object]], None]
) -> None:
    at_the_last_moment(lambda: Article.objects.create(slug="a-md", name="Ours"))
    import_git(history.folder)
    assert Article.objects.get(name="a.md").slug.startswith("a-md-")
    assert derive(Changeset.objects.get(kind=ChangesetKind.MERGE)).verdict is Verdict.SAME


def test_a_target_that_is_synced_at_the_last_moment_gets_it(
    history: OddRepository, at_the_last_moment: Callable[[Callable[[], object]], None]
) -> None:
    target = fork("target")
    Article.objects.create(slug="a-md", name="Ours")
    at_the_last_moment(lambda: sync(target))
    import_git(history.folder, branch="target")
    with viewpoint("target"):
        assert {page.name for page in Article.objects.all()} == {
            "a.md", "b.md", "c.md", "r.md", "Ours",
        }  # fmt: skip
    assert audit().findings == ()


def rows_of(name: str) -> Any:
    """The first version of a page, on whatever branch."""
    return unsuppressed_rows_in(kind_of(Article)).filter(name=name).order_by("valid_from")[0]


def test_who_wrote_a_passage_is_told_by_its_commit(history: OddRepository) -> None:
    import_git(history.folder)
    page = Article.objects.get(slug="a-md")
    (version,) = page.history.all()
    assert version.changeset.kind == ChangesetKind.MERGE
    told = [
        (each.value, json.loads(each.changeset.details)["author"], each.changeset.pk)
        for each in page.history.blame("body")
    ]
    of = {each[0]: Changeset.objects.get(pk=each[2]).message for each in told}
    assert [value for value, _, _ in told] == ["One\n", "2\n", "Three\n"]
    assert {author for _, author, _ in told} == {"Ann"}
    assert len({changeset for _, _, changeset in told}) == 3
    assert of == {"One\n": "2", "2\n": "4", "Three\n": "2"}
    assert {each.merged_by for each in page.history.blame("body")} == {version.changeset}


def test_a_target_that_was_archived_meanwhile_gets_it_once_it_is_open(
    history: OddRepository,
) -> None:
    target = fork("target")
    with pytest.raises(BranchIsClosed):
        importing(history, lambda: changes.archive(target), branch="target")
    assert seen()[0] == {"main", "target"}
    changes.reopen(target)
    import_git(history.folder, branch="target")
    with viewpoint("target"):
        assert texts() == PAGES
    assert texts() == {}
    assert audit().findings == ()


def test_a_target_that_was_synced_meanwhile_gets_it(history: OddRepository) -> None:
    target = fork("target")
    Article.objects.create(slug="a-md", name="Ours")
    importing(history, lambda: sync(target), branch="target")
    with viewpoint("target"):
        page = Article.objects.get(name="a.md")
        assert texts() == {**PAGES, page.slug: PAGES["a-md"], "a-md": ""}
    assert audit().findings == ()


def test_a_name_that_was_taken_meanwhile_is_waited_for(history: OddRepository) -> None:
    names = {line.name for line in lines_in(history)}
    begun = unfinished().values_list("name", flat=True)

    def take() -> None:
        fork(min(names.difference(begun)))

    with pytest.raises(NameTaken):
        importing(history, take)
    (taken,) = seen()[0] - {"main"}
    changes.rename(Branch.objects.get(name=taken), "mine")
    import_git(history.folder)
    assert texts() == PAGES


def lines_in(odd: OddRepository) -> set[Line]:
    with opened(odd.folder) as repository:
        return set(lines_of(repository.commits(), repository.head).values())


def test_nobody_decides_who_sees_what_is_not_finished(history: OddRepository) -> None:
    interrupted(history, 5)
    line = unfinished().order_by("number")[0]
    for act in (privacy.make_public, lambda each: privacy.invite(each, MEMBER)):
        with pytest.raises(StandsAside, match="an import has not finished"):
            act(line)


def test_a_private_branch_gets_it_for_its_members(history: OddRepository) -> None:
    with acting_as(OWNER):
        target = fork("target", is_private=True)

    def invite() -> None:
        privacy.invite(target, MEMBER)
        with reading_as(MEMBER):
            assert set(Branch.objects.values_list("name", flat=True)) == {"main", "target"}

    importing(history, invite, branch="target")
    assert seen()[0] == {"main"}
    for account in (OWNER, MEMBER):
        with reading_as(account):
            assert Branch.objects.count() == 2 + len(lines_in(history))
            with viewpoint("target"):
                assert texts() == PAGES


def test_a_page_of_it_is_a_page_of_the_wiki_alone_at_the_end(
    history: OddRepository, client: Client
) -> None:
    Article.objects.create(slug="old", name="Old")
    addresses = ["/branches/", "/articles/", "/changes/", "/changes/feed/", "/articles/a-md/"]
    before = [_content(client, each) for each in addresses]
    interrupted(history, 5)
    line = unfinished().order_by("number")[0].name
    assert [_content(client, each) for each in addresses] == before
    assert client.get(f"/~{line}/articles/").status_code == 404
    assert client.get(f"/branches/{line}/").status_code == 404
    import_git(history.folder)
    assert client.get(f"/~{line}/articles/a-md/history/").status_code == 200
    assert "Ann" in client.get("/articles/a-md/blame/").content.decode()
    assert all(_content(client, each) != was for each, was in zip(addresses, before, strict=True))


def _content(client: Client, address: str) -> tuple[int, bytes]:
    answer = client.get(address)
    return answer.status_code, answer.content


def test_administrators_see_what_stands_aside(history: OddRepository, admin_client: Client) -> None:
    interrupted(history, 5)
    line = unfinished().order_by("number")[0].name
    said = admin_client.get(f"/branches/{line}/").content.decode()
    assert "Nobody sees this branch but moderators" in said
    assert line in admin_client.get("/branches/?archived=1").content.decode()
