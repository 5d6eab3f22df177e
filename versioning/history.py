"""The history of one entity: its versions, as the current viewpoint sees them.

ride.history.all()            # newest first
ride.history.at("2026-03-01") # the version that stood then
ride.history.between(a, b)    # what became of it in between
ride.history.blame("body")    # who wrote each passage, who merged it
ride.history.replayed(7)      # a version's document from the log alone
"""

from typing import TYPE_CHECKING, Any, Self, overload

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet

from eventstore.models import Event
from eventstore.types import Version
from versioning.blame import Blamed, blame
from versioning.entities.kinds import Document, Kind, kind_of
from versioning.entities.replaying import document_at
from versioning.entities.tables import LATEST
from versioning.events import EntityReleased, stream_id
from versioning.schema.lens import without_history
from versioning.viewpoints import entering
from versioning.viewpoints.chain import Viewpoint
from versioning.viewpoints.moments import position_of
from versioning.viewpoints.visibility import lying_behind, slots_of

if TYPE_CHECKING:
    from versioning.entities.model import VersionedModel


class HistoricalRecords:
    """Gives a versioned model's instances their `history`."""

    def __set_name__(self, owner: type[Model], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type[Model]) -> Self: ...
    @overload
    def __get__(self, instance: "VersionedModel", owner: type[Model]) -> "History": ...
    def __get__(self, instance: "VersionedModel | None", owner: type[Model]) -> "History | Self":
        if instance is None:
            return self
        return History(kind_of(owner), instance.pk, instance._read_at or entering.current())


class History:
    """The versions of one entity that lie behind a viewpoint."""

    def __init__(self, kind: Kind, entity_id: Any, seen: Viewpoint) -> None:
        self.kind = kind
        self.entity_id = entity_id
        self.seen = seen

    def all(self) -> "QuerySet[Any]":
        """Every version on the branch and, up to where it forked, on its ancestors."""
        return self.kind.version_model._default_manager.filter(
            lying_behind(self.seen.chain), entity_id=self.entity_id
        ).order_by("-valid_from")

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
        return self.all().filter(
            valid_from__gt=position_of(after), valid_from__lte=position_of(upto)
        )

    def find(self, version: int) -> Any | None:
        """The version with a number, if there is one: the nearest branch's, where several have it.

        The numbers of a branch go on from those that it inherits.
        """
        found = list(self.all().filter(version=version))
        if not found:
            return None
        slots = slots_of(self.seen.chain)
        return min(found, key=lambda row: slots[row.branch_number])

    def replayed(self, version: int) -> Document:
        """The version's document from the log alone, whatever the tables say: for auditors.

        Raises DoesNotExist.
        """
        for branch, position in self.seen.chain:
            recorded = Event.objects.filter(
                stream_id=stream_id(branch, self.entity_id), version=version, position__lte=position
            )
            if recorded.exclude(topic=EntityReleased.topic).exists():
                document = document_at(branch, self.entity_id, Version(version))
                assert document is not None
                return without_history(document)
        raise ObjectDoesNotExist(
            f"The log has no version {version} of this {self.kind.model._meta.verbose_name} here."
        )

    def blame(self, field: str) -> list[Blamed]:
        """Who last wrote each passage of a field (a single one, if it is no text)."""
        return blame(self.kind, self.entity_id, field, self.all())
