"""What is counted where Valkey is away."""

from typing import ClassVar

from django.db import models


class Attempt(models.Model):
    """One of those that are counted under a key, until it is too old."""

    key = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        db_table = "wiki_attempt"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["key"], name="wiki_attempt_key"),
            models.Index(fields=["expires_at"], name="wiki_attempt_expires_at"),
        ]

    def __str__(self) -> str:
        return f"{self.key} at {self.made_at}"
