"""The kinds of a migration's state. Its models are plain: a version table tells a kind."""

from typing import Any, cast

from django.apps import apps as installed
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.models import Model

from versioning.entities.kinds import VERSION_SUFFIX, Kind

_OF_VERSIONS = frozenset({"entity_id", "branch_number", "valid_from", "valid_to", "deleted"})

Key = tuple[str, str]
"""An app's label and a model's name in lower case, as states have them."""


def kind_keys(models: dict[Key, ModelState]) -> list[Key]:
    """The models of a state that have a version table."""
    return [
        (app, name)
        for app, name in sorted(models)
        if (versions := models.get((app, f"{name}{VERSION_SUFFIX}"))) is not None
        and versions.fields.keys() >= _OF_VERSIONS
    ]


def kinds_in(apps: StateApps) -> dict[str, Kind]:
    """The kinds of a state by label. Of two that have one table, the code's own: it was moved."""
    models = {(m._meta.app_label, str(m._meta.model_name)): m for m in apps.get_models()}
    kinds = [
        Kind(cast(Any, model), _former_names(model))
        for (app, name), model in models.items()
        if (versions := models.get((app, f"{name}{VERSION_SUFFIX}"))) is not None
        and {field.name for field in versions._meta.local_fields} >= _OF_VERSIONS
    ]
    by_table: dict[str, Kind] = {}
    for kind in kinds:
        known = by_table.get(kind.table)
        if known is None or _installed(known.label) is None:
            by_table[kind.table] = kind
    return {kind.label: kind for kind in sorted(by_table.values(), key=lambda kind: kind.label)}


def _former_names(model: type[Model]) -> dict[str, str]:
    """What fields of a state's model were called once, as the code's own model tells."""
    names = {field.name for field in model._meta.get_fields()}
    told: dict[str, str] = getattr(_installed(model._meta.label_lower), "former_names", {})
    return {was: now for was, now in told.items() if now in names and was not in names}


def _installed(label: str) -> type[Model] | None:
    """The code's own model of a label."""
    try:
        return installed.get_model(label)
    except LookupError:
        return None


def touched(before: ProjectState, after: ProjectState) -> set[str]:
    """The labels of kinds that a migration makes, takes away or changes in their columns."""
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


def without_apps(state: ProjectState) -> ProjectState:
    """A copy of a state in which no model was made: to look ahead in."""
    copy = ProjectState({key: model.clone() for key, model in state.models.items()})
    copy.real_apps = state.real_apps
    return copy
