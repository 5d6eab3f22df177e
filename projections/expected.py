"""What the tables should hold, as queries over replayed versions.

Heads and links follow from versions alone; audit and rebuild share these.
"""

from versioning.entities.kinds import DocumentField, Kind
from versioning.entities.tables import LATEST
from versioning.events import MAIN
from versioning.viewpoints.visibility import SqlBranch

VERSION_KEY = ["entity_id", "branch_number", "valid_from"]
HEAD_KEY = ["id"]
"""What tells the rows of a version table apart, and those of a head table."""


_ON_MAIN = SqlBranch(str(MAIN), str(LATEST))


def version_columns(kind: Kind) -> list[str]:
    """The columns of a version table that the log decides."""
    return [
        *VERSION_KEY,
        *("valid_to", "version", "deleted"),
        *(f.column for f in kind.fields.values()),
    ]


def head_columns(kind: Kind) -> list[str]:
    return [*HEAD_KEY, "version", "on_branch", *(f.column for f in kind.column_fields)]


def compared_as_text(kind: Kind) -> frozenset[str]:
    """The columns whose type may have no equality: those of a field class of somebody else's."""
    return frozenset(f.column for f in kind.column_fields if f.has_own_type)


def heads(kind: Kind, versions: str) -> str:
    """Main's head, from a table of versions."""
    own = ["entity_id AS id", "version", "branch_number AS on_branch"]
    columns = ", ".join([*own, *(f'"{f.column}"' for f in kind.column_fields)])
    return f"SELECT {columns} FROM {versions} AS v WHERE {_ON_MAIN.holds('v')} AND NOT v.deleted"


LINK_COLUMNS = ["owner_id", "target_id", "ordinal"]
LINK_VERSION_COLUMNS = ["branch_number", "valid_from", "valid_to", *LINK_COLUMNS]


def links(f: DocumentField, versions: str) -> str:
    """Main's links, from a table of versions."""
    return (
        "SELECT v.entity_id AS owner_id, r.target_id, (r.ordinal - 1)::int AS ordinal"
        f" FROM {versions} AS v"
        f' CROSS JOIN LATERAL unnest(v."{f.column}") WITH ORDINALITY AS r(target_id, ordinal)'
        f" WHERE {_ON_MAIN.holds('v')} AND NOT v.deleted"
    )


def link_versions(f: DocumentField, versions: str) -> str:
    """Links while they held: neighbouring versions with the same link are one row."""
    return f"""
        SELECT branch_number, min(valid_from) AS valid_from, max(valid_to) AS valid_to,
               owner_id, target_id, ordinal
          FROM (SELECT *, count(*) FILTER (WHERE begins) OVER w AS island
                  FROM (SELECT *, valid_from IS DISTINCT FROM lag(valid_to) OVER w AS begins
                          FROM (SELECT v.entity_id AS owner_id, v.branch_number, v.valid_from,
                                       v.valid_to, r.target_id, (r.ordinal - 1)::int AS ordinal
                                  FROM {versions} AS v
                                 CROSS JOIN LATERAL unnest(v."{f.column}")
                                       WITH ORDINALITY AS r(target_id, ordinal)
                                 WHERE NOT v.deleted) AS held
                        WINDOW w AS (PARTITION BY owner_id, branch_number, target_id, ordinal
                                     ORDER BY valid_from)) AS marked
                WINDOW w AS (PARTITION BY owner_id, branch_number, target_id, ordinal
                             ORDER BY valid_from)) AS numbered
         GROUP BY branch_number, owner_id, target_id, ordinal, island"""
