"""The table of drafts, beside the log: nobody else ever reads one, and each goes one day."""

from typing import ClassVar

from django.db import models
from django.http import QueryDict


class Draft(models.Model):
    """A form of a page as it was typed, kept for its account on one branch."""

    account_id = models.BigIntegerField()
    branch = models.IntegerField()
    plural = models.CharField(max_length=30)
    page_id = models.UUIDField()
    """Of a page that is not there yet, the identity that its form brought along."""
    slug = models.CharField(max_length=120)
    """Where the page stood; empty for one that is not there yet."""
    name = models.CharField(max_length=200)
    typed = models.TextField()
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["page_id", "branch", "account_id"], name="wiki_draft_of_page"
            )
        ]

    def __str__(self) -> str:
        return f"draft of {self.name}"

    @property
    def form(self) -> QueryDict:
        """What was typed, as the form had sent it."""
        return QueryDict(self.typed, mutable=True)
