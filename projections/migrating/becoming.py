"""Models without versions that become versioned: what stands in their tables has no history."""

from django.db.migrations import AlterField, Migration
from django.db.migrations.state import ProjectState
from django.db.models import UUIDField

from projections.migrating.refusing import MigrationRefused
from versioning.migrating.touching import becoming_versioned

_HINT = (
    "Make a versioned model of another name, copy the rows to it by a migration with RunLogged, "
    "and remove the old one."
)


def require_no_rows(migration: Migration, state: ProjectState) -> None:
    """Refuse rows that no event led to, before anything is changed. Raises MigrationRefused.

    They would be nobody's: no page of history, and gone with the next `rebuild`.
    """
    for name in becoming_versioned(migration, state):
        label = f"{migration.app_label}.{name}"
        model = state.apps.get_model(label)
        if _alters_key(migration, name) and not isinstance(model._meta.pk, UUIDField):
            raise MigrationRefused(
                migration,
                f"{label} would become versioned, and its primary key {model._meta.pk.name} is a "
                f"{type(model._meta.pk).__name__}: that of a versioned model is a UUID.",
                _HINT,
            )
        if model._base_manager.exists():
            raise MigrationRefused(
                migration,
                f"{label} would become versioned, and has rows that no event led to.",
                _HINT,
            )


def _alters_key(migration: Migration, name: str) -> bool:
    return any(
        isinstance(each, AlterField) and (each.model_name_lower, each.name) == (name, "id")
        for each in migration.operations
    )
