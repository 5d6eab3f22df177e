"""Bring an entity back to an earlier version, by a new one: what came between stays history."""

from eventstore import log, reading
from eventstore.errors import Refusal
from versioning.branches.documents import state, versions_at
from versioning.branches.entity_plans import plan_entity
from versioning.branches.plans import Plan, record
from versioning.saving import writing
from versioning.saving.context import BranchIsClosed, require_own_changeset
from versioning.schema.missing import require_all_kinds
from versioning.viewpoints.chain import Viewpoint
from versioning.viewpoints.versions import EntityVersion


class CannotRestore(Refusal):
    """A version that cannot be brought back."""

    code = "cannot-restore"
    status = 409
    hint = "Choose another version."


def plan_restoration(version: EntityVersion, onto: Viewpoint) -> Plan:
    """What bringing a version back would do to a branch's head now.

    Raises CannotRestore, KindMissing.
    """
    if version.is_deleted:
        raise CannotRestore("This version is the page's deletion: there is nothing to bring back.")
    require_all_kinds()
    position = reading.last_position()
    entity = (version.kind.label, version.entity_id)
    now = versions_at(onto.chain, [entity]).get(entity)
    plan = plan_entity(entity, state(now), now, version)
    return Plan(onto, (plan,) if plan.changes_ours else (), position).checked_again()


def restore(planned: Plan, *, version: int, message: str = "") -> log.Sealed:
    """Do what was planned, as one changeset that tells the version's number.

    Raises CannotRestore, UnresolvedConflicts, BranchIsClosed, StaleStreams (something moved since
    it was `planned`: plan again).
    """
    require_own_changeset()
    if not planned.target.is_open:
        raise BranchIsClosed(f"The branch {planned.target.name!r} is archived.")
    changes = planned.changes()
    if not changes:
        raise CannotRestore("The page stands as it did in this version.")
    header = log.Header(
        planned.target.branch,
        writing.actor.get(),
        message or f"Back to version {version}",
        details={"restores_version": version},
    )
    guards = [planned.target.guard] if planned.target.guard else ()
    return record(planned, changes, header, guards=guards)
