"""What a repository names is not run, not fetched, and not believed."""

import os
import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from eventstore.models import Changeset
from tests.hostile.importing import alone, assert_refused, line_of, pages
from tests.hostile.inputs import entry
from tests.hostile.repositories import FILE, OddRepository
from versioning import viewpoint
from wiki.exchange.git.known import changeset_of
from wiki.exchange.git.loading import import_git
from wiki.exchange.git.repository import opened

pytestmark = pytest.mark.django_db


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


def test_what_is_read_leaves_nothing_behind(odd: OddRepository, tmp_path: Path) -> None:
    alone(odd, {"a.md": b"A\n"})
    before = sorted(tmp_path.rglob("*"))
    with opened(odd.folder) as repository:
        scratch = repository._git.scratch
        assert scratch.is_dir()
    assert not scratch.exists()
    assert sorted(tmp_path.rglob("*")) == before
