"""Tables, beside twins that the migrations would make: columns, constraints, indexes.

A restore that went wrong, or somebody who may alter tables, leaves rows as they were and takes away
what keeps them right. Each table is made once more, empty, in the session's temporary schema. What
stands beside what migrations make (an index of the operator's own, a default) is nobody's fault.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from eventstore.integrity import Finding
from eventstore.sqlfiles import statement
from projections.audit.twins import temporary_schema
from projections.inline import schema
from projections.migrating.elsewhere import ENGINE
from versioning.entities.kinds import HEADS, kinds

_LIVE = ("public", HEADS)
_PLACE = re.compile(rf'\b(?:public|{HEADS}|pg_temp(?:_\d+)?)\.(?=["\w])')

_DEFINITIONS = [statement(__file__, name) for name in ("columns", "constraints", "indexes")]
_SEQUENCE = statement(__file__, "sequence")
_GRANTS = statement(__file__, "grants")

_LOG_TABLES = ("eventstore_event", "eventstore_changeset")
_SEQUENCE_AS_MADE = ("bigint", 1, 1, False)
_FAR = 2**62
"""Half of all positions: a sequence that is there was moved."""

Definition = tuple[str, str, str]
"""A table, a part of it, and what that says."""


def verify_tables() -> Iterator[Finding]:
    """What is missing of the tables of the engine and of kinds; who else may change the log.

    Cost: a second for a hundred tables, whatever they hold.
    """
    with _twins(_apps_of_ours()) as tables:
        made, live = _definitions(temporary_schema()), _definitions(*_LIVE)
    for table, part, says in sorted(made - live):
        if table in tables:
            yield Finding(f"{part} of {table}", f"is missing, or is not what was made: {says}.")
    yield from _sequence()
    yield from _grants()


def _apps_of_ours() -> frozenset[str]:
    return ENGINE | {kind.model._meta.app_label for kind in kinds()}


@contextmanager
def _twins(labels: frozenset[str]) -> Iterator[set[str]]:
    """The tables of some apps, as migrations make them, among others to which they refer."""
    with transaction.atomic():
        schema.run(["SET LOCAL search_path = pg_temp, public"])
        state = _migrated()
        ours = [each for each in state.apps.get_models() if each._meta.app_label in labels]
        with connection.schema_editor(atomic=False) as editor:
            for model in _with_referred(ours):
                editor.create_model(model)
        yield {model._meta.db_table for model in _with_links(ours)}
        transaction.set_rollback(True)


def _migrated() -> ProjectState:
    """The models as the migrations that were applied leave them."""
    loader = MigrationExecutor(connection).loader
    return loader.project_state(
        [node for node in loader.applied_migrations if node in loader.graph.nodes]
    )


def _with_referred(some: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    """Models with tables of their own, and all to which they refer: a key needs its target."""
    found: dict[type[models.Model], None] = {}
    waiting = list(some)
    while waiting:
        model = waiting.pop()
        options = model._meta
        if model in found or not options.managed or options.proxy or options.swapped:
            continue
        found[model] = None
        waiting += [
            each._meta.concrete_model or each
            for each in (f.related_model for f in options.get_fields() if f.concrete)
            if isinstance(each, type)
        ]
    return list(found)


def _with_links(some: Iterable[type[models.Model]]) -> Iterator[type[models.Model]]:
    for model in some:
        yield model
        for field in model._meta.local_many_to_many:
            through = field.remote_field.through
            assert through is not None
            yield through


def _definitions(*schemas: str) -> set[Definition]:
    found = set()
    for query in _DEFINITIONS:
        for table, part, says in _rows(query, [list(schemas)]):
            found.add((table, part, _PLACE.sub("", says)))
    return found


def _sequence() -> Iterator[Finding]:
    ((*as_made, reached, end),) = _rows(_SEQUENCE)
    subject = "sequence eventstore_position"
    if tuple(as_made) != _SEQUENCE_AS_MADE:
        yield Finding(subject, "is not the one that the migrations made.")
    if reached < end:
        yield Finding(subject, f"stands at {reached}, where the log ends at {end}.")
    elif reached > _FAR:
        yield Finding(subject, f"stands at {reached}, far beyond the log's end: it was moved.")


def _grants() -> Iterator[Finding]:
    for table, role, privilege in _rows(_GRANTS, [list(_LOG_TABLES)]):
        yield Finding(f"table {table}", f"may be changed by the role {role} ({privilege}).")


def _rows(query: str, parameters: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
