"""The tables of the log, for reading. They are written by `log.append` alone.

`Event` keeps the column names of the eventsourcing library's recorders, so
that the library reads the table as its own.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import cached_property

from eventstore.errors import Refusal


class RowRefused(Refusal, TypeError):
    """A row of the log, or one that follows it, was to be saved by itself."""

    code = "row-refused"
    status = 500
    hint = (
        "Save entities, and the rows follow. A TransactionTestCase with serialized_rollback saves "
        "every row: give it `fixtures`, or make its data in setUp()."
    )


class LogRow(models.Model):
    """A row that is written by functions of the database alone."""

    class Meta:
        abstract = True

    def _save_table(self, *args: Any, **kwargs: Any) -> bool:
        """What every save ends in, also that of a row which a test's database had at first."""
        raise RowRefused(
            f"{self._meta.label} follows from what was appended to the log, and its rows are never "
            "saved by themselves."
        )


class Event(LogRow):
    """One event. About 300 bytes with both indexes, for an edit of one field."""

    position = models.BigIntegerField(primary_key=True, db_column="notification_id")
    stream_id = models.UUIDField(db_column="originator_id")
    version = models.BigIntegerField(db_column="originator_version")
    topic = models.TextField()
    state = models.BinaryField()
    salt = models.BinaryField()
    content_hash = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["stream_id", "version"], name="eventstore_event_stream_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} at {self.position}"


class ChangesetKind(models.TextChoices):
    """What a changeset was for; the engine tells merges and reverts by it."""

    EDIT = "edit"
    FORK = "fork"
    SYNC = "sync"
    MERGE = "merge"
    REVERT = "revert"
    IMPORT = "import"
    BRANCH = "branch", "change of a branch"
    SCHEMA = "schema", "change of what fields mean"
    SUPPRESSION = "suppression", "hiding of versions"


OF_NO_BRANCH = (ChangesetKind.SCHEMA, ChangesetKind.SUPPRESSION)
"""What these kinds record stands on main, and moves no branch: no page says anything else by it."""


type Narrowing = Callable[["models.QuerySet[Changeset]"], "models.QuerySet[Changeset]"]
"""Leaves out of changesets what whoever reads may not see."""

_narrowings: list[Narrowing] = []


def register_narrowing(narrowing: Narrowing) -> None:
    """Let what stands above the log say which changesets are there for whoever reads."""
    _narrowings.append(narrowing)


class EveryChangeset(models.Manager["Changeset"]):
    """Changesets, each with whether its message is suppressed: no query more."""

    def get_queryset(self) -> "models.QuerySet[Changeset]":
        hidden = SuppressedChangeset.objects.filter(pk=models.OuterRef("pk"))
        return super().get_queryset().annotate(suppressed=models.Exists(hidden))


class ChangesetManager(EveryChangeset):
    """Those of them that are there for whoever reads."""

    def get_queryset(self) -> "models.QuerySet[Changeset]":
        found = super().get_queryset()
        for narrowing in _narrowings:
            found = narrowing(found)
        return found


class Changeset(LogRow):
    """What one edit, batch or merge appended: the unit of history.

    `parents` begins with the changeset before it on the same branch (for a
    branch's first one, the changeset that it was forked at); whatever follows
    was merged in. `details` is JSON text, kept to the letter because it is
    hashed.
    """

    id = models.BigIntegerField(primary_key=True)
    first_position = models.BigIntegerField(unique=True)
    last_position = models.BigIntegerField(unique=True)
    branch = models.IntegerField()
    actor_id = models.BigIntegerField(null=True)
    kind = models.TextField(choices=ChangesetKind.choices)
    recorded_message = models.TextField(db_column="message")
    recorded_details = models.TextField(db_column="details", default="{}")
    recorded_at = models.DateTimeField(db_index=True)
    parents = ArrayField(models.BigIntegerField())
    reverts = ArrayField(models.BigIntegerField(), default=list)
    salt = models.BinaryField()
    header_hash = models.BinaryField()
    events_hash = models.BinaryField()
    hash = models.BinaryField()

    objects = ChangesetManager()
    every = EveryChangeset()
    """Whoever reads: what verifies, decides or follows must not miss one."""

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["branch", "last_position"], name="eventstore_changeset_branch"),
            models.Index(
                fields=["branch", "last_position"],
                name="eventstore_changeset_edges",
                condition=models.Q(kind__in=["fork", "sync", "merge", "revert", "import"]),
            ),
            models.Index(fields=["actor_id", "last_position"], name="eventstore_changeset_actor"),
        ]

    def __str__(self) -> str:
        return f"changeset {self.pk}"

    @property
    def message(self) -> str:
        """What people read: nothing, where the message is suppressed."""
        return "" if self.is_suppressed else self.recorded_message

    @property
    def details(self) -> str:
        """What people may read of the details: nothing, where the message is suppressed."""
        return "{}" if self.is_suppressed else self.recorded_details

    @cached_property
    def is_suppressed(self) -> bool:
        """Whether what it says of itself is hidden; whoever has it from `objects` asks nothing."""
        if "suppressed" in self.__dict__:
            return bool(self.__dict__["suppressed"])
        return SuppressedChangeset.objects.filter(pk=self.pk).exists()


class SuppressedChangeset(LogRow):
    """A changeset whose message and details are read by nobody."""

    changeset_id = models.BigIntegerField(primary_key=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"what changeset {self.changeset_id} says of itself"


class ApplicationSnapshot(models.Model):
    """A snapshot of an aggregate of the eventsourcing library; the columns are the library's."""

    pk = models.CompositePrimaryKey("originator_id", "originator_version")
    originator_id = models.UUIDField()
    originator_version = models.BigIntegerField()
    topic = models.TextField()
    state = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"snapshot of {self.originator_id} at version {self.originator_version}"


class ApplicationTracking(models.Model):
    """How far a projection follows an application of the library; the columns are the library's.

    `application_name` is the projection's name and the application's.
    """

    application_name = models.TextField(primary_key=True)
    notification_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.application_name} at {self.notification_id}"


class Snapshot(models.Model):
    """A stream's whole content at one version: derived, bounds what a read folds."""

    pk = models.CompositePrimaryKey("stream_id", "version")
    stream_id = models.UUIDField()
    version = models.BigIntegerField()
    state = models.JSONField()

    def __str__(self) -> str:
        return f"snapshot of {self.stream_id} at version {self.version}"
