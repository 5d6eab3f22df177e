"""A folder or a bundle that somebody names, of which HEAD's history is brought into the store.

Of a folder nothing is believed but what its HEAD names and its objects: packs, their indexes and
single ones. All else that it holds (configuration, hooks, attributes, alternates, grafts, replace
refs, a commit graph) is left where it is. Git computes the name of every object anew as it comes.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from wiki.exchange.git.bounds import LARGEST_REFS
from wiki.exchange.git.isolation import Git

_NAME_OF_OBJECT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NAME_OF_PACK: Final = re.compile(r"pack-[0-9a-f]+\.(pack|idx)")
_FAN: Final = tuple(f"{number:02x}" for number in range(256))

_LONGEST_REF: Final = 4_096
"""Bytes of a file that holds one ref."""

_MOST_HOPS: Final = 5
"""From one ref that names another to the next, as git does."""

ELSEWHERE: Final = {
    "objects/info/alternates": "it borrows objects from another repository",
    "shallow": "it is a shallow clone, and lacks the beginning of its history",
    "commondir": "it is a worktree of another repository",
}
"""What a repository holds that has not all of its history itself."""


@contextmanager
def brought_in(place: Path) -> Iterator[Git]:
    """Git with a store that holds what HEAD of a place contains. Raises NotARepository."""
    with TemporaryDirectory(prefix="thrillwiki-git-") as scratch:
        git = Git(Path(scratch).resolve(), place)
        try:
            origin, object_format = _origin(place.resolve(), git)
        except (OSError, ValueError) as error:
            raise git.refusal(f"it cannot be opened ({error})") from None
        git.begin(git.store, object_format=object_format)
        git.read("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--end-of-options",
                 str(origin), "+HEAD:refs/heads/main")  # fmt: skip
        yield git


def _origin(place: Path, git: Git) -> tuple[Path, str]:
    """What to fetch from, an absolute path, and its hash function."""
    if place.is_dir():
        folder = _Folder(place, git)
        return folder.stand_in(), folder.object_format
    if not place.is_file():
        raise git.refusal("there is neither a folder nor a bundle")
    with place.open("rb") as file:
        beginning = file.read(_LONGEST_REF)
    if not beginning.startswith((b"# v2 git bundle\n", b"# v3 git bundle\n")):
        raise git.refusal("it is a file, but not a bundle made by git")
    return place, "sha256" if b"\n@object-format=sha256\n" in beginning else "sha1"


class _Folder:
    """A repository in a folder, read without git."""

    def __init__(self, place: Path, git: Git) -> None:
        self._git = git
        inner = place / ".git"
        if inner.is_file():
            raise git.refusal("its .git is a file, as in a worktree or a submodule")
        self._folder = (inner if inner.is_dir() else place).resolve()
        if not self._folder.is_relative_to(place):
            raise git.refusal(f"its .git leads out of it, to {self._folder}")
        for name, reason in ELSEWHERE.items():
            if (self._folder / name).exists():
                raise git.refusal(reason)
        self._head = self._commit_at_head()

    @property
    def object_format(self) -> str:
        return "sha256" if len(self._head) == 64 else "sha1"

    def stand_in(self) -> Path:
        """A repository of our own with this one's objects and HEAD, and nothing else of it."""
        beside = self._git.scratch / "origin"
        self._git.begin(beside, object_format=self.object_format)
        objects = self._inside("objects")
        for fan in _FAN:
            if (single := self._inside(f"objects/{fan}")).is_dir():
                (beside / "objects" / fan).symlink_to(single)
        for pack in (objects / "pack").glob("pack-*"):
            if _NAME_OF_PACK.fullmatch(pack.name):
                held = self._inside(f"objects/pack/{pack.name}")
                if held.is_file():
                    (beside / "objects" / "pack" / pack.name).symlink_to(held)
        (beside / "HEAD").write_text(f"{self._head}\n")
        return beside

    def _commit_at_head(self) -> str:
        name = "HEAD"
        for _ in range(_MOST_HOPS):
            held = self._ref(name)
            if _NAME_OF_OBJECT.fullmatch(held):
                return held
            if not held.startswith("ref:"):
                break
            name = held.removeprefix("ref:").strip()
            if not name.startswith("refs/") or {"", ".", ".."} & set(name.split("/")):
                break
        raise self._git.refusal("its HEAD names no commit")

    def _ref(self, name: str) -> str:
        """What a ref holds, in a file of its own or in that of many; nothing where none has it."""
        alone = self._inside(name)
        if alone.is_file():
            with alone.open("rb") as file:
                return file.read(_LONGEST_REF).decode("utf-8", "replace").strip()
        packed = self._inside("packed-refs")
        if not packed.is_file():
            return ""
        with packed.open("rb") as file:
            content = file.read(LARGEST_REFS + 1)
        if len(content) > LARGEST_REFS:
            raise self._git.refusal(f"its packed-refs is larger than {LARGEST_REFS:,} bytes")
        line = re.search(
            rb"^([0-9a-f]+) " + re.escape(name.encode()) + rb"$", content, re.MULTILINE
        )
        return line[1].decode() if line else ""

    def _inside(self, name: str) -> Path:
        """A file or folder of the repository, which may not be a way out of it."""
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder):
            raise self._git.refusal(f"its {name} leads out of it, to {path}")
        return path
