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
from psycopg.errors import DependentObjectsStillExist, FeatureNotSupported, RestrictViolation

from eventstore.errors import Refusal
from projections.inline import schema
from projections.migrating import by_hand
from projections.migrating.locking import lock_kinds
from projections.rebuild import mend_kinds
from versioning.branches.genesis import ensure_main
from versioning.entities.kinds import Kind, kind_of, kinds_by_label, reading_as
from versioning.migrating import under_way
from versioning.migrating.hints import Hints, values_lost, versions_lost
from versioning.migrating.states import kinds_in, touched
from versioning.migrating.under_way import Filled
from versioning.migrating.versions import require_alike
from versioning.models import Branch
from versioning.operations import Upcast
from versioning.postgresql.editor import fill_key
from versioning.schema.differences import Differences, Hint, SchemaChange
from versioning.schema.events import Carrying
from versioning.schema.lines import KindLine
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

_IN_THE_WAY = FeatureNotSupported | DependentObjectsStillExist
"""What PostgreSQL says of a column that is altered or dropped while a view reads it."""

_CHECK_KEYS = ("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED")


class Step:
    """A migration of kinds that is under way, inside its transaction."""

    def __init__(
        self,
        migration: Migration,
        hints: Hints,
        labels: set[str],
        former: Mapping[str, Kind],
        *,
        is_current: bool,
        shapes: by_hand.Shapes | None,
    ) -> None:
        """`former` are the kinds before it.

        `is_current`: what is derived from the other kinds is what the code would make.
        `shapes` are those of the tables before it, where others than Django's operations may
        change them; empty where they have done so already.
        """
        self.message = f"Migrate {migration.app_label} {migration.name}"
        self.fills: dict[Filled, Any] = {}
        self._former = former
        self._is_current = is_current
        self._shapes = shapes
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
        kinds = _kinds(state)
        changed = [kind for label, kind in kinds.items() if label in self._labels]
        with reading_as(kinds):
            for kind in changed:
                require_alike(kind)
            is_last = before is after is None
            if self._shapes is not None and is_last:
                by_hand.require_tables(changed)
            changes = self._record(kinds, self._hints.take(before=before, after=after))
            schema.remove(changed)
            schema.make(changed)
            if self._is_current:
                schema.sign()
            rewritten = {each["kind"] for _, each in changes if each.get("carrying") in _REWRITES}
            if rewritten:
                mend_kinds([kinds[label] for label in rewritten])
                schema.run(_CHECK_KEYS)
        if self._shapes is not None and is_last:
            by_hand.require_rows(kinds, shapes=self._shapes)
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
        key = fill_key(f.model_field)
        if not f.is_references and key in self.fills:
            value = self.fills[key]
            return f.blank if value is None and is_new else f.to_json(value)
        if is_new:
            return by_hand.value_in_rows(kind_of(kind), f)
        return by_hand.value_for_nothing(self._former, kind_of(kind), f)


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
    if lost := values_lost(migration, before, after, backwards=backwards):
        raise MigrationRefused(
            migration,
            f"{lost} would go on in the model and not in its versions, or the other way round.",
            "Rename, remove and add fields of versions as those of their model: `makemigrations` "
            "writes it so.",
        )
    hints = Hints(migration, before, after, backwards=backwards)
    try:
        with transaction.atomic():
            kinds = _kinds(before)
            with reading_as(kinds):
                lock_kinds(kind for label, kind in kinds.items() if label in labels)
                if not read_lines().version:
                    declare(kinds, "Kinds of pages, and their fields.")
                is_current = schema.made_digest() == schema.digest()
                schema.place(kinds.values())
                schema.remove(kind for label, kind in kinds.items() if label in labels)
            is_by_hand = by_hand.is_by_hand(migration)
            shapes = by_hand.shapes_of(kinds.values()) if is_by_hand else None
            step = Step(
                migration,
                hints,
                labels,
                kinds,
                is_current=is_current,
                shapes=[] if is_faked else shapes,
            )
            under_way.begin(step)
            yield step
    except DatabaseError as error:
        raise _refusal(migration, error) from error
    except Refusal as error:
        raise MigrationRefused(migration, error.sentence, error.hint) from error
    finally:
        under_way.begin(None)


def _kinds(state: ProjectState) -> dict[str, Kind]:
    """The kinds of a state, and of the code those that the log has and the state has not.

    The state that an undone migration leads back to knows nothing of what was migrated later,
    in other apps too.
    """
    kinds, own = kinds_in(state.apps), kinds_by_label()
    for label, line in read_lines().now.items():
        if label not in kinds and label in own and _is_as_the_log_says(own[label], line):
            kinds[label] = own[label]
    return kinds


def _is_as_the_log_says(kind: Kind, line: KindLine) -> bool:
    types = {name: f.line.meaning.type for name, f in line.fields.items()}
    return types == {name: f.column_type for name, f in kind.fields.items()}


def _upcast(migration: Migration) -> set[str]:
    """The kinds whose values are carried over, though their columns may stay as they are."""
    return {
        f"{migration.app_label}.{each.model_name_lower}"
        for each in migration.operations
        if isinstance(each, Upcast)
    }


@contextmanager
def beside_the_log(migration: Migration, state: ProjectState) -> Iterator[None]:
    """A migration that changes no kind. Raises MigrationRefused where it does all the same."""
    is_watched = migration.atomic and by_hand.is_by_hand(migration) and has_begun()
    try:
        if is_watched:
            kinds = _kinds(state)
            shapes = by_hand.shapes_of(kinds.values())
            with transaction.atomic():
                yield
                by_hand.require_rows(kinds, shapes=shapes)
        else:
            yield
    except DatabaseError as error:
        if isinstance(error.__cause__, RestrictViolation | _IN_THE_WAY):
            raise _refusal(migration, error) from error
        raise
    except by_hand.NotAsTheStateSays as error:
        raise MigrationRefused(migration, error.sentence, error.hint) from error


def _refusal(migration: Migration, error: DatabaseError) -> MigrationRefused:
    problem = str(error).splitlines()[0] if str(error) else repr(error)
    if isinstance(error.__cause__, RestrictViolation):
        return MigrationRefused(
            migration,
            problem,
            "Use versioning.operations.RunLogged in place of RunPython or RunSQL.",
        )
    if isinstance(error.__cause__, _IN_THE_WAY):
        return MigrationRefused(
            migration,
            f"PostgreSQL says: {problem.rstrip('.')}.",
            "Past and branches are views of the tables of versioned models. Alter those by "
            "Django's operations, or tell the state as well: SeparateDatabaseAndState.",
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
