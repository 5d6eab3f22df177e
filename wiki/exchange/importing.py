"""An export into a wiki that has none of its entities: the same ids, addresses and documents.

Read three times, each time in constant memory but for ids and addresses: for the hashes; for
every value, against its field and against each other; and to be appended, which alone holds the
log's lock. One changeset, all or nothing.
"""

import io
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from eventstore.models import ChangesetKind
from eventstore.types import Version
from versioning.branches.constraints import unique_fields
from versioning.branches.documents import branch_kinds
from versioning.entities.changes import Change, Operation
from versioning.entities.kinds import Document, Kind
from versioning.entities.values import ReferringField
from versioning.saving.batches import chunks
from versioning.saving.context import branch_context
from versioning.viewpoints.chain import Viewpoint, resolve
from versioning.viewpoints.entering import entered
from versioning.viewpoints.versions import rows_in
from wiki.exchange.checking import Refused, checked, document_of, references_of
from wiki.exchange.containers import HashedLines, Source, digest, reading
from wiki.exchange.documents import CHUNK, ids_in
from wiki.exchange.formats import FORMATS, BadLine, Read
from wiki.exchange.manifest import MANIFEST, BadExport, ExportedFile, Manifest, read_manifest

Progress = Callable[[int, int], None]

LONGEST_MANIFEST = 1_000_000
"""Bytes."""


@dataclass(frozen=True)
class Imported:
    """What came in: how many of each kind, from which viewpoint; the changeset, if one was made."""

    counts: Mapping[str, int]
    manifest: Manifest
    changeset: int | None


def import_export(
    place: Path,
    *,
    branch: str = "main",
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
) -> Imported:
    """Bring an export in, or say why not. Raises BadExport, NoSuchBranch."""
    at = resolve(branch)
    if not at.is_open:
        raise BadExport(f"The branch {branch!r} is archived.", "Open it again first.")
    with reading(place) as source:
        export = _Export(source, _manifest(source), progress)
        export.verify()
        with entered(at):
            _Survey(at).take(export)
        counts = {file.kind: file.count for file in export.manifest.files if file.count}
        changeset = None
        if counts and not dry_run:
            changeset = _append(export, at, f"Import {place.name}")
    return Imported(counts, export.manifest, changeset)


@dataclass(frozen=True)
class Place:
    """Where something stands in an export."""

    file: str
    line: int

    def says(self, field_name: str, reason: str) -> BadExport:
        return BadExport(f"{self.file}, line {self.line}, field {field_name}: {reason}.")


@dataclass
class _Export:
    """The files of an export, checked against its manifest."""

    source: Source
    manifest: Manifest
    progress: Progress
    done: int = 0

    def __post_init__(self) -> None:
        known = {kind.label: kind for kind in branch_kinds()}
        named = Counter(file.kind for file in self.manifest.files)
        for label, times in named.items():
            if label not in known:
                raise BadExport(
                    f"This wiki has no kind {label!r}. It knows {', '.join(sorted(known))}."
                )
            if times > 1:
                raise BadExport(f"{MANIFEST} names the kind {label!r} {times} times.")
        self.kinds = [(known[file.kind], file) for file in self.manifest.files]

    def verify(self) -> None:
        """Refuse a file that is not what the manifest says, before anything of it is read."""
        for _, file in self.kinds:
            with self.source.open(file.name) as content:
                found = digest(content, file.bytes)
            if (found.bytes, found.sha256) != (file.bytes, file.sha256):
                raise _changed(file)

    def records(self) -> Iterator[tuple[Kind, Place, Read]]:
        """Every record, in the order of the files. Raises BadExport."""
        for kind, file in self.kinds:
            count = 0
            for read in self._of_file(kind, file):
                count += 1
                yield kind, Place(file.name, read.line), read
            if count != file.count:
                raise BadExport(
                    f"{file.name} holds {count} records; the manifest says {file.count}."
                )
            self.done += count
            self.progress(self.done, 2 * self.manifest.count)

    def _of_file(self, kind: Kind, file: ExportedFile) -> Iterator[Read]:
        hashed = HashedLines(self.source.open(file.name))
        # Lines end where the file says so: U+2028 in a text is none, nor is \r within quotes.
        with io.TextIOWrapper(
            io.BufferedReader(hashed, 1 << 18), encoding="utf-8-sig", newline=""
        ) as text:
            try:
                yield from FORMATS[self.manifest.encoding].read(kind, text)
            except BadLine as bad:
                raise BadExport(f"{file.name}, {bad}.") from None
            except UnicodeDecodeError:
                raise BadExport(f"{file.name} is not UTF-8.") from None
            if hashed.sha256 != file.sha256:
                raise _changed(file)


@dataclass
class _Survey:
    """Every value against its field, the other records, and what the branch has already."""

    at: Viewpoint
    ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unique: dict[tuple[str, str], set[Any]] = field(default_factory=lambda: defaultdict(set))
    awaited: dict[tuple[type[Any], str], dict[Any, tuple[Place, str]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    """What is referred to and was not met yet, with the first place that does so."""

    def take(self, export: _Export) -> None:
        """Raises BadExport with the first thing that is wrong."""
        for chunk in batched(self._checked(export), CHUNK, strict=False):
            by_kind: dict[str, list[tuple[Kind, Place, UUID, Document]]] = defaultdict(list)
            for each in chunk:
                by_kind[each[0].label].append(each)
            for group in by_kind.values():
                self._compare(group[0][0], group)
        self._require_all_referred_to()

    def _checked(self, export: _Export) -> Iterator[tuple[Kind, Place, UUID, Document]]:
        for kind, place, read in export.records():
            try:
                entity_id, document = checked(kind, read.record)
            except Refused as refused:
                raise place.says(refused.field, refused.reason) from None
            key = str(entity_id)
            if key in self.ids[kind.label]:
                raise place.says("id", f"{key} occurs twice in this file")
            self.ids[kind.label].add(key)
            self._note_references(kind, place, document)
            yield kind, place, entity_id, document

    def _note_references(self, kind: Kind, place: Place, document: Document) -> None:
        for name, f in kind.fields.items():
            if isinstance(f.model_field, ReferringField) and document[name]:
                for model, key in f.model_field.referred(document[name]):
                    if key not in self.ids[model._meta.label_lower]:
                        self.awaited[model, "pk"].setdefault(key, (place, name))
        for reference in references_of(kind.label):
            keys = ids_in(document[reference.name])
            if not keys:
                continue
            met = self.ids[reference.model._meta.label_lower] if reference.is_of_ids else ()
            awaited = self.awaited[reference.model, reference.key]
            for key in keys:
                if key not in met:
                    awaited.setdefault(key, (place, reference.name))

    def _compare(self, kind: Kind, group: Sequence[tuple[Kind, Place, UUID, Document]]) -> None:
        """A chunk of one kind beside what was read before, and what is there."""
        places = {entity_id: place for _, place, entity_id, _ in group}
        there = rows_in(kind).filter(
            entity_id__in=list(places), branch_number__in=dict(self.at.chain)
        )
        if (known := there.values_list("entity_id", flat=True).first()) is not None:
            raise places[known].says(
                "id",
                f"{known} is here already, or was and is deleted. An export is imported into a "
                "wiki that has nothing of it",
            )
        for name in unique_fields(kind):
            self._compare_unique(kind, name, group)

    def _compare_unique(
        self, kind: Kind, name: str, group: Sequence[tuple[Kind, Place, UUID, Document]]
    ) -> None:
        places: dict[Any, Place] = {}
        seen = self.unique[kind.label, name]
        for _, place, _, document in group:
            value = document[name]
            if value is None:
                continue
            if value in seen:
                raise place.says(name, f"{value!r} occurs twice in this file")
            seen.add(value)
            places[value] = place
        manager = kind.model._default_manager
        taken = manager.filter(**{f"{name}__in": list(places)}).values_list(name, flat=True)
        for value in taken[:1]:
            place = places[kind.fields[name].to_json(value)]
            raise place.says(name, f"{value!r} belongs to something else here")

    def _require_all_referred_to(self) -> None:
        for (model, key_field), awaited in self.awaited.items():
            met = self.ids[model._meta.label_lower] if key_field in ("pk", "id") else ()
            wanted = [key for key in awaited if key not in met]
            for keys in batched(wanted, CHUNK, strict=False):
                found = model._default_manager.filter(**{f"{key_field}__in": keys})
                there = {str(key) for key in found.values_list(key_field, flat=True)}
                for key in keys:
                    if str(key) not in there:
                        place, name = awaited[key]
                        raise place.says(
                            name,
                            f"there is no {model._meta.verbose_name} {key}, neither in the export "
                            "nor here",
                        )


def _append(export: _Export, at: Viewpoint, message: str) -> int:
    """Append it as one changeset. Raises BadExport with nothing appended."""
    details = {"export": export.manifest.viewpoint}
    try:
        with branch_context(
            at.name,
            message=message,
            kind=ChangesetKind.IMPORT,
            details=details,
            longest_seconds=math.inf,
        ) as context:
            for chunk in chunks(_creations(export, at)):
                context.record(chunk)
    except IntegrityError:
        raise BadExport(
            "Somebody wrote the same pages while the export was read, so nothing was imported.",
            "Run the command again.",
        ) from None
    assert context.sealed is not None
    return int(context.sealed.changeset)


def _creations(export: _Export, at: Viewpoint) -> Iterator[Change]:
    for kind, _, read in export.records():
        values = dict(read.record)
        entity_id = UUID(values.pop("id"))
        document = document_of(kind, values)
        yield Change(kind, entity_id, Operation.CREATE, Version(0), at.branch, values=document)


def _manifest(source: Source) -> Manifest:
    with source.open(MANIFEST) as file:
        text = file.read(LONGEST_MANIFEST + 1)
    if len(text) > LONGEST_MANIFEST:
        raise BadExport(f"{MANIFEST} is too large to be one.")
    return read_manifest(text)


def _changed(file: ExportedFile) -> BadExport:
    return BadExport(
        f"{file.name} is not what the manifest says it is (its size or its SHA-256 differs): it "
        "was changed or damaged since it was exported."
    )
