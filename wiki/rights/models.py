"""Who may not write, and what may not be written: versioned, so that it is seen and undone."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from versioning.history import HistoricalRecords
from versioning.saving.model import VersionedModel

LONGEST_REASON = 500

ACTS = ("editing", "renaming", "deleting")
"""The fields of a protection that say who may do something."""


def holds() -> models.Q:
    """The condition of a block or a protection that has not ended."""
    return models.Q(ends_at=None) | models.Q(ends_at__gt=timezone.now())


class Block(VersionedModel):
    """An account that may change nothing, until an end or for good."""

    only_on_main = True

    account_id = models.BigIntegerField()
    reason = models.TextField(max_length=LONGEST_REASON)
    ends_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account_id"], name="wiki_block_account")
        ]

    def __str__(self) -> str:
        return f"block of account {self.account_id}"


class Level(models.TextChoices):
    """Who may do something, from the most to the fewest."""

    EVERYBODY = "everybody", "every editor"
    KNOWN = "known", "editors who are not new"
    MODERATORS = "moderators", "moderators"
    ADMINISTRATORS = "administrators", "administrators"


class Protection(VersionedModel):
    """Who may edit, rename and delete a page, or write to, rename and archive a branch.

    `subject_id` is the page's or the branch's identity, `name` what it was called.
    """

    only_on_main = True

    subject_id = models.UUIDField()
    name = models.CharField(max_length=200)
    editing = models.CharField(max_length=20, choices=Level.choices, default=Level.EVERYBODY)
    renaming = models.CharField(max_length=20, choices=Level.choices, default=Level.EVERYBODY)
    deleting = models.CharField(max_length=20, choices=Level.choices, default=Level.EVERYBODY)
    reason = models.TextField(max_length=LONGEST_REASON)
    ends_at = models.DateTimeField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subject_id"], name="wiki_protection_subject")
        ]

    def __str__(self) -> str:
        return f"protection of {self.name}"


class ChangesetNetwork(models.Model):
    """From which network a changeset came: for moderators, and for a while only.

    Beside the log, for it is nobody's business for ever.
    """

    changeset_id = models.BigIntegerField(primary_key=True)
    network = models.CharField(max_length=50)
    recorded_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["network", "changeset_id"], name="wiki_changeset_network")
        ]

    def __str__(self) -> str:
        return f"changeset {self.changeset_id} from {self.network}"
