"""Django's executor of migrations, each of which is one step of the schema."""

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from eventstore.busy import holding_without_end
from projections.migrating.becoming import require_no_rows
from projections.migrating.elsewhere import ENGINE, without_migrated
from projections.migrating.step import begin_log, beside_the_log, has_begun, migrating
from versioning.migrating.made import is_logged
from versioning.migrating.touching import touched
from versioning.schema.states import without_apps


class SteppingExecutor(MigrationExecutor):
    """Applies a migration together with all that follows from it.

    On an empty log there is nothing that could be misread: Django's own way is taken. So it is on
    another database than the log's, but for what belongs to the log.
    """

    @property
    def _is_elsewhere(self) -> bool:
        return bool(self.connection.alias != DEFAULT_DB_ALIAS)

    def migration_plan(
        self, targets: Iterable[Any], clean_start: bool = False
    ) -> list[tuple[Migration, bool]]:
        """Django's plan, the engine's migrations first: what is derived from kinds needs them."""
        wanted = list(targets)
        if any(name is not None and app not in ENGINE for app, name in wanted):
            pending = set(self.loader.graph.leaf_nodes()) - set(self.loader.applied_migrations)
            wanted += [node for node in pending if node[0] in ENGINE]
        wanted.sort(key=lambda node: node[0] not in ENGINE)
        return super().migration_plan(wanted, clean_start)

    def apply_migration(
        self,
        state: ProjectState,
        migration: Migration,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> ProjectState:
        if self._is_elsewhere:
            with without_migrated(migration, state):
                return super().apply_migration(state, migration, fake, fake_initial)
        with holding_without_end():
            return self._apply(state, migration, fake, fake_initial)

    def _apply(
        self, state: ProjectState, migration: Migration, fake: bool, fake_initial: bool
    ) -> ProjectState:
        require_no_rows(migration, state)
        if is_logged(migration) and not has_begun():
            begin_log(migration, state)
        after = _changed(migration, state)
        if after is None:
            with beside_the_log(migration, state):
                reached = super().apply_migration(state, migration, fake, fake_initial)
            return migration.mutate_state(reached, preserve=False) if fake else reached
        with migrating(migration, state, after, is_faked=fake) as step:
            reached = super().apply_migration(state, migration, fake, fake_initial)
            # Django records a faked migration, and leaves the state where it was.
            reached = after if fake else reached
            step.settle(reached)
        return reached

    def unapply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False
    ) -> ProjectState:
        if self._is_elsewhere:
            with without_migrated(migration, state):
                return super().unapply_migration(state, migration, fake)
        with holding_without_end():
            self._unapply(self._state_without(migration), migration, fake)
        return state

    def _state_without(self, migration: Migration) -> ProjectState:
        """The state to return to.

        Django's own has nothing of what other apps migrated that comes later in its plan, and
        stands all the same.
        """
        self.loader.applied_migrations.pop((migration.app_label, migration.name), None)
        state: ProjectState = self._create_project_state(  # type: ignore[attr-defined]  # unlisted
            with_applied_migrations=True
        )
        return state

    def _unapply(self, state: ProjectState, migration: Migration, fake: bool) -> None:
        before = _changed(migration, state)
        if before is None:
            with beside_the_log(migration, state):
                super().unapply_migration(state, migration, fake)
            return
        with migrating(migration, before, state, backwards=True, is_faked=fake) as step:
            super().unapply_migration(state, migration, fake)
            step.settle(state)


def _changed(migration: Migration, state: ProjectState) -> ProjectState | None:
    """The state after a migration that changes kinds, or entities; None: it changes neither.

    On an empty log nothing counts.
    """
    if not has_begun():
        return None
    after = migration.mutate_state(without_apps(state), preserve=False)
    return after if is_logged(migration) or touched(migration, state, after) else None
