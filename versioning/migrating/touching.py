"""Which kinds a migration touches, and which models it makes kinds."""

from collections.abc import Iterator
from typing import Any

from django.db.migrations import (
    AddField,
    AlterField,
    CreateModel,
    DeleteModel,
    Migration,
    RemoveField,
    RenameField,
    RenameModel,
)
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.utils import field_references
from django.db.models import ForeignKey

from versioning.entities.kinds import VERSION_SUFFIX
from versioning.migrating.made import flat
from versioning.schema.states import Key, is_versions, kind_keys


def touched(migration: Migration, before: ProjectState, after: ProjectState) -> set[str]:
    """The labels of kinds that a migration changes, though it may change them back."""
    kinds = {*kind_keys(before.models), *kind_keys(after.models)}
    changed = {
        each.model_name_lower
        for each in flat(migration.operations)
        if isinstance(each, AddField | RemoveField | AlterField | RenameField)
    }
    referring = {label for state in (before, after) for label in _referring(migration, state)}
    return (
        referring
        | _changed(before, after)
        | {
            f"{app}.{name}"
            for app, name in kinds
            if app == migration.app_label and changed & {name, f"{name}{VERSION_SUFFIX}"}
        }
    )


def _referring(migration: Migration, state: ProjectState) -> Iterator[str]:
    """The labels of kinds that refer to what a migration alters: their columns follow its type."""
    app = migration.app_label
    targets: list[_Target] = [
        (app, each.model_name_lower, each.name, each.field)
        for each in flat(migration.operations)
        if isinstance(each, AlterField)
    ]
    kinds = set(kind_keys(state.models))
    for target in targets:  # which grows: a reference may be another's target
        for key, field in _references_to(target, state):
            if field.unique:
                followed = (*key, field.name, field)
                if followed not in targets:
                    targets.append(followed)
            if key in kinds:
                yield ".".join(key)


_Target = tuple[str, str, str, Any]
"""A field, behind its app, its model and its name."""


def _references_to(target: _Target, state: ProjectState) -> Iterator[tuple[Key, Any]]:
    """The foreign keys to a field, each with its model."""
    app, model, name, field = target
    for key, referring in state.models.items():
        for each in referring.fields.values():
            if isinstance(each, ForeignKey) and field_references(
                key, each, (app, model), name, field
            ):
                yield key, each


def _changed(before: ProjectState, after: ProjectState) -> set[str]:
    """The kinds that two states do not have, or have with other columns."""
    # Django compares states so: fields of one model are not always equal to their copies.
    detector = MigrationAutodetector(before, after)

    def shape(model: ModelState | None) -> Any:
        if model is None:
            return None
        fields = {name: detector.deep_deconstruct(f) for name, f in model.fields.items()}
        return model.options.get("db_table"), fields

    return {
        ".".join(key)
        for key in {*kind_keys(before.models), *kind_keys(after.models)}
        if any(
            shape(before.models.get(each)) != shape(after.models.get(each))
            for each in (key, (key[0], f"{key[1]}{VERSION_SUFFIX}"))
        )
    }


def becoming_versioned(migration: Migration, before: ProjectState) -> Iterator[str]:
    """The names, before a migration, of existing models that it gives versions to."""
    names = {name: name for app, name in before.models if app == migration.app_label}
    for operation in flat(migration.operations):
        match operation:
            case RenameModel() if operation.old_name_lower in names:
                names[operation.new_name_lower] = names.pop(operation.old_name_lower)
            case DeleteModel():
                names.pop(operation.name_lower, None)
            case CreateModel() if is_versions(dict(operation.fields)):
                model = operation.name_lower.removesuffix(VERSION_SUFFIX)
                if model in names:
                    yield names[model]
