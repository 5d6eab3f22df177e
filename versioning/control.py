"""`Ride.version_control`: branches, from where the model stands.

Ride.version_control.branches()
Ride.version_control.fork("spring-refresh")
Ride.version_control.diff("main", "spring-refresh")
Ride.version_control.merge("spring-refresh")
Ride.version_control.merge("spring-refresh", each=True)
Ride.version_control.revert(45)
"""

from typing import TYPE_CHECKING, Any, Literal, Self, overload

from django.db.models import Model, QuerySet

from eventstore import log

if TYPE_CHECKING:
    from eventstore.models import Changeset
    from versioning.branches.compare import Difference
    from versioning.branches.proposals import MergedEach
    from versioning.models import Branch


class VersionControlManager:
    """What can be done with branches; `diff` is narrowed to the model that has it."""

    def __set_name__(self, owner: type[Model], name: str) -> None:
        self._model = owner

    def __get__(self, instance: Any, owner: type[Model]) -> Self:
        self._model = owner
        return self

    def branches(self) -> "QuerySet[Branch]":
        """Every branch that is open, main first."""
        from versioning.models import Branch, BranchState

        return Branch.objects.filter(state=BranchState.OPEN).order_by("number")

    def fork(self, name: str, **options: Any) -> "Branch":
        """Fork a branch; see `versioning.branches.fork`."""
        from versioning.branches.fork import fork

        return fork(name, **options)

    def diff(self, before: str, after: str) -> "list[Difference]":
        """The model's entities that two viewpoints (as addresses name them) show differently."""
        from versioning.branches.compare import compare
        from versioning.viewpoints.names import read_viewpoint

        found = compare(read_viewpoint(before), read_viewpoint(after))
        return [difference for difference in found if difference.kind.model is self._model]

    @overload
    def merge(self, branch: str, *, each: Literal[False] = ..., **options: Any) -> log.Sealed: ...
    @overload
    def merge(self, branch: str, *, each: Literal[True], **options: Any) -> "MergedEach": ...
    def merge(
        self, branch: str, *, each: bool = False, **options: Any
    ) -> "log.Sealed | MergedEach":
        """Merge a branch into its parent, as one changeset or `each` of its changesets as one.

        See `versioning.branches.merge`, and `merge_changesets` of `versioning.branches.proposals`.
        """
        from versioning.branches.merge import merge
        from versioning.branches.proposals import merge_changesets

        act = merge_changesets if each else merge
        return act(_branch(branch), **options)

    def sync(self, branch: str, **options: Any) -> log.Sealed:
        """Sync a branch from its parent; see `versioning.branches.sync`."""
        from versioning.branches.sync import sync

        return sync(_branch(branch), **options)

    def revert(self, *changesets: "int | Changeset", **options: Any) -> log.Sealed:
        """Revert changesets, by themselves or by number; see `versioning.branches.revert`."""
        from versioning.branches.revert import revert

        return revert(changesets, **options)


def _branch(name: str) -> "Branch":
    """Raises NoSuchBranch, and what `require_own_changeset` raises: elsewhere there are others."""
    from versioning.models import Branch
    from versioning.saving.context import require_own_changeset
    from versioning.viewpoints.chain import NoSuchBranch

    require_own_changeset()
    try:
        return Branch.objects.get(name=name)
    except Branch.DoesNotExist:
        raise NoSuchBranch(f"There is no branch called {name!r}.") from None
