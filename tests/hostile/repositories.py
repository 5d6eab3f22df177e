"""Git repositories that git itself would not make, object by object.

Written without git: it checks names, modes and dates, and is slow for thousands of commits.
"""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FILE, LINK, FOLDER, SUBMODULE = b"100644", b"120000", b"40000", b"160000"


@dataclass(frozen=True)
class OddRepository:
    """A folder with a `.git`, whose HEAD names `main`."""

    folder: Path

    @classmethod
    def begin(cls, folder: Path) -> "OddRepository":
        made = cls(folder)
        (made.inner / "objects" / "pack").mkdir(parents=True)
        (made.inner / "refs" / "heads").mkdir(parents=True)
        (made.inner / "HEAD").write_text("ref: refs/heads/main\n")
        (made.inner / "config").write_text("[core]\n\trepositoryformatversion = 0\n")
        return made

    @property
    def inner(self) -> Path:
        return self.folder / ".git"

    def blob(self, content: bytes) -> str:
        return self._object(b"blob", content)

    def tree(self, entries: Mapping[bytes, tuple[bytes, str]]) -> str:
        """A tree of names, each with a mode and an object."""
        ordered = sorted(
            entries.items(), key=lambda each: each[0] + (b"/" if each[1][0] == FOLDER else b"")
        )
        return self._object(
            b"tree",
            b"".join(
                mode + b" " + name + b"\0" + bytes.fromhex(held) for name, (mode, held) in ordered
            ),
        )

    def files(self, files: Mapping[bytes | str, bytes]) -> str:
        """A tree of files in folders, as their paths say."""
        entries: dict[bytes, tuple[bytes, str]] = {}
        folders: dict[bytes, dict[bytes | str, bytes]] = {}
        for path, content in files.items():
            first, *rest = (path.encode() if isinstance(path, str) else path).split(b"/", 1)
            if rest:
                folders.setdefault(first, {})[rest[0]] = content
            else:
                entries[first] = (FILE, self.blob(content))
        entries |= {name: (FOLDER, self.files(held)) for name, held in folders.items()}
        return self.tree(entries)

    def commit(
        self,
        tree: str,
        parents: Sequence[str] = (),
        *,
        message: bytes = b"A commit\n",
        date: str = "1767225600 +0000",
        more: bytes = b"",
    ) -> str:
        """A commit; `date` is its author's, `more` are headers behind all others."""
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author Ann <a@example.org> {date}", "committer Ann <a@example.org> 1 +0000"]
        head = "".join(f"{line}\n" for line in lines).encode()
        return self._object(b"commit", head + more + b"\n" + message)

    def point(self, ref: str, commit: str) -> None:
        path = self.inner / ref
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{commit}\n")

    def _object(self, kind: bytes, content: bytes) -> str:
        whole = kind + b" %d\0" % len(content) + content
        name = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        path = self.inner / "objects" / name[:2] / name[2:]
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(zlib.compress(whole, 1))
        return name
