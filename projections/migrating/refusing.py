"""Migrations that are refused: with a sentence, and before anything of them counts."""

import psycopg
from django.core.management import CommandError
from django.db import DatabaseError
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState
from psycopg.errors import (
    CheckViolation,
    DependentObjectsStillExist,
    FeatureNotSupported,
    RestrictViolation,
    UniqueViolation,
)

from eventstore.errors import Refusal
from versioning.entities.kinds import HEADS
from versioning.migrating.losses import is_list_of_others, values_lost, versions_lost
from versioning.migrating.twice import changed_twice

_IN_THE_WAY = FeatureNotSupported | DependentObjectsStillExist
"""What PostgreSQL says of a column that is altered or dropped while a view reads it."""


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


def require_whole_kinds(
    migration: Migration, before: ProjectState, after: ProjectState, *, backwards: bool
) -> None:
    """Refuse operations that would leave rows and log apart. Raises MigrationRefused."""
    if lost := versions_lost(migration, before, backwards=backwards):
        raise MigrationRefused(
            migration,
            f"It would drop every version of {lost} and keep the model.",
            f"Rename {lost.split('.')[-1]}version as well: `makemigrations` does, where it is told "
            "that the model was renamed.",
        )
    lost = values_lost(migration, before, after, backwards=backwards)
    if lost and is_list_of_others(before, after, lost):
        raise MigrationRefused(
            migration,
            f"{lost} would be read as a list of other entities than those that it names.",
            "Add a field of another name for those, and a migration with RunLogged for what is "
            "known of both. Remove the old field after that.",
        )
    if lost:
        raise MigrationRefused(
            migration,
            f"{lost} would go on in the model and not in its versions, or the other way round.",
            "Rename, remove and add fields of versions as those of their model: `makemigrations` "
            "writes it so.",
        )
    if changed := changed_twice(migration, before, after, backwards=backwards):
        raise MigrationRefused(
            migration,
            f"It changes the values of {changed} twice, and the log can be told of one change.",
            "Split it into two migrations, each with one change of the field.",
        )


def is_about_kinds(error: DatabaseError) -> bool:
    """Whether PostgreSQL speaks of what kinds stand in: their guards, their views, their rows."""
    cause = error.__cause__
    return isinstance(cause, RestrictViolation | _IN_THE_WAY) or (
        isinstance(cause, psycopg.IntegrityError) and cause.diag.schema_name == HEADS
    )


def refusal_of(migration: Migration, error: DatabaseError) -> MigrationRefused:
    """What PostgreSQL said, and what to do next."""
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
    if isinstance(error.__cause__, UniqueViolation | CheckViolation):
        return MigrationRefused(
            migration,
            f"PostgreSQL says: {problem.rstrip('.')}.",
            "Entities of main break it as they are now. Correct them first, by edits or by a "
            "migration with RunLogged.",
        )
    return MigrationRefused(
        migration,
        f"PostgreSQL says: {problem.rstrip('.')}.",
        "Every version counts, old ones and those of branches too. Correct the values, carry them "
        "over by an upcaster, or make another field.",
    )
