"""The plain contestant: hand-written SQL, prepared, on psycopg's own cursor."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from eventstore.connection import server_cursor

SCHEMA = Path(__file__).with_name("plain.sql")

_FACTS = "slug, name, park, category, status, opened, maker, height_m, length_m, inversions, body"

_READ = "SELECT * FROM plain_coaster WHERE id = %s"

_EDIT = f"""
WITH head AS (
    UPDATE plain_coaster SET height_m = %(height)s, version = version + 1
     WHERE id = %(id)s AND version = %(version)s RETURNING *
), closed AS (
    UPDATE plain_coasterversion AS v SET valid_to = clock_timestamp() FROM head
     WHERE v.id = head.id AND v.branch = 1 AND v.valid_to = '9999-12-31'
)
INSERT INTO plain_coasterversion (id, version, {_FACTS}) SELECT id, version, {_FACTS} FROM head
"""

_CREATE = f"""
WITH head AS (
    INSERT INTO plain_coaster (id, version, {_FACTS})
    SELECT gen_random_uuid(), 1, u.slug, u.name, u.park, 'roller-coaster', 'operating', u.opened,
           u.maker, u.height_m, u.length_m, u.inversions, u.body
      FROM unnest(%(slug)s::text[], %(name)s::text[], %(park)s::int[], %(opened)s::text[],
                  %(maker)s::text[], %(height_m)s::numeric[], %(length_m)s::numeric[],
                  %(inversions)s::int[], %(body)s::text[])
           AS u(slug, name, park, opened, maker, height_m, length_m, inversions, body)
    RETURNING *
)
INSERT INTO plain_coasterversion (id, version, {_FACTS}) SELECT id, version, {_FACTS} FROM head
RETURNING id
"""

_EDIT_MANY = f"""
WITH head AS (
    UPDATE plain_coaster AS h SET height_m = u.height, version = version + 1
      FROM unnest(%(ids)s::uuid[], %(heights)s::numeric[]) AS u(id, height)
     WHERE h.id = u.id RETURNING h.*
), closed AS (
    UPDATE plain_coasterversion AS v SET valid_to = clock_timestamp() FROM head
     WHERE v.id = head.id AND v.branch = 1 AND v.valid_to = '9999-12-31'
)
INSERT INTO plain_coasterversion (id, version, {_FACTS}) SELECT id, version, {_FACTS} FROM head
"""

_ON_BRANCH = f"""
INSERT INTO plain_coasterversion (id, version, {_FACTS}, branch)
SELECT id, version + 1, {_FACTS.replace("height_m", "%(height)s::numeric")}, %(branch)s
  FROM plain_coaster WHERE id = ANY(%(ids)s)
"""

_AT = """
SELECT DISTINCT ON ({key}) * FROM plain_coasterversion
 WHERE {where} AND (branch = %(branch)s AND valid_from <= %(at)s AND %(at)s < valid_to
                 OR branch = 1 AND valid_from <= %(at)s AND %(at)s < valid_to)
 ORDER BY {key}, branch DESC LIMIT 50
"""

_PAST = """
SELECT * FROM plain_coasterversion
 WHERE {where} AND branch = 1 AND valid_from <= %(at)s AND %(at)s < valid_to {order}
"""

_MERGE = f"""
WITH brought AS (
    SELECT theirs.* FROM plain_coasterversion AS theirs
      JOIN plain_coaster AS ours USING (id)
     WHERE theirs.branch = %(branch)s AND theirs.valid_to = '9999-12-31'
       AND ours.version = theirs.version - 1
), head AS (
    UPDATE plain_coaster AS h SET version = b.version, height_m = b.height_m, body = b.body,
           name = b.name, slug = b.slug, park = b.park, status = b.status
      FROM brought AS b WHERE h.id = b.id RETURNING h.*
), closed AS (
    UPDATE plain_coasterversion AS v SET valid_to = clock_timestamp() FROM head
     WHERE v.id = head.id AND v.branch = 1 AND v.valid_to = '9999-12-31'
)
INSERT INTO plain_coasterversion (id, version, {_FACTS}) SELECT id, version, {_FACTS} FROM head
"""


def create_tables() -> None:
    _run(SCHEMA.read_text())


def create(rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
    names = [n for n in rows[0] if n not in ("category", "status")]
    found = _run(_CREATE, {name: [row[name] for row in rows] for name in names})
    return [row[0] for row in found]


def edit(entity_id: UUID, height: int) -> None:
    """Read the head, change a field: the version that was read must still be there."""
    ((_, version, *_),) = _run(_READ, [entity_id])
    _run(_EDIT, {"id": entity_id, "version": version, "height": height})


def edit_many(ids: Sequence[UUID], heights: Sequence[int]) -> None:
    _run(_EDIT_MANY, {"ids": ids, "heights": heights})


def fork(name: str) -> int:
    ((number,),) = _run("INSERT INTO plain_branch (name) VALUES (%s) RETURNING number", [name])
    return int(number)


def edit_on_branch(branch: int, ids: Sequence[UUID], height: int) -> None:
    _run(_ON_BRANCH, {"branch": branch, "ids": ids, "height": height})


def merge(branch: int) -> None:
    """Bring over what main did not change meanwhile, in one statement."""
    _run(_MERGE, {"branch": branch})


def one(entity_id: UUID) -> None:
    _run(_READ, [entity_id])


def of_park(park: int) -> None:
    _run("SELECT * FROM plain_coaster WHERE park = %s ORDER BY name, id", [park])


def one_in_past(entity_id: UUID, at: datetime) -> None:
    _run(_PAST.format(where="id = %(id)s", order=""), {"id": entity_id, "at": at})


def of_park_in_past(park: int, at: datetime) -> None:
    _run(_PAST.format(where="park = %(park)s", order="ORDER BY name, id"), {"park": park, "at": at})


def one_on_branch(entity_id: UUID, branch: int, at: datetime) -> None:
    _run(_AT.format(where="id = %(id)s", key="id"), {"id": entity_id, "branch": branch, "at": at})


def of_park_on_branch(park: int, branch: int, at: datetime) -> None:
    _run(
        _AT.format(where="park = %(park)s", key="name, id"),
        {"park": park, "branch": branch, "at": at},
    )


def now() -> datetime:
    """The server's clock, which versions are stamped with."""
    ((moment,),) = _run("SELECT clock_timestamp()", [])
    assert isinstance(moment, datetime)
    return moment


def history(entity_id: UUID) -> None:
    _run(
        "SELECT * FROM plain_coasterversion WHERE id = %s AND branch = 1 ORDER BY valid_from DESC",
        [entity_id],
    )


def _run(statement: str, parameters: Any = None) -> list[Any]:
    with server_cursor() as cursor:
        cursor.execute(statement, parameters, prepare=parameters is not None)
        return cursor.fetchall() if cursor.description else []
