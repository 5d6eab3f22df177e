"""Migrations that are refused: with a sentence, and before anything of them counts."""

from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
from django.core.management import CommandError
from django.db import DatabaseError
from django.db.migrations import AddField, Migration
from django.db.migrations.state import ProjectState
from psycopg.errors import (
    CheckViolation,
    DependentObjectsStillExist,
    FeatureNotSupported,
    RestrictViolation,
    UniqueViolation,
)

from eventstore.errors import Refusal
from versioning.entities.kinds import HEADS, Kind
from versioning.migrating.losses import (
    Retargeted,
    is_list_of_others,
    table_lost,
    values_lost,
    versions_lost,
)
from versioning.migrating.made import flat
from versioning.migrating.twice import changed_twice

_IN_THE_WAY = FeatureNotSupported | DependentObjectsStillExist
"""What PostgreSQL says of a column that is altered or dropped while a view reads it."""


_HINT_OF_OTHERS = (
    "Add a field of another name for those, and a migration with RunLogged for what is known of "
    "both. Remove the old field after that."
)


class MigrationRefused(Refusal, CommandError):
    """A migration that would leave rows and log apart; nothing of it was kept."""

    code = "migration-refused"
    status = 500

    def __init__(self, migration: Migration, problem: str, hint: str) -> None:
        super().__init__(
            f"The migration {migration.app_label}.{migration.name} was refused, and nothing "
            f"was kept: {problem}",
            hint,
        )


def require_whole_kinds(
    migration: Migration,
    before: ProjectState,
    after: ProjectState,
    *,
    backwards: bool,
    is_faked: bool,
) -> None:
    """Refuse operations that would leave rows and log apart. Raises MigrationRefused."""
    lost = versions_lost(migration, before, backwards=backwards)
    if lost and tuple(lost.split(".")) in after.models:
        raise MigrationRefused(
            migration,
            f"{lost} would be a model without versions, and what the log says of it would lead to "
            "no row.",
            "Make a model without versions of another name, copy the rows to it by a migration "
            "with RunPython, and remove this one in the next.",
        )
    if lost:
        raise MigrationRefused(
            migration,
            f"It would drop every version of {lost} and keep the model.",
            f"Rename {lost.split('.')[-1]}version as well: `makemigrations` does, where it is told "
            "that the model was renamed.",
        )
    if not is_faked and (tables := table_lost(migration, before, backwards=backwards)):
        raise MigrationRefused(
            migration,
            f"It would drop the table of {tables[0]}, which is that of {tables[1]} by now.",
            "Delete the model from the state alone: SeparateDatabaseAndState(state_operations=…).",
        )
    lost = values_lost(migration, before, after, backwards=backwards)
    if lost and is_list_of_others(before, after, lost):
        raise MigrationRefused(
            migration,
            f"{lost} would be read as a list of other entities than those that it names.",
            _HINT_OF_OTHERS,
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


def require_no_strangers(
    migration: Migration, references: Iterable[Retargeted], kinds: Mapping[str, Kind]
) -> None:
    """Refuse references that any version holds, if they would name others. Raises MigrationRefused.

    PostgreSQL asks about main's head alone.
    """
    for each in references:
        f = kinds[each.kind].fields[each.field]
        nothing: Any = {f.name: []} if f.is_references else {f"{f.attribute}__isnull": True}
        if kinds[each.kind].version_model._base_manager.exclude(**nothing).exists():
            raise MigrationRefused(
                migration,
                f"{each.kind}.{each.field} names {each.before}, and what its versions hold would "
                f"be read as {each.after}.",
                _HINT_OF_OTHERS,
            )


def is_about_kinds(error: DatabaseError) -> bool:
    """Whether PostgreSQL speaks of what kinds stand in: their guards, their views, their rows."""
    cause = error.__cause__
    return isinstance(cause, RestrictViolation | _IN_THE_WAY) or (
        isinstance(cause, psycopg.IntegrityError) and cause.diag.schema_name == HEADS
    )


def refusal_of(migration: Migration, error: DatabaseError) -> MigrationRefused:
    """What PostgreSQL said, and what to do next."""
    problem = problem_in(error)
    if isinstance(error.__cause__, RestrictViolation):
        return MigrationRefused(
            migration,
            problem,
            "Use versioning.operations.RunLogged in place of RunPython or RunSQL.",
        )
    return MigrationRefused(migration, f"PostgreSQL says: {problem}.", _hint(migration, error))


def problem_in(error: DatabaseError) -> str:
    """What PostgreSQL says, without its context; with the value that it was copying, if any."""
    said = str(error).splitlines()[0].rstrip(".") if str(error) else repr(error)
    diagnosis = getattr(error.__cause__, "diag", None)
    copied = getattr(diagnosis, "context", None) or ""
    return f"{said} ({copied})" if copied.startswith("COPY ") else said


def _hint(migration: Migration, error: DatabaseError) -> str:
    match error.__cause__:
        case FeatureNotSupported() | DependentObjectsStillExist() as cause:
            if "generated column" in str(cause):
                return _GENERATED
            return (
                "Past and branches are views of the tables of versioned models. Alter those by "
                "Django's operations, or tell the state as well: SeparateDatabaseAndState."
            )
        case UniqueViolation() as cause if _is_of_new_field(migration, cause):
            return (
                "What stands already gets one value, for all. Add the field with null=True and "
                "without unique, give each its own by a migration with RunLogged, and make it "
                "unique in the next."
            )
        case UniqueViolation() | CheckViolation() as cause if cause.diag.schema_name == HEADS:
            return (
                "Entities of main break it as they are now. Correct them first, by edits or by a "
                "migration with RunLogged."
            )
    return (
        "Every version counts, old ones and those of branches too. Carry the values over by an "
        "upcaster (versioning.operations.Upcast), or make another field."
    )


_GENERATED = (
    "What the database computes of a column is made anew: take the generated field out of the "
    "model, with its indexes, and migrate; change the column, and put the field back."
)


def _is_of_new_field(migration: Migration, error: UniqueViolation) -> bool:
    """Whether PostgreSQL speaks of a field that the migration adds."""
    key = error.diag.message_detail or ""
    added = [each for each in flat(migration.operations) if isinstance(each, AddField)]
    names = {
        each.field.db_column or (f"{each.name}_id" if each.field.remote_field else each.name)
        for each in added
    }
    return any(f"({name})=" in key for name in names)
