"""Documents into the wiki: what is new is created, what differs is changed, the rest is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from eventstore.models import ChangesetKind
from eventstore.types import Version
from versioning.entities.batches import BatchOperation
from versioning.entities.kinds import Document, kind_of
from versioning.entities.versions import EntityVersion, visible_versions
from versioning.viewpoints.chain import resolve
from versioning.writing import Change, Operation


@dataclass
class Loaded:
    created: int = 0
    changed: int = 0
    unchanged: int = 0


def load(
    documents: Mapping[str, Mapping[UUID, Document]],
    *,
    branch: str = "main",
    message: str = "Import",
    dry_run: bool = False,
) -> Loaded:
    """Append what differs as one changeset, all or nothing. Raises NoSuchBranch."""
    at = resolve(branch)
    loaded = Loaded()
    with BatchOperation(message, branch=branch, kind=ChangesetKind.IMPORT) as batch:
        for label, wanted in documents.items():
            kind = kind_of(label)
            present = visible_versions(kind, wanted, at.chain)
            for entity_id, document in wanted.items():
                change = _change(label, entity_id, document, present.get(entity_id), at.branch)
                if change is None:
                    loaded.unchanged += 1
                    continue
                if change.operation is Operation.CREATE:
                    loaded.created += 1
                else:
                    loaded.changed += 1
                if not dry_run:
                    batch.add(change)
    return loaded


def _change(
    label: str, entity_id: UUID, document: Document, now: EntityVersion | None, branch: int
) -> Change | None:
    """What brings an entity to what the file says; None where it says nothing new.

    What was deleted here stays deleted: a file does not overrule people.
    """
    kind = kind_of(label)
    if now is None:
        values = kind.full(document)
        return Change(kind, entity_id, Operation.CREATE, Version(0), branch, values=values)
    settled = {
        name: kind.fields[name].to_json(kind.fields[name].to_python(value))
        for name, value in document.items()
    }
    differing = {n: v for n, v in settled.items() if v != now.document[n]}
    if now.is_deleted or not differing:
        return None
    return Change(
        kind,
        entity_id,
        Operation.CHANGE,
        now.version,
        branch,
        now.branch,
        differing,
        now.document,
    )
