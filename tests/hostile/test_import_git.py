"""Repositories that attack whoever imports them, or are merely odder than anybody expects."""

import json
import os
import tracemalloc
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from eventstore.models import Changeset
from tests.hostile.importing import alone, assert_refused, pages
from tests.hostile.inputs import entries, entry
from tests.hostile.repositories import FILE, FOLDER, LINK, OddRepository
from wiki.exchange.git import bounds
from wiki.exchange.git.known import changeset_of
from wiki.exchange.git.loading import import_git
from wiki.models import Article

pytestmark = pytest.mark.django_db


@entry(127)
def test_what_is_git_s_own_in_disguise_is_no_page(odd: OddRepository) -> None:
    disguised = [
        ".git/hooks/post-checkout", ".GIT/config", "git~1/config", ".g\u200cit/config",
        ".git::$INDEX_ALLOCATION/x", "a/.git /x", "a/.git. ./y",
    ]  # fmt: skip
    content = b"#!/bin/sh\ntouch ran\n"
    first = alone(odd, {**dict.fromkeys(disguised, content), ".gitignore": b"x\n", "b": b"B\n"})
    report = import_git(odd.folder, glob="*")
    assert pages() == {".gitignore": "x\n", "b": "B\n"}
    where = f"has a name that only git's own files may have (commit {first[:12]})"
    assert report.skipped == dict.fromkeys(disguised, where)
    assert not list(odd.folder.rglob("post-checkout"))


@entry(128)
def test_a_link_is_neither_followed_nor_a_text(odd: OddRepository) -> None:
    (odd.folder.parent / "settings.py").write_text("SECRET_KEY = 'x'\n")
    link = odd.blob(b"../settings.py")
    links = {b"page.md": (LINK, link), b"folder": (LINK, odd.blob(b".."))}
    first = odd.commit(odd.tree(links))
    odd.point("refs/heads/main", first)
    assert_refused(odd, r"nothing was imported\. folder is a link to another file")
    both = odd.tree({**links, b"a.md": (FILE, odd.blob(b"A\n"))})
    odd.point("refs/heads/main", odd.commit(both, [first]))
    report = import_git(odd.folder, glob="*")
    assert pages() == {"a.md": "A\n"}
    assert report.skipped.keys() == {"page.md", "folder"}


@entry(128)
@pytest.mark.parametrize(
    "name", [".git", "HEAD", "packed-refs", "refs/heads/main", "objects", "objects/FAN"]
)
def test_no_link_leads_to_another_repository(odd: OddRepository, tmp_path: Path, name: str) -> None:
    """Whoever imports a stranger's folder has repositories of their own."""
    secret = OddRepository.begin(tmp_path / "secret")
    alone(secret, {"secret.md": b"Secret.\n"})
    alone(odd, {"a.md": b"A\n"})
    if name == "packed-refs":
        (odd.inner / "refs/heads/main").unlink()
        (secret.inner / name).write_text(f"{'1' * 40} refs/heads/main\n")
    name = name.replace("FAN", next(path.name for path in (odd.inner / "objects").glob("??")))
    if name.startswith("objects/"):
        (secret.inner / name).mkdir(exist_ok=True)
    ours = odd.folder / name if name == ".git" else odd.inner / name
    if ours.exists():
        ours.rename(tmp_path / "before")
    ours.symlink_to(secret.folder / name if name == ".git" else secret.inner / name)
    assert_refused(odd, "leads out of it")


@entry(130)
@pytest.mark.parametrize("branch", ["--output=x", "-x", "--upload-pack=touch ran"])
def test_no_name_is_taken_for_an_option(
    odd: OddRepository, branch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(odd.folder.parent)
    folder = odd.folder.rename(f"--upload-pack=touch ran{branch.replace('/', '')}")
    odd = OddRepository(folder)
    (odd.inner / "HEAD").write_text(f"ref: refs/heads/{branch}\n")
    odd.point(f"refs/heads/{branch}", odd.commit(odd.files({"-rf.md": b"A\n", "--x.md": b"B\n"})))
    call_command("import_git", "--", str(folder))
    assert pages() == {"-rf.md": "A\n", "--x.md": "B\n"}
    assert {path.name for path in Path.cwd().iterdir()} == {folder.name}


@entry(131)
def test_an_enormous_file_is_left_out_unread(odd: OddRepository) -> None:
    """The rest comes in: one file that no page can hold is no reason to refuse all others."""
    zeros = entries()[131].generated
    large: dict[bytes | str, bytes] = {f"{n}.md": b"%d" % n + b"x" * 1_000_000 for n in range(20)}
    alone(odd, {"zeros.md": zeros, **large, "a.md": b"A\n"})
    tracemalloc.start()
    try:
        report = import_git(odd.folder)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert pages() == {"a.md": "A\n"}
    assert report.skipped.keys() == {"zeros.md", *large}
    assert report.skipped["zeros.md"].startswith("has 8,000,000 bytes, and a page at most 200,000")
    assert peak < len(zeros) / 2


@entry(131)
def test_a_text_is_as_long_as_a_form_takes(odd: OddRepository) -> None:
    alone(odd, {"long.md": "ж".encode() * 200_000, "longer.md": b"x" * 200_001})
    report = import_git(odd.folder)
    assert pages() == {"long.md": "ж" * 200_000}
    assert report.skipped["longer.md"].startswith("has 200,001 characters")


@entry(131)
def test_texts_in_all_their_versions_have_a_bound(
    odd: OddRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_TEXT", 1_000)
    first = odd.commit(odd.files({"a.md": b"x" * 600}))
    second = odd.commit(odd.files({"a.md": b"y" * 600}), [first])
    odd.point("refs/heads/main", second)
    assert_refused(odd, f"Up to the commit {second} the files have more than 1,000 bytes")
    monkeypatch.setattr(bounds, "MOST_TEXT", 1_200)
    assert import_git(odd.folder).commits == 2


@entry(131)
def test_an_object_beyond_all_memory_is_a_sentence(
    odd: OddRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit or a tree is read whole by git, which has so much memory, and no more."""
    commit = alone(odd, {"a.md": b"A\n"})
    tree = odd.tree({})
    odd.point("refs/heads/main", odd.commit(tree, [commit], message=b"m" * 50_000_000))
    monkeypatch.setattr("wiki.exchange.git.isolation._LIMITED", 'ulimit -v 60000; exec git "$@"')
    assert_refused(odd, "git needs more than 1,000,000,000 bytes of memory")


@entry(131)
def test_an_object_that_never_ends_is_waited_for_so_long(
    odd: OddRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe in an object's place, to which nobody writes; all that git started ends with it."""
    alone(odd, {"a.md": b"A\n"})
    blob = odd.blob(b"A\n")
    path = odd.inner / "objects" / blob[:2] / blob[2:]
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr("wiki.exchange.git.isolation.MOST_SECONDS", 1)
    assert_refused(odd, "git took more than 1 seconds")
    with pytest.raises(OSError, match="No such device or address"):
        os.open(path, os.O_WRONLY | os.O_NONBLOCK)  # nobody reads it any more


@entry(133)
def test_many_refs_parents_and_roots_come_in(odd: OddRepository) -> None:
    first = odd.commit(odd.files({"a.md": b"A\n"}))
    roots = [odd.commit(odd.files({f"r{n}.md": b"R\n"})) for n in range(3)]
    sides = [odd.commit(odd.files({f"s{n}.md": b"S\n"}), [first]) for n in range(56)]
    octopus = odd.commit(odd.files({"a.md": b"O\n"}), [first, *sides, *roots])
    itself = odd.commit(odd.files({"a.md": b"I\n"}), [octopus, octopus])
    odd.point("refs/heads/main", itself)
    refs = "".join(f"{first} refs/heads/branch-{n}\n" for n in range(20_000))
    (odd.inner / "packed-refs").write_text(f"# pack-refs with: peeled\n{refs}")
    report = import_git(odd.folder)
    assert (report.commits, report.branches) == (62, 60)
    parents = Changeset.objects.get(pk=changeset_of(octopus)).parents
    assert parents == [changeset_of(each) for each in (first, *sides, *roots)]
    assert Changeset.objects.get(pk=changeset_of(itself)).parents == [changeset_of(octopus)]
    assert pages() == {"a.md": "I\n"}


@entry(133)
def test_thousands_of_commits_that_change_nothing_come_in(odd: OddRepository) -> None:
    tree = odd.files({"a.md": b"A\n"})
    commit = odd.commit(tree)
    for number in range(5_000):
        commit = odd.commit(tree, [commit], message=b"%d\n" % number)
    odd.point("refs/heads/main", commit)
    assert import_git(odd.folder).commits == 5_001
    assert Changeset.objects.get(pk=changeset_of(commit)).message == "4999"


@entry(133)
@pytest.mark.parametrize(
    ("bound", "most", "sentence"),
    [
        ("MOST_COMMITS", 5, "HEAD contains more than 5 commits"),
        ("MOST_LINES", 3, "runs along 4 lines, each of which would be a branch; 3 can be imported"),
        ("MOST_PARENTS", 3, "has more than 3 parents"),
        ("MOST_CHANGES", 5, "Up to the commit [0-9a-f]{40} more than 5 files were changed"),
    ],
)
def test_a_history_that_is_more_than_is_imported_is_refused_with_the_number(
    odd: OddRepository, monkeypatch: pytest.MonkeyPatch, bound: str, most: int, sentence: str
) -> None:
    first = odd.commit(odd.files({"a.md": b"A\n"}))
    sides = [odd.commit(odd.files({f"s{n}.md": b"S\n"}), [first]) for n in range(3)]
    merge = odd.commit(odd.files({"a.md": b"O\n"}), [first, *sides])
    odd.point("refs/heads/main", odd.commit(odd.files({"a.md": b"P\n"}), [merge]))
    monkeypatch.setattr(bounds, bound, most)
    assert_refused(odd, sentence)
    monkeypatch.setattr(bounds, bound, most + 10)
    assert import_git(odd.folder).commits == 6


@entry(133)
def test_trees_that_name_one_another_are_not_followed_to_their_end(
    odd: OddRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten files in ten folders in ten folders, and so on: 10^10 files in eleven objects."""
    tree = odd.tree({b"%d.md" % n: (FILE, odd.blob(b"x")) for n in range(10)})
    for depth in range(9):
        tree = odd.tree({b"%d" % n: (FOLDER, tree) for n in range(10)})
        if depth == 3:
            odd.point("refs/heads/main", odd.commit(tree))
            monkeypatch.setattr(bounds, "MOST_CHANGES", 20_000)
            assert_refused(odd, "more than 20,000 files were changed")
    odd.point("refs/heads/main", odd.commit(tree))
    # Git lists what one commit changed before it says a word, in what memory it has.
    monkeypatch.setattr("wiki.exchange.git.isolation._LIMITED", 'ulimit -v 99000; exec git "$@"')
    assert_refused(odd, "git needs more than 1,000,000,000 bytes of memory")


@entry(133)
@pytest.mark.parametrize(
    ("depth", "sentence"),
    [
        (3_000, "d/… has too long a path"),
        # Git itself ends so.
        pytest.param(20_000, "git was ended by SIG", marks=pytest.mark.slow),
    ],
)
def test_folders_within_folders_without_end_are_a_sentence(
    odd: OddRepository, depth: int, sentence: str
) -> None:
    tree = odd.files({"a.md": b"A\n"})
    for _ in range(depth):
        tree = odd.tree({b"d": (FOLDER, tree)})
    odd.point("refs/heads/main", odd.commit(tree))
    assert_refused(odd, sentence)


@entry(133)
def test_a_message_is_kept_as_far_as_pages_show_it(
    odd: OddRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    commit = odd.commit(odd.files({"a.md": b"A\n"}), message=b"m" * 5_000_000)
    odd.point("refs/heads/main", commit)
    call_command("import_git", str(odd.folder))
    kept = Changeset.objects.get(pk=changeset_of(commit)).message
    assert kept == "m" * bounds.LONGEST_MESSAGE
    assert f"The message of the commit {commit} was cut" in capsys.readouterr().err


@entry(134)
@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("0 +0000", "1970-01-01T00:00:00+00:00"),
        ("-1 +0000", "-1 +0000 (as in the source)"),
        ("2147483648 +0000", "2038-01-19T03:14:08+00:00"),
        ("9223372036854775808 +0000", "9223372036854775808 +0000 (as in the source)"),
        ("1 +9999", "1 +9999 (as in the source)"),
        ("4102444800 +0100", "2100-01-01T01:00:00+01:00"),
        ("253402300800 +0000", "253402300800 +0000 (as in the source)"),
        ("yesterday", "yesterday (as in the source)"),
        ("", "no date (as in the source)"),
    ],
)
def test_a_date_of_the_source_is_quoted_and_bends_nothing(
    odd: OddRepository, client: Client, date: str, told: str
) -> None:
    """The committer of each is of 1970, long before its parents' authors."""
    first = odd.commit(odd.files({"a.md": b"A\n"}))
    second = odd.commit(odd.files({"a.md": b"B\n"}), [first], date=date)
    odd.point("refs/heads/main", second)
    import_git(odd.folder)
    one, other = (Changeset.objects.get(pk=changeset_of(each)) for each in (first, second))
    assert json.loads(other.details)["authored_at"] == told
    assert one.recorded_at <= other.recorded_at
    assert one.pk < other.pk
    page = client.get(f"/changes/{other.pk}/")
    assert page.status_code == 200
    assert told in page.content.decode()
    assert client.get("/articles/a-md/history/").status_code == 200


@entry(136)
def test_names_that_are_nearly_one_are_a_page_each(odd: OddRepository) -> None:
    names: dict[bytes | str, bytes] = {
        "Ko\u0308ln.md": b"NFD", "K\u00f6ln.md": b"NFC", "A.md": b"Great", "a.md": b"Small",
        "a/index.md": b"Index", f"{'n' * 300}.md": b"Long", "ß.md": b"ss", "雪国列車.md": b"Snow",
        "\u202elmth.md": b"Turned", " .md": b"Blank",
    }  # fmt: skip
    alone(odd, {**names, b"K\xf6ln.md": b"Latin-1"})
    report = import_git(odd.folder)
    assert list(report.skipped) == [r"K\xf6ln.md"]
    held = {page.body: page for page in Article.objects.all()}
    assert held.keys() == {text.decode() for text in names.values()}
    slugs = {body: page.slug for body, page in held.items()}
    assert len(set(slugs.values())) == len(names)
    assert slugs["ss"] == "ss-md"
    assert slugs["Snow"] == f"article-{held['Snow'].pk.hex[:8]}"
    assert min(slugs["NFC"], slugs["NFD"]) == "koln-md"
    assert held["Long"].name == "n" * 200
    assert held["Turned"].name == "\ufffdlmth.md"
    for page in held.values():
        page.full_clean()


@entry(137)
def test_front_matter_is_text(odd: OddRepository, client: Client) -> None:
    """Nothing reads YAML here, so none of it explodes or constructs anything."""
    texts = {
        "laughs.md": entries()[137].generated,
        "object.md": "---\na: !!python/object/apply:os.system [touch ran]\n---\ntext\n",
        "twice.md": "---\na: 1\na: 2\n---\ntext\n",
        "deep.md": f"---\na: {'[' * 1_000}{']' * 1_000}\n---\ntext\n",
    }
    alone(odd, {path: text.encode() for path, text in texts.items()})
    assert import_git(odd.folder).skipped == {}
    assert pages() == texts
    for slug in Article.objects.values_list("slug", flat=True):
        assert client.get(f"/articles/{slug}/").status_code == 200
