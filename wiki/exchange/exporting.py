"""The whole wiki at a viewpoint, written as files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventstore import reading, standing
from versioning.branches.documents import branch_kinds
from versioning.entities.kinds import Kind
from versioning.viewpoints.chain import Viewpoint, resolve
from versioning.viewpoints.entering import entered
from versioning.viewpoints.moments import position_of
from wiki.exchange.containers import Target, writing
from wiki.exchange.documents import records_of
from wiki.exchange.formats import FORMATS, Chunks, Encoding
from wiki.exchange.manifest import MANIFEST, ExportedFile, Manifest

Progress = Callable[[int, int], None]


def export(
    output: Path,
    encoding: Encoding,
    *,
    branch: str = "main",
    at: str | int | None = None,
    progress: Progress = lambda done, of: None,
) -> Manifest:
    """Write every kind, and a manifest, into a new folder or archive; all of it or nothing.

    Branches and proposals are not in it: they are about this log, and mean nothing in another.
    Two exports of one viewpoint are equal, byte for byte. Always of a position, a head's being
    the log's last one, so that what is written meanwhile changes nothing. Constant memory.
    Raises BadExport, NoSuchBranch, NoSuchMoment.
    """
    position = reading.last_position() if at is None else position_of(at)
    seen = resolve(branch, position)
    with writing(output) as target, entered(seen):
        written = _Written(target, encoding, progress)
        files = tuple(written.kind(kind) for kind in branch_kinds())
        manifest = Manifest(
            encoding=encoding,
            branch=seen.name,
            position=position,
            recorded_at=_recorded_at(seen),
            files=files,
        )
        target.write(MANIFEST, [manifest.text()])
    return manifest


def _recorded_at(seen: Viewpoint) -> Any:
    return standing.at_position(int(seen.position or 0)).recorded_at


@dataclass
class _Written:
    """The files, one kind after the other."""

    target: Target
    encoding: Encoding
    progress: Progress
    done: int = 0

    def __post_init__(self) -> None:
        self.total = sum(_rows(kind).count() for kind in branch_kinds())

    def kind(self, kind: Kind) -> ExportedFile:
        before = self.done
        name = f"{kind.label}.{self.encoding}"
        pieces = FORMATS[self.encoding].write(kind, self._counted(records_of(kind, _rows(kind))))
        written = self.target.write(name, pieces)
        return ExportedFile(
            name=name,
            kind=kind.label,
            count=self.done - before,
            bytes=written.bytes,
            sha256=written.sha256,
        )

    def _counted(self, chunks: Chunks) -> Iterator[Any]:
        for chunk in chunks:
            self.done += len(chunk)
            yield chunk
            self.progress(self.done, self.total)


def _rows(kind: Kind) -> Any:
    """Every entity of a kind, in an order that never changes."""
    return kind.model._default_manager.order_by("pk")
