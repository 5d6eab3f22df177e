"""What an export says of itself: which viewpoint, how much of each kind, and each file's hash."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eventstore.errors import Refusal

MANIFEST = "manifest.json"

FORMAT_VERSION = 1
"""Goes up when a file means something else than it did; kinds and fields are not part of it."""


class BadExport(Refusal):
    """What was given is no export, or not a whole one; the message is a sentence."""

    code = "bad-export"
    status = 400
    hint = "Correct what it names, and run the command again."


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExportedFile(_Said):
    """One kind's records."""

    # A name and no path: what is read stays inside the export.
    name: Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$", max_length=200)]
    kind: str
    count: Annotated[int, Field(ge=0)]
    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Manifest(_Said):
    """The export as a whole. It holds nothing of when or where it was made: only what was read."""

    format: Literal["thrillwiki-export"] = "thrillwiki-export"
    format_version: int = FORMAT_VERSION
    encoding: Literal["json", "csv", "jsonl"]
    branch: str
    position: Annotated[int, Field(ge=0)]
    recorded_at: datetime | None
    files: tuple[ExportedFile, ...]

    @property
    def count(self) -> int:
        return sum(file.count for file in self.files)

    @property
    def viewpoint(self) -> str:
        """Where it is from, in words."""
        when = f", recorded on {self.recorded_at:%-d %B %Y, %H:%M} UTC" if self.recorded_at else ""
        return f"{self.branch} at position {self.position}{when}"

    def text(self) -> str:
        return f"{self.model_dump_json(indent=2)}\n"


def read_manifest(text: bytes) -> Manifest:
    """A manifest. Raises BadExport."""
    try:
        found = Manifest.model_validate_json(text)
    except ValidationError as refused:
        first = refused.errors()[0]
        where = ".".join(map(str, first["loc"])) or "as a whole"
        raise BadExport(
            f"{MANIFEST} is not the manifest of an export: {where}: {first['msg']}."
        ) from None
    if found.format_version != FORMAT_VERSION:
        raise BadExport(
            f"The export is of format version {found.format_version}; this wiki reads version "
            f"{FORMAT_VERSION}."
        )
    return found
