"""What the last import said of an entity: the base against which a file's changes are told
from people's.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from eventstore.models import Changeset, ChangesetKind
from versioning.entities.kinds import Document, Kind
from versioning.viewpoints.chain import Viewpoint
from versioning.viewpoints.versions import rows_in, to_version

Kept = dict[str, dict[str, Any]]
"""The fields of entities in which people's word was kept, with the file's.

Stands in a changeset's details under the mark of the import that made it.
"""


def last_told(
    kind: Kind, entity_ids: Iterable[UUID], at: Viewpoint, mark: str
) -> dict[UUID, Document]:
    """Each entity as a file told it when it was last imported under a mark; others left out.

    Cost: two queries, and a walk through these entities' versions.
    """
    imports = list(_imports(at, mark))
    told: dict[UUID, Document] = {}
    branches = dict(at.chain)
    rows = rows_in(kind).filter(entity_id__in=list(entity_ids), branch_number__in=branches)
    versions = [to_version(kind, row) for row in rows.order_by("valid_from")]
    for first, last, kept in imports:
        for version in versions:
            if first <= version.position <= last:
                told[version.entity_id] = dict(version.document)
        for entity_id, fields in kept.items():
            if (known := told.get(UUID(entity_id))) is not None:
                known.update(fields)
    return told


def _imports(at: Viewpoint, mark: str) -> Iterator[tuple[int, int, Kept]]:
    """Positions of earlier imports that the viewpoint sees, with what they did not overrule."""
    found = Changeset.objects.filter(
        kind=ChangesetKind.IMPORT, recorded_details__contains=f'"{mark}"', branch__in=dict(at.chain)
    )
    for changeset in found.order_by("first_position"):
        upto = dict(at.chain)[changeset.branch]
        if upto is None or changeset.first_position <= upto:
            kept = json.loads(changeset.recorded_details)[mark]
            yield changeset.first_position, changeset.last_position, kept
