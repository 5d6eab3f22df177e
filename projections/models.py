"""The tables of projections that follow the log: how far each has come, and what it holds."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from versioning.events import MAIN


class Tracking(models.Model):
    """How far a projection has followed the log; the columns are the eventsourcing library's."""

    application_name = models.TextField(primary_key=True)
    notification_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.application_name} at {self.notification_id}"


class Total(models.Model):
    """How many entities of a kind main has; for a branch, how many more than where it reads on."""

    pk = models.CompositePrimaryKey("branch", "kind")
    branch = models.IntegerField()
    kind = models.TextField()
    count = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.count} of {self.kind} on branch {self.branch}"


class SearchEntry(models.Model):
    """What is searched of one entity on one branch, while it stayed the same.

    `folded` has a line for each name, without accents; `called` the words of
    the names, `words` those of everything, by weight; `facets` are
    `field=value`; `content` is a digest of all of it. A tombstone's entry is
    empty, and hides what its branch inherits.
    """

    pk = models.CompositePrimaryKey("entity_id", "branch", "valid_from")
    entity_id = models.UUIDField()
    branch = models.IntegerField()
    valid_from = models.BigIntegerField()
    valid_to = models.BigIntegerField()
    deleted = models.BooleanField()
    kind = models.TextField()
    title = models.TextField()
    folded = models.TextField()
    called = SearchVectorField()
    words = SearchVectorField()
    facets = ArrayField(models.TextField())
    numbers: "models.JSONField[Any, Any]" = models.JSONField()
    content = models.UUIDField()

    class Meta:
        default_permissions = ()
        indexes: ClassVar[list[models.Index]] = [
            # What waits to be sorted in is read by every search: a little of it (in kB).
            GinIndex(fields=["words"], name="search_words", gin_pending_list_limit=1024),
            GinIndex(fields=["called"], name="search_called", gin_pending_list_limit=64),
            GinIndex(fields=["facets"], name="search_facets", gin_pending_list_limit=64),
            # For what was mistyped: names by the triples of letters that they have.
            GinIndex(
                fields=["folded"],
                name="search_folded",
                opclasses=["gin_trgm_ops"],
                gin_pending_list_limit=64,
            ),
            # What a branch has of its own, which hides what it inherits.
            # Of main's own there are too many for an index to be of use, but it would be chosen.
            models.Index(fields=["branch"], name="search_branch", condition=~Q(branch=MAIN)),
        ]

    def __str__(self) -> str:
        return self.title


class AuditRun(models.Model):
    """An audit of the whole wiki: what it replayed up to, and the first thing that it found."""

    position = models.BigIntegerField()
    finished_at = models.DateTimeField(auto_now_add=True)
    seconds = models.FloatField()
    events = models.BigIntegerField()
    versions = models.BigIntegerField()
    finding = models.TextField(blank=True)

    class Meta:
        get_latest_by = "id"

    def __str__(self) -> str:
        return self.finding or f"all is as it was written, up to position {self.position}"
