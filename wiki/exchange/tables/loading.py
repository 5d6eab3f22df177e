"""Documents into the wiki: what is new is created, what the file changed is changed.

A file does not overrule people: what they edited since the last import stays, unless the file
says the same as they do; what they deleted stays deleted; an address stays as it is.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from eventstore.models import ChangesetKind
from eventstore.types import Version
from versioning.entities.changes import Change, Operation
from versioning.entities.kinds import Document, DocumentField, Kind, kind_of
from versioning.fields.quantities import Quantity
from versioning.merge import merge_document
from versioning.saving.batches import BatchOperation
from versioning.saving.context import require_open
from versioning.viewpoints.chain import Viewpoint, resolve
from versioning.viewpoints.entering import entered
from versioning.viewpoints.versions import EntityVersion, visible_versions
from wiki.exchange.tables.earlier import Kept, last_told
from wiki.exchange.tables.keeping import KeptField, sentences

Progress = Callable[[int, int], None]


@dataclass
class Loaded:
    """What became of the documents; `kept` are sentences about people's words that stayed."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    addresses: dict[UUID, str] = field(default_factory=dict)
    """The address of each page that was created."""


def load(
    documents: Mapping[str, Mapping[UUID, Document]],
    *,
    mark: str,
    only_if_named: Collection[UUID] = frozenset(),
    branch: str = "main",
    message: str = "Import",
    dry_run: bool = False,
    more_details: dict[str, Any] | None = None,
    progress: Progress = lambda done, of: None,
) -> Loaded:
    """Append what differs as one changeset, all or nothing.

    `mark` tells this import's changesets from those of others: what was imported under it before
    is the base against which the file's changes are told from people's. Pages that are
    `only_if_named` are created if what is written of the others refers to them.

    Raises NoSuchBranch, BranchIsClosed, StaleStreams where somebody edited the very same
    entities meanwhile.
    """
    at = resolve(branch)
    require_open(at)
    loaded = Loaded()
    kept: Kept = {}
    total = sum(map(len, documents.values()))
    details: dict[str, Any] = {mark: kept, **(more_details or {})}
    gone: set[str] = set()
    loaders = [
        _Loader(kind_of(label), wanted, at, mark, gone, loaded, kept)
        for label, wanted in documents.items()
    ]
    changes: dict[UUID, Change] = {}
    named: set[UUID] = set()
    # What refers to others comes after them; so backwards, it is known by then who is named.
    for loader in reversed(loaders):
        changes |= loader.changes(only_if_named, named)
        progress(loaded.created + loaded.changed + loaded.unchanged, total)
    with entered(at):
        loaded.kept += sentences([each for loader in loaders for each in loader.kept], documents)
    with BatchOperation(
        message, branch=branch, kind=ChangesetKind.IMPORT, details=details
    ) as batch:
        for wanted in documents.values() if not dry_run else ():
            for key in wanted:
                if (change := changes.get(key)) is not None:
                    batch.add(change)
    return loaded


class _Loader:
    """One kind's documents beside what the branch has."""

    def __init__(
        self,
        kind: Kind,
        wanted: Mapping[UUID, Document],
        at: Viewpoint,
        mark: str,
        gone: set[str],
        loaded: Loaded,
        kept: Kept,
    ) -> None:
        """`gone` are the pages that people deleted, of all kinds: it learns of this one's."""
        self._kind = kind
        self._wanted = wanted
        self._at = at
        self._mark = mark
        self._loaded = loaded
        self._kept = kept
        self._gone = gone
        self._present = visible_versions(kind, wanted, at.chain)
        self._gone |= {str(key) for key, version in self._present.items() if version.is_deleted}
        self.kept: list[KeptField] = []

    def changes(self, only_if_named: Collection[UUID], named: set[UUID]) -> dict[UUID, Change]:
        """What is to be written, by page; `named` are those that it refers to, and grows."""
        differing = {
            key: fields
            for key, version in self._present.items()
            if not version.is_deleted
            and (fields := self._differing(self._without_gone(self._wanted[key]), version))
        }
        told = last_told(self._kind, differing, self._at, self._mark) if differing else {}
        slugs = _Slugs(self._kind, self._at) if len(self._present) < len(self._wanted) else None
        changes: dict[UUID, Change] = {}
        # Pages may be named by others of their kind: they come last.
        for key in sorted(self._wanted, key=lambda each: each in only_if_named):
            version = self._present.get(key)
            change = None
            if version is None:
                if key in only_if_named and key not in named:
                    continue
                assert slugs is not None
                change = self._creation(key, self._wanted[key], slugs)
                self._loaded.created += 1
            elif key in differing:
                change = self._edit(version, differing[key], told.get(key, {}))
            if version is not None:
                self._loaded.changed += change is not None
                self._loaded.unchanged += change is None
            if change is not None:
                changes[key] = change
                if only_if_named:
                    named |= self._named_in(change)
        return changes

    def _named_in(self, change: Change) -> set[UUID]:
        """The pages to which what is written refers."""
        return {
            page_id
            for name, value in change.values.items()
            for _, page_id in self._kind.fields[name].referred(value)
        }

    def _creation(self, key: UUID, document: Document, slugs: "_Slugs") -> Change:
        values = self._kind.full(self._without_gone(document))
        values["slug"] = slugs.take(values["slug"])
        model: Any = self._kind.model
        self._loaded.addresses[key] = f"/{model.plural}/{values['slug']}/"
        return Change(self._kind, key, Operation.CREATE, Version(0), self._at.branch, values=values)

    def _without_gone(self, document: Document) -> Document:
        """The document without references to what people deleted."""
        if not self._gone:
            return document
        return {
            name: [each for each in value if each not in self._gone]
            if isinstance(value, list)
            else None
            if isinstance(value, str) and value in self._gone
            else value
            for name, value in document.items()
        }

    def _differing(self, document: Document, now: EntityVersion) -> Document:
        """The fields in which the file says something else than the branch has."""
        return {
            name: value
            for name, value in document.items()
            if name != "slug"
            and not _say_the_same(self._kind.fields[name], value, now.document[name])
        }

    def _edit(self, now: EntityVersion, fields: Document, before: Document) -> Change | None:
        """The fields that the file changed since it was last read, and nobody else did."""
        values: Document = {}
        for name, value in fields.items():
            base = before.get(name, self._kind.fields[name].absent)
            merge = merge_document(
                {name: self._kind.merge_kinds[name]},
                {name: base},
                {name: now.document[name]},
                {name: value},
            )
            if merge.is_clean and merge.document is not None:
                if merge.document[name] != now.document[name]:
                    values[name] = merge.document[name]
            else:
                self.kept.append(
                    KeptField(self._kind, now.document, name, value, was_told=name in before)
                )
            if values.get(name) != value:
                self._kept.setdefault(str(now.entity_id), {})[name] = value
        if not values:
            return None
        return Change(
            self._kind,
            now.entity_id,
            Operation.CHANGE,
            now.version,
            self._at.branch,
            now.branch,
            values,
            now.document,
        )


def _say_the_same(f: DocumentField, one: Any, other: Any) -> bool:
    """Whether two values in their JSON form are one; figures can be, in units that differ."""
    if one == other:
        return True
    one, other = f.to_python(one), f.to_python(other)
    are_figures = isinstance(one, Quantity) and isinstance(other, Quantity)
    return are_figures and one.is_measured_as(other)


class _Slugs:
    """The addresses that pages of a kind have on the branch."""

    def __init__(self, kind: Kind, at: Viewpoint) -> None:
        with entered(at):
            pages: Any = kind.model._default_manager
            self._taken = set(pages.values_list("slug", flat=True))

    def take(self, wanted: str) -> str:
        """The wanted address, or the next with a number that is free."""
        slug, number = wanted, 1
        while slug in self._taken:
            number += 1
            slug = f"{wanted}-{number}"
        self._taken.add(slug)
        return slug
