"""The tables of projections that follow the log: how far each has come, and what it holds."""

from django.db import models


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
