"""Repositories that attack whoever imports them, or are merely odder than anybody expects."""

import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from config.embedded.processes import wait_until
from eventstore import reading
from eventstore.models import Changeset
from projections.audit.auditing import audit
from tests.hostile.inputs import entries, entry
from tests.hostile.repositories import FILE, FOLDER, LINK, OddRepository
from tests.served import environment
from versioning import viewpoint
from versioning.models import Branch
from versioning.viewpoints.readers import reading_as
from wiki.imports.git import bounds
from wiki.imports.git.known import changeset_of
from wiki.imports.git.loading import import_git
from wiki.imports.git.repository import opened
from wiki.models import Article

pytestmark = pytest.mark.django_db


@pytest.fixture
def odd(tmp_path: Path) -> OddRepository:
    return OddRepository.begin(tmp_path / "repository")


def alone(
    odd: OddRepository, files: Mapping[bytes | str, bytes], date: str = "1767225600 +0000"
) -> str:
    """One commit of some files, as HEAD."""
    commit = odd.commit(odd.files(files), date=date)
    odd.point("refs/heads/main", commit)
    return commit


def line_of(head: str) -> str:
    """The branch that a line of first parents became, by its youngest commit."""
    return f"git-{head[:12]}"


def pages() -> dict[str, str]:
    return dict(Article.objects.values_list("name", "body"))


def assert_refused(odd: OddRepository, sentence: str) -> None:
    before = reading.last_position()
    with pytest.raises(CommandError, match=sentence):
        call_command("import_git", str(odd.folder), path="*")
    assert reading.last_position() == before


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
    monkeypatch.setattr("wiki.imports.git.isolation._LIMITED", 'ulimit -v 60000; exec git "$@"')
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
    monkeypatch.setattr("wiki.imports.git.isolation.MOST_SECONDS", 1)
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
        ("MOST_LINES", 3, "told on 4 lines, each of which would be a branch; 3 can be imported"),
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
    monkeypatch.setattr("wiki.imports.git.isolation._LIMITED", 'ulimit -v 99000; exec git "$@"')
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


@entry(139)
def test_history_is_that_of_the_real_objects(odd: OddRepository) -> None:
    real = odd.commit(odd.files({"a.md": b"Real\n"}))
    head = odd.commit(odd.files({"a.md": b"Later\n"}), [real])
    odd.point("refs/heads/main", head)
    false = odd.commit(odd.files({"a.md": b"False\n"}), message=b"False\n")
    odd.point(f"refs/replace/{real}", false)
    odd.point("refs/notes/commits", odd.commit(odd.files({real: b"A note\n"})))
    odd.point("refs/pull/1/head", false)
    (odd.inner / "info").mkdir()
    (odd.inner / "info/grafts").write_text(f"{head}\n")
    (odd.inner / "info/refs").write_text(f"{false}\tHEAD\n")
    assert import_git(odd.folder).commits == 2
    with viewpoint(line_of(head), at=f"c{changeset_of(real)}"):
        assert pages() == {"a.md": "Real\n"}
    assert Changeset.objects.get(pk=changeset_of(real)).message == "A commit"
    assert not Changeset.objects.filter(recorded_details__contains=false).exists()


@entry(139)
def test_an_object_is_what_its_name_says(odd: OddRepository) -> None:
    """A name is computed anew: a file called after an object that holds another is refused."""
    alone(odd, {"a.md": b"Real\n"})
    real, false = odd.blob(b"Real\n"), odd.blob(b"False\n")
    path = odd.inner / "objects" / real[:2] / real[2:]
    path.write_bytes((odd.inner / "objects" / false[:2] / false[2:]).read_bytes())
    assert_refused(odd, "cannot be read as a git repository")


@entry(139)
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("objects/info/alternates", "borrows objects from another repository"),
        ("shallow", "shallow clone"),
        ("commondir", "worktree of another repository"),
    ],
)
def test_what_has_its_history_elsewhere_is_refused(
    odd: OddRepository, tmp_path: Path, name: str, sentence: str
) -> None:
    alone(odd, {"a.md": b"A\n"})
    (odd.inner / name).parent.mkdir(exist_ok=True)
    (odd.inner / name).write_text(f"{tmp_path}\n")
    assert_refused(odd, sentence)


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that leaves a trace, and an environment and a user that have git run it."""
    program = tmp_path / "trap"
    program.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{tmp_path}/ran'\nexit 0\n")
    program.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(f"[core]\n\tfsmonitor = {program}\n[log]\n\tshowSignature\n")
    for name, value in {
        "HOME": str(home), "GIT_EXTERNAL_DIFF": str(program), "GIT_SSH_COMMAND": str(program),
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "gpg.program",
        "GIT_CONFIG_VALUE_0": str(program), "GIT_PAGER": str(program), "GIT_EXEC_PATH": str(home),
        "GIT_TEMPLATE_DIR": str(home), "GIT_DIR": str(home), "GIT_TRACE2": str(tmp_path / "ran"),
        "GIT_OBJECT_DIRECTORY": str(home), "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(home),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return program


@entry(140)
def test_nothing_runs_that_a_repository_or_its_surroundings_name(
    odd: OddRepository, tmp_path: Path, trap: Path
) -> None:
    signature = b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n"
    attributes = b"* filter=evil diff=evil merge=evil export-subst\n"
    tree = odd.files({"a.md": b"$Format:%H$\n", ".gitattributes": attributes})
    odd.point("refs/heads/main", odd.commit(tree, more=signature))
    (odd.inner / "config").write_text(f"""
[core]
    repositoryformatversion = 1
    fsmonitor = {trap}
    hooksPath = {tmp_path}
    sshCommand = {trap}
    pager = {trap}
    attributesFile = {odd.folder}/.gitattributes
    worktree = {tmp_path}
    alternateRefsCommand = {trap}
[gpg]
    program = {trap}
[log]
    showSignature = true
[alias]
    log = !{trap}
[filter "evil"]
    smudge = {trap}
    clean = {trap}
    process = {trap}
[diff]
    external = {trap}
[diff "evil"]
    textconv = {trap}
    command = {trap}
[uploadpack]
    packObjectsHook = {trap}
[extensions]
    partialClone = origin
[remote "origin"]
    url = ext::{trap}
    promisor = true
    uploadpack = {trap}
[include]
    path = {tmp_path}/home/.gitconfig
""")
    (odd.inner / "hooks").mkdir()
    for hook in ("post-checkout", "reference-transaction", "pre-auto-gc", "post-index-change"):
        (odd.inner / "hooks" / hook).symlink_to(trap)
    import_git(odd.folder)
    assert pages() == {"a.md": "$Format:%H$\n"}
    assert not (tmp_path / "ran").exists()


@entry(140)
@pytest.mark.usefixtures("trap")
def test_what_a_partial_clone_lacks_is_fetched_from_nowhere(
    odd: OddRepository, tmp_path: Path
) -> None:
    missing = "1" * 40
    odd.point("refs/heads/main", odd.commit(odd.tree({b"a.md": (FILE, missing)})))
    (odd.inner / "config").write_text(
        f'[extensions]\n\tpartialClone = o\n[remote "o"]\n\tpromisor\n\turl = ext::{tmp_path}/trap'
    )
    assert_refused(odd, "cannot be read as a git repository")
    assert not (tmp_path / "ran").exists()


@entry(140)
@pytest.mark.skipif(os.getuid() != 0, reason="only root makes folders of others")
def test_a_folder_of_somebody_else_is_read_all_the_same(odd: OddRepository) -> None:
    """Nothing of it is believed, so it makes no difference whose it is (`safe.directory`)."""
    alone(odd, {"a.md": b"A\n"})
    for path in (odd.folder, *odd.folder.rglob("*")):
        os.chown(path, 65_534, 65_534)
    assert import_git(odd.folder).pages == 1


@entry(140)
def test_a_bundle_comes_in_alike(odd: OddRepository, tmp_path: Path) -> None:
    first = alone(odd, {"a.md": b"A\n"})
    bundle = tmp_path / "-b.bundle"
    command = ["git", "-C", str(odd.folder), "bundle", "create", "-q"]
    subprocess.run([*command, str(bundle), "HEAD"], check=True)
    content = bundle.read_bytes()
    for number, bad in enumerate((content[:-30], content[:20], b"# v3 git bundle\n\n", b"text")):
        other = tmp_path / f"bad-{number}"
        other.write_bytes(bad)
        with pytest.raises(CommandError, match="cannot be read as a git repository"):
            call_command("import_git", str(other))
    assert import_git(bundle).commits == 1
    assert changeset_of(first)
    assert import_git(odd.folder).is_known


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
    assert "Everything of it is here already" in said[1]
    assert Changeset.objects.filter(kind="import").count() == COMMITS + 1
    assert Branch.every.count() == 2
    assert audit().findings == ()


def test_what_is_read_leaves_nothing_behind(odd: OddRepository, tmp_path: Path) -> None:
    alone(odd, {"a.md": b"A\n"})
    before = sorted(tmp_path.rglob("*"))
    with opened(odd.folder) as repository:
        scratch = repository._git.scratch
        assert scratch.is_dir()
    assert not scratch.exists()
    assert sorted(tmp_path.rglob("*")) == before
