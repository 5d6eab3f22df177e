"""The functions that keep what is suppressed as its events say."""

from collections.abc import Iterator

from projections.inline.functions import SCHEMA, guard_statements
from versioning.viewpoints.visibility import SUPPRESSED

SUPPRESS = f"{SCHEMA}.suppress"
SUPPRESS_CHANGESET = f"{SCHEMA}.suppress_changeset"

CHANGESETS = "public.eventstore_suppressedchangeset"

_OF_VERSIONS = f"""
CREATE FUNCTION {SUPPRESS}(first bigint, entity uuid, branch int, spans jsonb)
RETURNS void LANGUAGE plpgsql
AS $$
DECLARE
    writing text;
BEGIN
    writing := set_config('projections.writing', '1', true);
    DELETE FROM {SUPPRESSED} WHERE entity_id = entity AND branch_number = branch;
    INSERT INTO {SUPPRESSED} (entity_id, branch_number, first_position, end_position)
    SELECT entity, branch, (span ->> 0)::bigint, (span ->> 1)::bigint
      FROM jsonb_array_elements(spans) AS span;
    writing := set_config('projections.writing', '', true);
END $$
"""


_OF_CHANGESET = f"""
CREATE FUNCTION {SUPPRESS_CHANGESET}(first bigint, changeset bigint, is_suppressed boolean)
RETURNS void LANGUAGE plpgsql
AS $$
DECLARE
    writing text;
BEGIN
    writing := set_config('projections.writing', '1', true);
    DELETE FROM {CHANGESETS} WHERE changeset_id = changeset;
    INSERT INTO {CHANGESETS} (changeset_id) SELECT changeset WHERE is_suppressed;
    writing := set_config('projections.writing', '', true);
END $$
"""


def statements() -> Iterator[str]:
    """CREATE statements of the functions, and of the triggers that guard their tables."""
    yield _OF_VERSIONS
    yield _OF_CHANGESET
    yield from guard_statements(SUPPRESSED)
    yield from guard_statements(CHANGESETS)
