"""Changes as calls of the generated functions, one per kind."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventstore.log import ProjectionCall
from projections.inline.functions import function_name, vacater_name
from projections.inline.suppression import SUPPRESS, SUPPRESS_CHANGESET
from versioning.branches.constraints import rules_of
from versioning.entities.changes import Change, Operation
from versioning.entities.kinds import Document, Kind
from versioning.events import MAIN


class Projector:
    """Writes rows in the append's own statement; registered with `versioning`."""

    def calls(self, changes: Sequence[Change]) -> list[ProjectionCall]:
        """A call for each kind among the changes; before it, one that makes room, if need be."""
        by_kind: dict[str, list[tuple[int, Change]]] = {}
        for place, change in enumerate(changes):
            by_kind.setdefault(change.kind.label, []).append((place, change))
        calls: list[ProjectionCall] = []
        for number, placed in enumerate(by_kind.values()):
            kind = placed[0][1].kind
            vacated = _vacated(kind, [change for _, change in placed])
            if vacated:
                calls.append(_vacation(number, kind, vacated))
            calls.append(_call(number, kind, placed))
        return calls

    def suppression_call(
        self, entity_id: UUID, branch: int, spans: Sequence[Sequence[int]]
    ) -> ProjectionCall:
        """The call that makes some spans what is hidden of an entity on a branch."""
        return ProjectionCall(
            f"{SUPPRESS}(a.first_position, %(hidden_entity)s::uuid, %(hidden_branch)s::int,"
            " %(hidden_spans)s::jsonb)",
            {
                "hidden_entity": entity_id,
                "hidden_branch": branch,
                "hidden_spans": json.dumps(spans),
            },
        )

    def changeset_suppression_call(self, changeset: int, *, is_suppressed: bool) -> ProjectionCall:
        """The call that hides what a changeset says of itself, or shows it again."""
        return ProjectionCall(
            f"{SUPPRESS_CHANGESET}(a.first_position, %(hidden_changeset)s::bigint,"
            " %(is_hidden)s::boolean)",
            {"hidden_changeset": changeset, "is_hidden": is_suppressed},
        )


def _call(number: int, kind: Kind, placed: Sequence[tuple[int, Change]]) -> ProjectionCall:
    rows, relink = f"rows_{number}", f"relink_{number}"
    return ProjectionCall(
        f"{function_name(kind)}(a.first_position, %({rows})s::jsonb, %({relink})s::boolean)",
        {
            rows: json.dumps([row(place, change) for place, change in placed]),
            relink: any(_touches_links(change) for _, change in placed),
        },
    )


def _vacated(kind: Kind, changes: Sequence[Change]) -> list[UUID]:
    """The entities of main's head that leave a unique value which another change may take."""
    if len(changes) < 2:
        return []
    names = rules_of(kind).unique_fields
    leaving, taking = set[UUID](), set[UUID]()
    for change in changes:
        if change.branch != MAIN or not names:
            continue
        is_changed = not names.isdisjoint(change.values)
        match change.operation:
            case Operation.CREATE | Operation.RESTORE:
                taking.add(change.entity_id)
            case Operation.DELETE:
                leaving.add(change.entity_id)
            case Operation.CHANGE if is_changed:
                leaving.add(change.entity_id)
                taking.add(change.entity_id)
    return sorted(leaving) if taking and len(leaving | taking) > 1 else []


def _vacation(number: int, kind: Kind, vacated: Sequence[UUID]) -> ProjectionCall:
    ids = f"vacated_{number}"
    return ProjectionCall(f"{vacater_name(kind)}(%({ids})s::uuid[])", {ids: list(vacated)})


def row(place: int, change: Change) -> dict[str, Any]:
    """A change as the function reads it; `place` counts from the append's first event."""
    return {
        "place": place,
        "id": str(change.entity_id),
        "branch": change.branch,
        "base": change.base_branch or change.branch,
        "before": change.base_version,
        "version": change.version,
        "deleted": change.operation is Operation.DELETE,
        "released": change.operation is Operation.RELEASE,
        "values": change.kind.row(_said(change)),
    }


def _said(change: Change) -> Document:
    """What the function has to be told: what a new entity does not have it knows itself."""
    if change.operation is Operation.CREATE:
        return change.kind.compact(change.values)
    return change.values


def _touches_links(change: Change) -> bool:
    """Whether an entity's references may stand in other link rows afterwards."""
    names = [f.name for f in change.kind.reference_fields]
    if not names:
        return False
    match change.operation:
        case Operation.CREATE:
            return any(change.values.get(name) for name in names)
        case Operation.CHANGE:
            return change.is_inherited or any(name in change.values for name in names)
    return True
