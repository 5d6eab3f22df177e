"""Where an export's files lie: in a folder, or in a ZIP archive.

What is written appears as a whole or not at all: it is made beside its place, under a name that
begins with a dot, and renamed.
"""

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from wiki.exchange.manifest import BadExport

ARCHIVE = ".zip"
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Others may ask for gigabytes before they give a byte."""

_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of everything in an archive: equal exports are equal archives."""


@dataclass(frozen=True)
class Written:
    """A file's size and hash, counted while it was written."""

    bytes: int
    sha256: str


class Target(Protocol):
    """Takes files, one after the other."""

    def write(self, name: str, pieces: Iterable[str]) -> Written: ...


class Source(Protocol):
    """Gives files back."""

    def open(self, name: str) -> IO[bytes]:
        """Raises BadExport where there is no such file."""


@contextmanager
def writing(output: Path) -> Iterator[Target]:
    """A new folder, or archive where the name ends in `.zip`. Raises BadExport."""
    is_archive = output.suffix.lower() == ARCHIVE
    _require_place_for(output, is_archive=is_archive)
    try:
        beside = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    except OSError as error:
        raise BadExport(f"{output} cannot be written: {error.strerror or error}.") from None
    made = beside / "export"
    try:
        with ExitStack() as stack:
            if is_archive:
                archive = zipfile.ZipFile(made, "x", zipfile.ZIP_DEFLATED)
                yield _Archive(stack.enter_context(archive))
            else:
                made.mkdir()
                yield _Folder(made)
        if _is_there(output):
            raise BadExport(f"{output} was made by somebody else meanwhile; nothing was written.")
        made.rename(output)
    except OSError as error:
        raise BadExport(f"{output} cannot be written: {error.strerror or error}.") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def reading(place: Path) -> Iterator[Source]:
    """A folder or an archive. Raises BadExport."""
    if place.is_dir():
        yield _Folder(place)
        return
    if not place.exists():
        raise BadExport(f"There is no {place}.")
    try:
        with zipfile.ZipFile(place) as archive:
            yield _Archive(archive)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError):
        raise BadExport(
            f"{place} is neither a folder nor a ZIP archive that can be read."
        ) from None
    except OSError as error:
        raise BadExport(f"{place} cannot be read: {error.strerror or error}.") from None


def digest(file: IO[bytes], most: int) -> Written:
    """A file's size and hash, in constant memory.

    What has more than `most` bytes is not read on: a few of an archive's may become any number.
    """
    hashed, size = hashlib.sha256(), 0
    while size <= most and (block := file.read(1 << 20)):
        hashed.update(block)
        size += len(block)
    return Written(size, hashed.hexdigest())


def _require_place_for(output: Path, *, is_archive: bool) -> None:
    if _is_there(output):
        raise BadExport(f"{output} exists already.", "Name another place, or remove it first.")
    if not output.parent.is_dir():
        raise BadExport(f"There is no folder {output.parent} to write into.")
    if output.suffix.lower() in (".json", ".jsonl", ".csv") and not is_archive:
        raise BadExport(
            f"An export is several files: name a folder, or an archive ({output.stem}{ARCHIVE})."
        )


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


@dataclass(frozen=True)
class _Folder:
    path: Path

    def write(self, name: str, pieces: Iterable[str]) -> Written:
        with (self.path / name).open("xb") as file:
            written = _copy(pieces, file)
            file.flush()
            os.fsync(file.fileno())
        return written

    def open(self, name: str) -> IO[bytes]:
        try:
            return (self.path / name).open("rb")
        except OSError as error:
            raise BadExport(f"{self.path / name} cannot be read: {error.strerror}.") from None


@dataclass(frozen=True)
class _Archive:
    archive: zipfile.ZipFile

    def write(self, name: str, pieces: Iterable[str]) -> Written:
        entry = zipfile.ZipInfo(name, _NO_TIME)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        with self.archive.open(entry, "w", force_zip64=True) as file:
            return _copy(pieces, file)

    def open(self, name: str) -> IO[bytes]:
        try:
            entry = self.archive.getinfo(name)
            if entry.compress_type not in _COMPRESSIONS:
                raise BadExport(
                    f"{self.archive.filename}: {name} is compressed in a way that no export is."
                )
            return self.archive.open(entry)
        except KeyError:
            raise BadExport(f"{self.archive.filename} holds no {name}.") from None
        except RuntimeError:
            raise BadExport(f"{self.archive.filename} is locked with a password.") from None


def _copy(pieces: Iterable[str], file: IO[bytes]) -> Written:
    hashed, size = hashlib.sha256(), 0
    for piece in pieces:
        data = piece.encode()
        file.write(data)
        hashed.update(data)
        size += len(data)
    return Written(size, hashed.hexdigest())


class HashedLines(io.RawIOBase):
    """A file that knows, when it was read to its end, what the hash of all of it is."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._hash = file, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        self._hash.update(data)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()
