"""One step of the schema: what a migration does to kinds, and all that follows, or nothing.

All locks come first (see `locking`). Then whatever keeps tables from being altered
is taken away, the migration runs, the log is told what changed, and what was taken away is made
from the new models. Other sessions see it before or after.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from psycopg.errors import InsufficientPrivilege

from eventstore.errors import Refusal
from projections.following.totals import carry_totals
from projections.inline import schema
from projections.migrating import by_hand
from projections.migrating.locking import lock_kinds
from projections.migrating.refusing import (
    MigrationRefused,
    is_about_kinds,
    problem_in,
    refusal_of,
    require_no_strangers,
    require_whole_kinds,
)
from projections.models import Total
from projections.rebuild import mend_kinds
from projections.replay import CannotReplay
from versioning.branches.genesis import ensure_main
from versioning.entities.kinds import Kind, kind_of, reading_as
from versioning.migrating.carried import require_carried
from versioning.migrating.hints import Hints
from versioning.migrating.losses import retargeted
from versioning.migrating.touching import touched
from versioning.migrating.versions import require_alike
from versioning.models import Branch
from versioning.schema import under_way
from versioning.schema.carrying import settings_of_casts
from versioning.schema.differences import Differences, Hint, SchemaChange
from versioning.schema.events import Carrying
from versioning.schema.fills import Fills
from versioning.schema.reading import read_lines
from versioning.schema.recording import declare, record_schema
from versioning.schema.states import kinds_in

_REWRITES = frozenset({Carrying.LISTED, Carrying.FIRST, Carrying.UPCASTER, Carrying.PARTS})
"""What PostgreSQL cannot do to rows by itself: they are made anew from the log."""

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
        self.fills = Fills()
        self.settings: Mapping[str, str] = settings_of_casts()
        self._former = former
        self._is_current = is_current
        self._shapes = shapes
        self._hints = hints
        self._labels = labels

    def require_carried(self, before: Any, after: Any) -> None:
        """See `MigrationStep`."""
        require_carried(before, after, self.settings)

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
            for kind in changed:
                require_alike(kind)
            is_last = before is after is None
            if self._shapes is not None and is_last:
                tables = connection.introspection.table_names()
                schema.place(kind for kind in changed if kind.table in tables)
                by_hand.require_tables(changed)
            changes = self._record(kinds, self._hints.take(before=before, after=after))
            schema.remove(changed)
            schema.make(changed)
            if self._is_current:
                schema.sign()
            rewritten = {each["kind"] for _, each in changes if each.get("carrying") in _REWRITES}
            if rewritten:
                with _naming_upcasters(changes):
                    mend_kinds([kinds[label] for label in rewritten])
                    schema.run(_CHECK_KEYS)
        if self._shapes is not None and is_last:
            by_hand.require_rows(kinds, shapes=self._shapes)
        self.fills.forget()

    def resume(self, state: ProjectState) -> None:
        """See `MigrationStep`."""
        schema.run(_CHECK_KEYS)
        schema.remove(kind for label, kind in kinds_in(state.apps).items() if label in self._labels)

    def _record(self, kinds: dict[str, Kind], hints: list[Hint]) -> list[SchemaChange]:
        """Append what is otherwise than the log says, of the kinds that the migration touches."""
        lines = read_lines()
        tables = connection.introspection.table_names()
        differences = Differences(
            lines,
            kinds,
            among=self._labels,
            hints=hints,
            fills=self._filled,
            tables=tables,
            settings=self.settings,
        )
        changes = list(differences)
        record_schema(changes, after=lines.version, message=self.message)
        if Total._meta.db_table in tables:
            carry_totals(changes)
        return changes

    def _filled(self, kind: str, field: str, *, is_new: bool) -> Any:
        """What versions got that stood already, as the schema editor gave it."""
        f = kind_of(kind).fields[field]
        is_as_given = not (is_new and self.fills.is_cast(f.model_field))
        if not f.is_references and f.model_field in self.fills and is_as_given:
            value = self.fills[f.model_field]
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
    labels = touched(migration, before, after)
    if labels and not migration.atomic:
        raise MigrationRefused(
            migration,
            "It changes versioned models and is not atomic, so that it could be left half done.",
            "Make it atomic, and give what cannot be (a concurrent index) a migration of its own.",
        )
    require_whole_kinds(migration, before, after, backwards=backwards, is_faked=is_faked)
    references = list(retargeted(migration, before, after, backwards=backwards))
    hints = Hints(migration, before, after, backwards=backwards, is_faked=is_faked)
    try:
        with transaction.atomic():
            kinds = kinds_in(before.apps)
            with reading_as(kinds):
                lock_kinds(kind for label, kind in kinds.items() if label in labels)
                if not read_lines().version:
                    declare(kinds, "Kinds of pages, and their fields.")
                is_current = schema.made_digest() == schema.digest()
                schema.place(kinds.values())
                require_no_strangers(migration, references, kinds)
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
        if isinstance(error.__cause__, InsufficientPrivilege):
            raise  # of the role that is signed in, not of the migration: see `migrate`
        raise refusal_of(migration, error) from error
    except MigrationRefused:
        raise
    except Refusal as error:
        raise MigrationRefused(migration, error.sentence, error.hint) from error
    finally:
        under_way.begin(None)


class UnfitUpcast(Refusal):
    """An upcaster gives a value that its field takes, and its column does not."""

    code = "unfit-upcast"
    status = 409
    hint = "Let it give a value that fits: versions of the past and of branches have it too."


@contextmanager
def _naming_upcasters(changes: list[SchemaChange]) -> Iterator[None]:
    """What a column does not take is told of with the upcasters that it may come from."""
    upcasters = [
        f"{each['upcaster']!r} of {each['kind']}.{each['field']}"
        for _, each in changes
        if each.get("upcaster")
    ]
    try:
        yield
    except (DataError, IntegrityError) as error:
        if not upcasters:
            raise
        raise UnfitUpcast(
            f"A column does not take what the upcaster {' or '.join(upcasters)} gives: "
            f"{problem_in(error)}."
        ) from error


@contextmanager
def beside_the_log(migration: Migration, state: ProjectState) -> Iterator[None]:
    """A migration that changes no kind. Raises MigrationRefused where it does all the same."""
    is_watched = migration.atomic and by_hand.is_by_hand(migration) and has_begun()
    try:
        if is_watched:
            kinds = kinds_in(state.apps)
            shapes = by_hand.shapes_of(kinds.values())
            with transaction.atomic():
                yield
                by_hand.require_rows(kinds, shapes=shapes)
        else:
            yield
    except DatabaseError as error:
        if is_about_kinds(error):
            raise refusal_of(migration, error) from error
        raise
    except (by_hand.NotAsTheStateSays, CannotReplay) as error:
        raise MigrationRefused(migration, error.sentence, error.hint) from error


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
