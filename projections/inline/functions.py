"""The generated functions that write head, version and link rows of a kind.

A function gets the position of the append's first event and the changes as
JSON; it copies each entity's previous version (of a new one, a row without
values) and overlays what changed, so that only differences travel. It is the
only thing that may write: triggers on the tables refuse everybody who has not
set `projections.writing`, which the function does around its statements.
"""

import json
from collections.abc import Iterator

from projections.names import quoted, unlike
from versioning.entities.kinds import HEAD_PATH, Kind, head_relation
from versioning.entities.tables import OPEN
from versioning.events import MAIN

SCHEMA = "projection"

GUARD = f"""
CREATE FUNCTION {SCHEMA}.refuse_strangers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('projections.writing', true) IS DISTINCT FROM '1' THEN
        RAISE EXCEPTION 'Rows of % follow the log; its projector alone writes them.', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation',
                  HINT = 'Save through the model: the edit becomes an event, and the row follows.';
    END IF;
    RETURN NULL;
END $$
"""

# Nested loops over indexes, whatever the tables' statistics say: the plan is
# kept for the session, and a fresh import outgrows what was true at its start.
# Rows that are changed are looked up first and told by their place (ctid), which
# others cannot move under the log's lock: in a join of an empty table with the
# changes PostgreSQL may begin with the table, and keeps to it when it is full.
# One plan for every call: where tables grew, PostgreSQL goes by what plans cost
# when they were small, and makes hundreds anew, of 0.6 ms each.
_SETTINGS = f"""
SET search_path = {HEAD_PATH}
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
"""


def writer_statements(kind: Kind) -> Iterator[str]:
    """CREATE statements of a kind's functions, and of the triggers that guard its tables."""
    yield _writer(kind)
    yield _vacater(kind)
    for relation in guarded_relations(kind):
        yield from guard_statements(relation)


def guard_statements(relation: str) -> Iterator[str]:
    """CREATE statements of the trigger that guards a table."""
    yield (
        f"CREATE TRIGGER refuse_strangers BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE"
        f" ON {relation} FOR EACH STATEMENT"
        f" EXECUTE FUNCTION {SCHEMA}.refuse_strangers()"
    )
    yield f"ALTER TABLE {relation} ENABLE ALWAYS TRIGGER refuse_strangers"


def drop_statements() -> Iterator[str]:
    """Take every function away and, with them, every trigger that calls the guard."""
    yield f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"


def drop_writer_statements(kind: Kind) -> Iterator[str]:
    """Take the functions away; the triggers stay in force."""
    yield f"DROP FUNCTION IF EXISTS {function_name(kind)}"
    yield f"DROP FUNCTION IF EXISTS {vacater_name(kind)}"


def head_tables(kind: Kind) -> list[str]:
    """What main's head of a kind stands in: entities, and the links of each references field."""
    return [kind.table, *(link._meta.db_table for _, link, _ in kind.link_models())]


def version_tables(kind: Kind) -> list[str]:
    """What a kind's versions stand in, links included."""
    return [kind.version_table, *(version._meta.db_table for _, _, version in kind.link_models())]


def guarded_tables(kind: Kind) -> list[str]:
    """Every table that follows a kind: head, versions, links and their versions."""
    return [*head_tables(kind), *version_tables(kind)]


def guarded_relations(kind: Kind) -> list[str]:
    """The same, as SQL names them."""
    heads = (head_relation(table) for table in head_tables(kind))
    return [*heads, *(f'public."{table}"' for table in version_tables(kind))]


def function_name(kind: Kind) -> str:
    """A kind's function. Its name tells the fields: code of other fields finds none, and stops."""
    return f'{SCHEMA}."{kind.table[:_LONGEST_NAME]}_{kind.digest}"'


def vacater_name(kind: Kind) -> str:
    """The function that takes head rows away, for the writer to put them back."""
    return f'{SCHEMA}."vacate_{kind.table[: _LONGEST_NAME - len("vacate_")]}_{kind.digest}"'


_LONGEST_NAME = 50
"""Characters of a table's name that still leave room for a digest: PostgreSQL cuts at 63."""


def _writer(kind: Kind) -> str:
    columns = [f.column for f in kind.columns_by_name]
    arrays = [f.column for f in kind.reference_fields]
    head = ["id", "version", "on_branch", *columns]
    from_versions = ["entity_id", "version", "branch_number", *columns]
    versions = ["entity_id", "branch_number", "valid_from", "valid_to", "version", "deleted",
                *columns, *arrays]  # fmt: skip
    updates = ", ".join(
        ["version = next.version", "on_branch = next.branch_number"]
        + [f'"{c}" = next."{c}"' for c in columns]
    )
    # They stand beside all columns of a version in one row.
    beside = [*versions, *kind.generated_columns]
    released, base_branch, base_place, head_place = (
        unlike(beside, name) for name in ("released", "base_branch", "base_place", "head_place")
    )
    links = "".join(_links(kind)).rstrip()
    nothing = (
        "'" + json.dumps(kind.row(kind.blank()), sort_keys=True).replace("'", "''") + "'::jsonb"
    )
    relink = f"\n    IF relink THEN{_TAKE_PLACES}{links}\n    END IF;" if links else ""
    return f"""
CREATE FUNCTION {function_name(kind)}(first bigint, changes jsonb, relink boolean)
RETURNS void LANGUAGE plpgsql {_SETTINGS}
AS {_QUOTE}
#variable_conflict use_column
DECLARE
    writing text;{_PLACES_DECLARED if links else ""}
BEGIN
    writing := set_config('projections.writing', '1', true);
    WITH next AS MATERIALIZED (
        SELECT change.released AS {released}, previous.branch_number AS {base_branch},
               previous.place AS {base_place}, n.*,
               (SELECT h.ctid FROM {kind.head} AS h
                 WHERE h.id = change.id AND change.branch = {MAIN}) AS {head_place}
          FROM {_CHANGES}
          LEFT JOIN LATERAL (
               SELECT v.ctid AS place, v.branch_number, v.*::{kind.versions} AS row
                 FROM {kind.versions} AS v
                WHERE {_version_between("change.id, change.base", "0", str(OPEN))}
                  AND v.version = change.before
                ORDER BY v.entity_id DESC, v.branch_number DESC, v.valid_from DESC
                LIMIT 1) AS previous ON true
         CROSS JOIN LATERAL jsonb_populate_record(
               coalesce(previous.row,
                   (SELECT jsonb_populate_record(NULL::{kind.versions}, {nothing}))),
               change.values || jsonb_build_object(
                   'entity_id', change.id, 'branch_number', change.branch,
                   'valid_from', first + change.place, 'valid_to', {OPEN}::bigint,
                   'version', change.version, 'deleted', change.deleted)) AS n
    ), closed AS (
        UPDATE {kind.versions} AS v SET valid_to = next.valid_from
          FROM next
         WHERE v.ctid = next.{base_place} AND next.{base_branch} = next.branch_number
    ), opened AS (
        INSERT INTO {kind.versions} ({quoted(versions)})
        SELECT {quoted(versions)} FROM next WHERE NOT {released}
    ), gone AS (
        DELETE FROM {kind.head} AS h USING next
         WHERE h.ctid = next.{head_place} AND next.deleted
    ), renewed AS (
        UPDATE {kind.head} AS h SET {updates}
          FROM next
         WHERE h.ctid = next.{head_place} AND NOT next.deleted
    )
    INSERT INTO {kind.head} ({quoted(head)})
    SELECT {quoted(from_versions)} FROM next
     WHERE branch_number = {MAIN} AND NOT deleted AND {head_place} IS NULL;{relink}
    writing := set_config('projections.writing', '', true);
END {_QUOTE}
"""


def _vacater(kind: Kind) -> str:
    """A unique index looks at each row as it is written: those that swap values make room first."""
    return f"""
CREATE FUNCTION {vacater_name(kind)}(ids uuid[])
RETURNS void LANGUAGE plpgsql {_SETTINGS}
AS {_QUOTE}
#variable_conflict use_variable
DECLARE
    writing text;
BEGIN
    writing := set_config('projections.writing', '1', true);
    DELETE FROM {kind.head} AS h WHERE h.id = ANY(ids);
    writing := set_config('projections.writing', '', true);
END {_QUOTE}
"""


_QUOTE = "$writer$"
"""No value that a field may have ends a function's body."""


_CHANGES = (
    "jsonb_to_recordset(changes) AS change(place int, id uuid, branch int, base int, before int,"
    " version int, deleted boolean, released boolean, values jsonb)"
)
_PLACES_DECLARED = """
    ids uuid[]; branches int[]; positions bigint[]; versions int[]; shown boolean[];"""
_TAKE_PLACES = """
        SELECT array_agg(id), array_agg(branch), array_agg(first + place), array_agg(version),
               array_agg(NOT deleted AND NOT released)
          INTO ids, branches, positions, versions, shown
          FROM jsonb_to_recordset(changes) AS change(
               place int, id uuid, branch int, version int, deleted boolean, released boolean);"""
_PLACES = (
    "unnest(ids, branches, positions, versions, shown) AS change(id, branch, at, version, is_shown)"
)
"""The changes without their values, read once: each link table asks for them several times."""


def _version_between(owner: str, first: str, last: str) -> str:
    """The condition for versions of an entity on a branch that begin at some of the positions.

    Bounds of rows, which the primary key alone can serve: by equality a plan that was made while
    the table was empty goes by branch and position, past all other entities.
    """
    return (
        "(v.entity_id, v.branch_number, v.valid_from)"
        f" BETWEEN ({owner}, {first}) AND ({owner}, {last})"
    )


def _links(kind: Kind) -> Iterator[str]:
    """Close and open the link rows of the entities of this append, and follow at the head.

    A stream's first version has no links before it that could be closed.
    """
    for f, link, link_version in kind.link_models():
        wanted = f"""
        SELECT change.id AS owner_id, change.branch, change.at,
               r.target_id, (r.ordinal - 1)::int AS ordinal
          FROM {_PLACES}
          JOIN {kind.versions} AS v
            ON {_version_between("change.id, change.branch", "change.at", "change.at")}
         CROSS JOIN LATERAL unnest(v."{f.column}") WITH ORDINALITY AS r(target_id, ordinal)
         WHERE change.is_shown"""
        versions = f'public."{link_version._meta.db_table}"'
        heads = head_relation(link._meta.db_table)
        yield f"""
        UPDATE {versions} AS l SET valid_to = change.at
          FROM {_PLACES}
         WHERE change.version > 1
           AND l.owner_id = change.id AND l.branch_number = change.branch AND l.valid_to = {OPEN}
           AND NOT EXISTS (SELECT FROM ({wanted}) AS w
                WHERE w.owner_id = l.owner_id AND w.branch = l.branch_number
                  AND w.target_id = l.target_id AND w.ordinal = l.ordinal);
        INSERT INTO {versions} (branch_number, valid_from, valid_to, owner_id, target_id, ordinal)
        SELECT w.branch, w.at, {OPEN}, w.owner_id, w.target_id, w.ordinal FROM ({wanted}) AS w
         WHERE NOT EXISTS (SELECT FROM {versions} AS l
                WHERE l.owner_id = w.owner_id AND l.branch_number = w.branch
                  AND l.valid_to = {OPEN} AND l.target_id = w.target_id AND l.ordinal = w.ordinal);
        DELETE FROM {heads} AS h USING {_PLACES}
         WHERE change.version > 1 AND h.owner_id = change.id AND change.branch = {MAIN};
        INSERT INTO {heads} (owner_id, target_id, ordinal)
        SELECT w.owner_id, w.target_id, w.ordinal FROM ({wanted}) AS w WHERE w.branch = {MAIN};"""
