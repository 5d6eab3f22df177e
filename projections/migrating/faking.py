"""`migrate --fake`: an operator's word that the tables are changed is taken, as far as it is true.

The log is told what the state says, as by any migration. What the rows hold that stood already is
read from them: no operation gave it. Tables that are not as the state says are refused.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from eventstore.errors import Refusal
from versioning.entities.kinds import DocumentField, Kind


class NotAsTheStateSays(Refusal):
    """A migration was said to be made already, and is not."""

    code = "not-as-the-state-says"
    status = 409


_MISSING = """
SELECT wanted.name FROM unnest(%s::text[], %s::text[]) AS wanted(name, type)
  LEFT JOIN pg_attribute AS a
    ON a.attrelid = to_regclass(%s) AND a.attname = wanted.name AND NOT a.attisdropped
 WHERE a.attnum IS NULL OR a.atttypid <> to_regtype(wanted.type)
    OR a.atttypmod <> to_regtypemod(wanted.type)
"""


def require_tables(kinds: Iterable[Kind]) -> None:
    """Refuse tables whose columns are not those of the state. Raises NotAsTheStateSays."""
    for kind in kinds:
        types = {f.column: f.column_type for f in kind.column_fields}
        for table in (kind.head, kind.versions):
            with connection.cursor() as cursor:
                cursor.execute(_MISSING, [list(types), list(types.values()), table])
                missing = [name for (name,) in cursor.fetchall()]
            if missing:
                told = ", ".join(f"{name} ({types[name]})" for name in missing)
                raise NotAsTheStateSays(
                    f"--fake says that {table} has these columns, and it has not: {told}.",
                    hint="Change both tables of the model first, or leave --fake out.",
                )


def value_in_rows(kind: Kind, f: DocumentField) -> Any:
    """The one value that every version has in a column that is new; its default, if there is none.

    Raises NotAsTheStateSays where they have several: an event that does not mention the field
    means one.
    """
    rows = kind.version_model._base_manager.order_by().values_list(f.attribute, flat=True)
    match list(rows.distinct()[:2]):
        case []:
            return f.absent
        case [value]:
            return f.blank if f.is_references and not value else f.to_json(value)
    raise NotAsTheStateSays(
        f"The versions of {kind.label} have several values in {f.name}, which no event led to.",
        hint="Give all of them one, and the others by a migration with RunLogged.",
    )


def value_for_nothing(before: Mapping[str, Kind], kind: Kind, f: DocumentField) -> Any:
    """What stands where nothing did, of a field that may not be empty any more; None else."""
    known = before[kind.label].fields.get(f.name) if kind.label in before else None
    was_empty = known is not None and known.model_field.null and not f.model_field.null
    return f.absent if was_empty and f.model_field.has_default() else None
