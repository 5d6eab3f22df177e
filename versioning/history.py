"""Histories: the versions of one entity, or of all of a model, as a viewpoint sees them.

ride.history.all()            # newest first; each says who made it, when and why
ride.history.at("2026-03-01") # the version that stood then
ride.history.between(a, b)    # what became of it in between
ride.history.blame("body")    # who wrote each passage, who merged it
ride.history.diff(3, 7)       # what two versions have otherwise
ride.history.suppress(3, 5)   # hide versions from everybody
ride.history.replayed(7)      # a version's document from the log alone; a row will do, too
Ride.history.all()            # every version of every ride
Ride.history.of(ride_id)      # the history of one that may be deleted
"""

from typing import TYPE_CHECKING, Any, overload
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import FETCH_PEERS, Model, QuerySet

from eventstore import log
from eventstore.models import Event
from eventstore.types import Version
from versioning.blame import Blamed, blame
from versioning.entities.kinds import Document, Kind, kind_of
from versioning.entities.tables import LATEST, VersionRow
from versioning.events import EntityReleased, stream_id
from versioning.saving.replaying import document_at
from versioning.schema.lens import without_history
from versioning.viewpoints import entering
from versioning.viewpoints.chain import Viewpoint
from versioning.viewpoints.moments import position_of
from versioning.viewpoints.versions import rows_in, to_version
from versioning.viewpoints.visibility import lying_behind, slots_of

if TYPE_CHECKING:
    from versioning.branches.compare import Difference
    from versioning.saving.model import VersionedModel


class HistoricalRecords:
    """Gives a versioned model, and each of its instances, their `history`."""

    @overload
    def __get__(self, instance: None, owner: "type[VersionedModel]") -> "ModelHistory": ...
    @overload
    def __get__(self, instance: "VersionedModel", owner: type[Model]) -> "History": ...
    def __get__(self, instance: "VersionedModel | None", owner: Any) -> "History | ModelHistory":
        if instance is None:
            return ModelHistory(owner)
        return History(kind_of(owner), instance.pk, instance._read_at or entering.current())


class ModelHistory:
    """The versions of every entity of a model that lie behind the viewpoint one is at."""

    def __init__(self, model: "type[VersionedModel]") -> None:
        self.model = model

    def all(self) -> "QuerySet[Any]":
        """Every version on the branch and on its ancestors, newest first: see `History.all`."""
        return _versions(kind_of(self.model), entering.current())

    def between(self, after: Any, upto: Any) -> "QuerySet[Any]":
        """The versions recorded after one moment, up to another."""
        return _between(self.all(), after, upto)

    def of(self, entity_id: UUID) -> "History":
        """The history of one entity, which may be deleted by now."""
        return History(kind_of(self.model), entity_id, entering.current())


class History:
    """The versions of one entity that lie behind a viewpoint."""

    def __init__(self, kind: Kind, entity_id: Any, seen: Viewpoint) -> None:
        self.kind = kind
        self.entity_id = entity_id
        self.seen = seen

    def all(self) -> "QuerySet[Any]":
        """Every version on the branch and, up to where it forked, on its ancestors; newest first.

        Each has `changeset`, `recorded_at`, `actor` and `message`. Cost of these: two queries for
        all versions of the queryset, and one for the accounts.
        """
        return _versions(self.kind, self.seen).filter(entity_id=self.entity_id)

    def at(self, when: Any) -> Any:
        """The version that stood at a moment, tombstones included. Raises DoesNotExist."""
        position = position_of(when)
        earliest = min(position, self.seen.position or LATEST)
        found = self.all().filter(valid_from__lte=earliest).first()
        if found is None:
            raise ObjectDoesNotExist(
                f"This {self.kind.model._meta.verbose_name} did not exist yet at that moment."
            )
        return found

    def between(self, after: Any, upto: Any) -> "QuerySet[Any]":
        """The versions recorded after one moment, up to another."""
        return _between(self.all(), after, upto)

    def find(self, version: int) -> Any | None:
        """The version with a number, if there is one: the nearest branch's, where several have it.

        The numbers of a branch go on from those that it inherits.
        """
        found = list(self.all().filter(version=version))
        if not found:
            return None
        slots = slots_of(self.seen.chain)
        return min(found, key=lambda row: slots[row.branch_number])

    def diff(self, before: "int | VersionRow", after: "int | VersionRow") -> "Difference":
        """What two versions, told by number or as rows, have otherwise.

        Its `changes` hold each field that differs, with both values in JSON form. Raises
        DoesNotExist.
        """
        from versioning.branches.compare import Difference

        old, new = (to_version(self.kind, self._row(version)) for version in (before, after))
        return Difference(self.kind, (self.kind.label, self.entity_id), old, new)

    def _row(self, version: "int | VersionRow") -> Any:
        if isinstance(version, VersionRow):
            if version.entity_id != self.entity_id:
                raise ValueError(f"{version} is of another {self.kind.model._meta.verbose_name}.")
            return version
        if (row := self.find(version)) is None:
            raise ObjectDoesNotExist(
                f"There is no version {version} of this {self.kind.model._meta.verbose_name} here."
            )
        return row

    def replayed(self, version: "int | VersionRow") -> Document:
        """The version's document from the log alone, whatever the tables say: for auditors.

        Told by number it is that of the nearest branch that has one (see `find`). Raises
        DoesNotExist.
        """
        if isinstance(version, VersionRow):
            row: Any = self._row(version)
            return self._document(row.branch_number, row.version)
        for branch, position in self.seen.chain:
            recorded = Event.objects.filter(
                stream_id=stream_id(branch, self.entity_id), version=version, position__lte=position
            )
            if recorded.exclude(topic=EntityReleased.topic).exists():
                return self._document(branch, version)
        raise ObjectDoesNotExist(
            f"The log has no version {version} of this {self.kind.model._meta.verbose_name} here."
        )

    def _document(self, branch: int, version: int) -> Document:
        document = document_at(branch, self.entity_id, Version(version))
        assert document is not None
        return without_history(document)

    def suppress(self, first: int, last: int | None = None, *, message: str = "") -> log.Sealed:
        """Hide versions of this branch's own, from one number to another, from everybody.

        Raises CannotSuppress, among others for what stands there now.
        """
        from versioning.suppression import suppress

        numbers = (first, first if last is None else last)
        return suppress(self.kind, self.entity_id, self.seen.branch, *numbers, message=message)

    def unsuppress(self, first: int, last: int | None = None, *, message: str = "") -> log.Sealed:
        """Show them again. Raises CannotSuppress."""
        from versioning.suppression import unsuppress

        numbers = (first, first if last is None else last)
        return unsuppress(self.kind, self.entity_id, self.seen.branch, *numbers, message=message)

    def blame(self, field: str) -> list[Blamed]:
        """Who last wrote each passage of a field (a single one, if it is no text)."""
        return blame(self.kind, self.entity_id, field, self.all())


def _versions(kind: Kind, seen: Viewpoint) -> "QuerySet[Any]":
    rows: QuerySet[Any] = rows_in(kind).filter(lying_behind(seen.chain))
    return rows.order_by("-valid_from").fetch_mode(FETCH_PEERS)


def _between(versions: "QuerySet[Any]", after: Any, upto: Any) -> "QuerySet[Any]":
    return versions.filter(valid_from__gt=position_of(after), valid_from__lte=position_of(upto))
