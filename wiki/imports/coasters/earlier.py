"""What the last import said of an entity: the base against which a file's changes are told
from people's.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from eventstore.models import Changeset, ChangesetKind
from versioning.entities.kinds import Document, Kind
from versioning.entities.versions import rows_in, to_version
from versioning.viewpoints.chain import Viewpoint

MARK = "coasters"
"""The key in a changeset's details that says it was made by this import.

Its value maps an entity to the fields in which people's word was kept, with the file's.
"""

Kept = dict[str, dict[str, Any]]


def last_told(kind: Kind, entity_ids: Iterable[UUID], at: Viewpoint) -> dict[UUID, Document]:
    """Each entity as the file told it when it was last imported; those never imported left out.

    Cost: two queries, and a walk through these entities' versions.
    """
    imports = list(_imports(at))
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


def _imports(at: Viewpoint) -> Iterator[tuple[int, int, Kept]]:
    """Positions of earlier imports that the viewpoint sees, with what they did not overrule."""
    found = Changeset.objects.filter(
        kind=ChangesetKind.IMPORT, details__contains=f'"{MARK}"', branch__in=dict(at.chain)
    )
    for changeset in found.order_by("first_position"):
        upto = dict(at.chain)[changeset.branch]
        if upto is None or changeset.first_position <= upto:
            kept = json.loads(changeset.details)[MARK]
            yield changeset.first_position, changeset.last_position, kept
