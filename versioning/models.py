"""Branches, proposals and comments: versioned entities themselves, on main's stream.

So March shows March's branches, a renamed branch keeps its history, and
audit and rebuild treat them like everything else. What an account may do
with them is decided by `wiki`.
"""

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import cached_property

from eventstore.models import LogRow
from versioning.saving.model import VersionedModel
from versioning.saving.queryset import VersionedQuerySet
from versioning.viewpoints.readers import without_hidden

M = TypeVar("M", bound=models.Model, covariant=True)

BRANCH_NAME = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"


if TYPE_CHECKING:
    _Manager = models.Manager
else:  # generic in Django's stubs alone
    _Manager = models.Manager.from_queryset(VersionedQuerySet)


class ReadableManager(_Manager[M]):
    """Branches, or what is about them, without what whoever reads may not see. No query more."""

    def get_queryset(self) -> "models.QuerySet[M]":
        field, column = self.model.of_branch  # type: ignore[attr-defined]  # theirs alone
        return without_hidden(super().get_queryset(), field, column)


class BranchState(models.TextChoices):
    OPEN = "open"
    ARCHIVED = "archived"


class Branch(VersionedModel):
    """A line of edits, forked from its parent at a position.

    `number` is what events and rows carry; `name` stands in addresses, `title` is what people call
    it, where that is something else. `base_position` is where in the
    parent the branch reads what it did not change itself: the fork point, and
    after a sync the position that was synced from. `merged_position` is how
    far the parent has taken the branch in. One that `is_private` is there for the accounts in
    `member_ids` alone, its owner among them.
    """

    only_on_main = True
    of_branch: ClassVar[tuple[str, str] | None] = ("number", "number")

    number = models.IntegerField(editable=False)
    name = models.CharField(
        max_length=60,
        validators=[
            RegexValidator(
                BRANCH_NAME,
                "Use lower-case letters, digits and single hyphens, beginning with a letter.",
            )
        ],
    )
    title = models.CharField(max_length=60, blank=True)
    description = models.TextField(blank=True, max_length=2_000)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, to_field="number", related_name="children"
    )
    base_position = models.BigIntegerField(null=True, editable=False)
    merged_position = models.BigIntegerField(null=True, editable=False)
    state = models.CharField(max_length=10, choices=BranchState.choices, default=BranchState.OPEN)
    owner_id = models.BigIntegerField(null=True, editable=False)
    is_private = models.BooleanField("private", default=False, editable=False)
    member_ids = ArrayField(
        models.BigIntegerField(), verbose_name="members", default=list, editable=False
    )

    # Narrower than the manager of all versioned models, which mypy takes for another attribute.
    objects: ClassVar[models.Manager["Branch"]] = ReadableManager()  # type: ignore[assignment]
    every: ClassVar[models.Manager["Branch"]] = VersionedQuerySet.as_manager()
    """Whoever reads: what decides, counts or follows must not miss one."""

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["number"], name="versioning_branch_number"),
            models.UniqueConstraint(fields=["name"], name="versioning_branch_name"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["number"],
                name="versioning_branch_private",
                condition=models.Q(is_private=True),
            )
        ]
        verbose_name_plural = "branches"

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """What people call it: its title, or the name that addresses have."""
        return self.title or self.name

    @cached_property
    def is_main(self) -> bool:
        return self.parent_id is None

    @property
    def is_open(self) -> bool:
        return self.state == BranchState.OPEN


class ProposalState(models.TextChoices):
    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class ProposalPurpose(models.TextChoices):
    MERGE = "merge", "merge into the parent"
    SYNC = "sync", "sync from the parent"


class Proposal(VersionedModel):
    """A request to bring one branch's changes into another, with its conflicts.

    A merge of `each` changeset is made one after the other, and stops where one asks something.

    `conflicts` is what could not be reconciled when it was last computed;
    `resolutions` maps a conflict's key to the value that was chosen and the
    sides that it was chosen between, so that an answer never outlives them.
    """

    only_on_main = True
    of_branch: ClassVar[tuple[str, str] | None] = ("branch_id", "id")

    number = models.IntegerField(editable=False)
    purpose = models.CharField(max_length=10, choices=ProposalPurpose.choices)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="proposals")
    message = models.TextField(blank=True, max_length=2_000)
    each = models.BooleanField("changeset by changeset", default=False)
    state = models.CharField(
        max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN
    )
    opened_by_id = models.BigIntegerField(null=True, editable=False)
    conflicts: "models.JSONField[Any, Any]" = models.JSONField(default=list, editable=False)
    resolutions: "models.JSONField[Any, Any]" = models.JSONField(default=dict, editable=False)

    # As of branches.
    objects: ClassVar[models.Manager["Proposal"]] = ReadableManager()  # type: ignore[assignment]
    every: ClassVar[models.Manager["Proposal"]] = VersionedQuerySet.as_manager()
    """Whoever reads; see `Branch.every`."""

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["number"], name="versioning_proposal_number"),
        ]

    def __str__(self) -> str:
        return f"proposal {self.number}"


class Comment(VersionedModel):
    """What somebody says about a branch; one that was taken back has no text any more."""

    only_on_main = True
    of_branch: ClassVar[tuple[str, str] | None] = ("branch_id", "id")

    number = models.IntegerField(editable=False)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField(blank=True, max_length=5_000)
    author_id = models.BigIntegerField(null=True, editable=False)

    # As of branches.
    objects: ClassVar[models.Manager["Comment"]] = ReadableManager()  # type: ignore[assignment]
    every: ClassVar[models.Manager["Comment"]] = VersionedQuerySet.as_manager()
    """Whoever reads; see `Branch.every`."""

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["number"], name="versioning_comment_number"),
        ]

    def __str__(self) -> str:
        return f"comment {self.number}"


class SuppressedVersions(LogRow):
    """A span of the log in which an entity's versions on a branch are read by nobody.

    It follows from the newest `VersionsSuppressed` of the entity there.
    """

    pk = models.CompositePrimaryKey("entity_id", "branch_number", "first_position")
    entity_id = models.UUIDField()
    branch_number = models.IntegerField()
    first_position = models.BigIntegerField()
    end_position = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.entity_id} on branch {self.branch_number} from {self.first_position} on"
