"""One step of the schema: what a migration does to kinds, and all that follows, or nothing.

All locks come first (see `locking`). Then whatever keeps tables from being altered
is taken away, the migration runs, the log is told what changed, and what was taken away is made
from the new models. Other sessions see it before or after.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.management import CommandError
from django.db import DatabaseError, connection, transaction
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from psycopg.errors import RestrictViolation

from eventstore.errors import Refusal
from projections.inline import schema
from projections.migrating.faking import (
    NotAsTheStateSays,
    require_tables,
    value_for_nothing,
    value_in_rows,
)
from projections.migrating.locking import TablesAreBusy, lock_kinds
from projections.rebuild import mend_kinds
from projections.replay import CannotReplay
from versioning.branches.genesis import ensure_main
from versioning.entities.kinds import Kind, kind_of, reading_as
from versioning.migrating import under_way
from versioning.migrating.hints import Hints, versions_lost
from versioning.migrating.states import kinds_in, touched
from versioning.migrating.under_way import Filled
from versioning.models import Branch
from versioning.operations import Upcast
from versioning.postgresql.editor import fill_key
from versioning.schema.differences import Differences, Hint, SchemaChange
from versioning.schema.events import Carrying
from versioning.schema.reading import read_lines
from versioning.schema.recording import declare, record_schema


class MigrationRefused(Refusal, CommandError):
    """A migration that would leave rows and log apart; nothing of it was kept."""

    code = "migration-refused"
    status = 500

    def __init__(self, migration: Migration, problem: str, hint: str) -> None:
        super().__init__(
            f"The migration {migration.app_label}.{migration.name} was refused, and nothing of it "
            f"was kept: {problem}",
            hint,
        )


_REWRITES = frozenset({Carrying.LISTED, Carrying.FIRST, Carrying.UPCASTER})
"""What PostgreSQL cannot do to rows by itself: they are made anew from the log."""


_CHECK_KEYS = ("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED")


class Step:
    """A migration of kinds that is under way, inside its transaction."""

    def __init__(
        self,
        migration: Migration,
        hints: Hints,
        labels: set[str],
        *,
        is_current: bool,
        faked: Mapping[str, Kind] | None,
    ) -> None:
        """`is_current`: what is derived from the other kinds is what the code would make.

        `faked` are the kinds before, where somebody says that the tables are changed already.
        """
        self.message = f"Migrate {migration.app_label} {migration.name}"
        self.fills: dict[Filled, Any] = {}
        self._is_current = is_current
        self._faked = faked
        self._hints = hints
        self._labels = labels

    def settle(
        self,
        state: ProjectState,
        *,
        before: Operation | None = None,
        after: Operation | None = None,
    ) -> None:
        """See `MigrationStep`."""
        # What was written has foreign keys to be checked; PostgreSQL alters no table before that.
        schema.run(_CHECK_KEYS)
        kinds = kinds_in(state.apps)
        changed = [kind for label, kind in kinds.items() if label in self._labels]
        with reading_as(kinds):
            if self._faked is not None:
                require_tables(changed)
            changes = self._record(kinds, self._hints.take(before=before, after=after))
            schema.remove(changed)
            schema.make(changed)
            if self._is_current:
                schema.sign()
            rewritten = {each["kind"] for _, each in changes if each.get("carrying") in _REWRITES}
            if rewritten:
                mend_kinds([kinds[label] for label in rewritten])
                schema.run(_CHECK_KEYS)
        self.fills.clear()

    def _record(self, kinds: dict[str, Kind], hints: list[Hint]) -> list[SchemaChange]:
        """Append what is otherwise than the log says."""
        lines = read_lines()
        tables = connection.introspection.table_names()
        changes = list(Differences(lines, kinds, hints=hints, fills=self._filled, tables=tables))
        record_schema(changes, after=lines.version, message=self.message)
        return changes

    def _filled(self, kind: str, field: str, *, is_new: bool) -> Any:
        """What versions got that stood already, as the schema editor gave it."""
        f = kind_of(kind).fields[field]
        if self._faked is not None:
            if is_new:
                return value_in_rows(kind_of(kind), f)
            return value_for_nothing(self._faked, kind_of(kind), f)
        if f.is_references:
            return f.blank if is_new else None
        value = self.fills.get(fill_key(f.model_field))
        return f.blank if value is None and is_new else f.to_json(value)


@contextmanager
def migrating(
    migration: Migration,
    before: ProjectState,
    after: ProjectState,
    *,
    backwards: bool = False,
    is_faked: bool = False,
) -> Iterator[Step]:
    """The transaction in which a migration changes kinds. Raises MigrationRefused."""
    labels = touched(before, after) | _upcast(migration)
    if labels and not migration.atomic:
        raise MigrationRefused(
            migration,
            "It changes versioned models and is not atomic, so that it could be left half done.",
            "Make it atomic, and give what cannot be (a concurrent index) a migration of its own.",
        )
    if lost := versions_lost(migration, before, backwards=backwards):
        raise MigrationRefused(
            migration,
            f"It would drop every version of {lost} and keep the model.",
            f"Rename {lost.split('.')[-1]}version as well: `makemigrations` does, where it is told "
            "that the model was renamed.",
        )
    hints = Hints(migration, before, backwards=backwards)
    try:
        with transaction.atomic():
            kinds = kinds_in(before.apps)
            with reading_as(kinds):
                lock_kinds(kind for label, kind in kinds.items() if label in labels)
                if not read_lines().version:
                    declare(kinds, "Kinds of pages, and their fields.")
                is_current = schema.made_digest() == schema.digest()
                schema.place(kinds.values())
                schema.remove(kind for label, kind in kinds.items() if label in labels)
            faked = kinds if is_faked else None
            step = Step(migration, hints, labels, is_current=is_current, faked=faked)
            under_way.begin(step)
            yield step
    except DatabaseError as error:
        raise _refusal(migration, error) from error
    except (TablesAreBusy, CannotReplay, NotAsTheStateSays) as error:
        raise MigrationRefused(migration, error.sentence, error.hint) from None
    finally:
        under_way.begin(None)


def _upcast(migration: Migration) -> set[str]:
    """The kinds whose values are carried over, though their columns may stay as they are."""
    return {
        f"{migration.app_label}.{each.model_name_lower}"
        for each in migration.operations
        if isinstance(each, Upcast)
    }


@contextmanager
def beside_the_log(migration: Migration) -> Iterator[None]:
    """A migration that changes no kind. Raises MigrationRefused where it writes entities' rows."""
    try:
        yield
    except DatabaseError as error:
        if isinstance(error.__cause__, RestrictViolation):
            raise _refusal(migration, error) from error
        raise


def _refusal(migration: Migration, error: DatabaseError) -> MigrationRefused:
    problem = str(error).splitlines()[0] if str(error) else repr(error)
    if isinstance(error.__cause__, RestrictViolation):
        return MigrationRefused(
            migration,
            problem,
            "Use versioning.operations.RunLogged in place of RunPython or RunSQL.",
        )
    return MigrationRefused(
        migration,
        f"PostgreSQL says: {problem.rstrip('.')}.",
        "Every version counts, old ones and those of branches too. Correct the values, carry them "
        "over by an upcaster, or make another field.",
    )


def has_begun() -> bool:
    """Whether there is a log whose events have to be read by what comes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.eventstore_changeset') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT EXISTS (SELECT FROM public.eventstore_changeset)")
        return bool(cursor.fetchone()[0])


def begin_log(migration: Migration, state: ProjectState) -> None:
    """Begin an empty log, for a migration that writes entities. Raises MigrationRefused."""
    kinds = kinds_in(state.apps)
    if kind_of(Branch).label not in kinds:
        raise MigrationRefused(
            migration,
            "It changes entities of versioned models before there is a log.",
            "Let it depend on the newest migration of `versioning`.",
        )
    with reading_as(kinds), transaction.atomic():
        schema.make_all()
        ensure_main()
