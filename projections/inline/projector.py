"""Changes as calls of the generated functions, one per kind."""

import json
from collections.abc import Sequence
from typing import Any

from eventstore.log import ProjectionCall
from projections.inline.functions import function_name
from versioning.entities.kinds import Document, Kind
from versioning.writing import Change, Operation


class Projector:
    """Writes rows in the append's own statement; registered with `versioning`."""

    def calls(self, changes: Sequence[Change]) -> list[ProjectionCall]:
        """One call for each kind among the changes."""
        by_kind: dict[str, list[tuple[int, Change]]] = {}
        for place, change in enumerate(changes):
            by_kind.setdefault(change.kind.label, []).append((place, change))
        return [
            _call(number, placed[0][1].kind, placed)
            for number, placed in enumerate(by_kind.values())
        ]


def _call(number: int, kind: Kind, placed: Sequence[tuple[int, Change]]) -> ProjectionCall:
    rows, relink = f"rows_{number}", f"relink_{number}"
    return ProjectionCall(
        f"{function_name(kind)}(a.first_position, %({rows})s::jsonb, %({relink})s::boolean)",
        {
            rows: json.dumps([row(place, change) for place, change in placed]),
            relink: any(_touches_links(change) for _, change in placed),
        },
    )


def row(place: int, change: Change) -> dict[str, Any]:
    """A change as the function reads it; `place` counts from the append's first event."""
    return {
        "place": place,
        "id": str(change.entity_id),
        "branch": change.branch,
        "base": change.base_branch or change.branch,
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
