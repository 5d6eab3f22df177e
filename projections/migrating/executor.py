"""Django's executor of migrations, each of which is one step of the schema."""

from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from projections.migrating.step import beside_the_log, has_begun, step
from versioning.migrating.states import touched, without_apps
from versioning.operations import RunLogged, Upcast


class SteppingExecutor(MigrationExecutor):
    """Applies a migration together with all that follows from it.

    On an empty log there is nothing that could be misread: Django's own way is taken.
    """

    def apply_migration(
        self,
        state: ProjectState,
        migration: Migration,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> ProjectState:
        after = migration.mutate_state(without_apps(state), preserve=False)
        if not _concerns(migration, state, after):
            with beside_the_log(migration):
                return super().apply_migration(state, migration, fake, fake_initial)
        with step(migration, state, after) as under_way:
            state = super().apply_migration(state, migration, fake, fake_initial)
            under_way.settle(state)
        return state

    def unapply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False
    ) -> ProjectState:
        """`state` is the one to return to."""
        before = migration.mutate_state(without_apps(state), preserve=False)
        if not _concerns(migration, before, state):
            with beside_the_log(migration):
                return super().unapply_migration(state, migration, fake)
        with step(migration, before, state, backwards=True) as under_way:
            result = super().unapply_migration(state, migration, fake)
            under_way.settle(state)
        return result


def _concerns(migration: Migration, before: ProjectState, after: ProjectState) -> bool:
    """Whether a migration changes kinds, or entities, of a log that has begun."""
    is_logged = any(isinstance(each, RunLogged | Upcast) for each in migration.operations)
    return bool(is_logged or touched(before, after)) and has_begun()
