"""Migrations of another database than the log's, where nothing of the log belongs.

The engine's tables, those of versioned models and of whatever refers to them are left out there,
as a router of Django's leaves out what is not for a database. All else is made as ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, router
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState

from versioning.migrating.made import is_logged
from versioning.migrating.touching import touched
from versioning.schema.states import Key, is_derived, kind_keys, without_apps

ENGINE = frozenset({"eventstore", "versioning", "projections"})
"""The apps whose tables are the log, and what follows it."""


class _Router:
    """Keeps some models, and the code of migrations that change them, out of a database."""

    def __init__(self, models: set[Key], *, is_about_kinds: bool) -> None:
        self._models = models
        self._is_about_kinds = is_about_kinds

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        """False for what belongs to the log; None where others may decide."""
        if model_name is None:
            is_of_log = self._is_about_kinds or app_label in ENGINE
        else:
            is_of_log = (app_label, model_name) in self._models
        return False if is_of_log and db != DEFAULT_DB_ALIAS else None


@contextmanager
def without_migrated(migration: Migration, before: ProjectState) -> Iterator[None]:
    """Inside the block a migration, there or back, leaves out what belongs to the log.

    `before` is the state that it begins from when it is applied.
    """
    state = without_apps(before)
    models = set(_models_of_log(state))
    for operation in migration.operations:
        operation.state_forwards(migration.app_label, state)
        models |= _models_of_log(state)
    is_about_kinds = is_logged(migration) or bool(touched(migration, before, state))
    with _routed(_Router(models, is_about_kinds=is_about_kinds)):
        yield


@contextmanager
def without_models_of_log(state: ProjectState) -> Iterator[None]:
    """Inside the block no table is made of what belongs to the log."""
    with _routed(_Router(_models_of_log(state), is_about_kinds=False)):
        yield


def _models_of_log(state: ProjectState) -> set[Key]:
    """The engine's models, those of kinds, and whatever refers to them by a foreign key."""
    models = {key for key, m in state.models.items() if key[0] in ENGINE or is_derived(m)}
    models |= {*kind_keys(state.models)}
    pending = list(models)
    while pending:
        new = state.relations[pending.pop()].keys() - models
        models |= new
        pending += new
    return models


@contextmanager
def _routed(first: _Router) -> Iterator[None]:
    """Inside the block a router is asked before those of the settings."""
    router.routers.insert(0, first)
    try:
        yield
    finally:
        router.routers.remove(first)
