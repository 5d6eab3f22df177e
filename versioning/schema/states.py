"""The kinds of a migration's state. Its models are plain: a version table tells a kind."""

from collections.abc import Mapping
from typing import Any, cast

from django.apps import apps
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.models import Model

from versioning.entities.kinds import VERSION_SUFFIX, Kind

_OF_VERSIONS = frozenset({"entity_id", "branch_number", "valid_from", "valid_to", "deleted"})

_OF_ALL_VERSIONS = frozenset({"branch_number", "valid_from", "valid_to"})

Key = tuple[str, str]
"""An app's label and a model's name in lower case, as states have them."""


def kind_keys(models: dict[Key, ModelState]) -> list[Key]:
    """The models of a state that have a version table."""
    return [
        (app, name)
        for app, name in sorted(models)
        if (versions := models.get((app, f"{name}{VERSION_SUFFIX}"))) is not None
        and is_versions(versions.fields)
    ]


def is_versions(fields: Mapping[str, Any]) -> bool:
    """Whether a model of these fields holds versions of entities."""
    return fields.keys() >= _OF_VERSIONS


def is_derived(model: ModelState) -> bool:
    """Whether a model holds versions, or links' versions: it follows another."""
    return model.fields.keys() >= _OF_ALL_VERSIONS


def kinds_in(state: StateApps) -> dict[str, Kind]:
    """The kinds of a state by label. Of two that have one table, the code's own: it was moved."""
    models = {(m._meta.app_label, str(m._meta.model_name)): m for m in state.get_models()}
    kinds = [
        Kind(cast(Any, model), _former_names(model))
        for (app, name), model in models.items()
        if (versions := models.get((app, f"{name}{VERSION_SUFFIX}"))) is not None
        and {field.name for field in versions._meta.local_fields} >= _OF_VERSIONS
    ]
    by_table: dict[str, Kind] = {}
    for kind in kinds:
        known = by_table.get(kind.table)
        if known is None or installed(known.label) is None:
            by_table[kind.table] = kind
    return {kind.label: kind for kind in sorted(by_table.values(), key=lambda kind: kind.label)}


def _former_names(model: type[Model]) -> dict[str, str]:
    """What fields of a state's model were called once, as the code's own model tells."""
    names = {field.name for field in model._meta.get_fields()}
    told: dict[str, str] = getattr(installed(model._meta.label_lower), "former_names", {})
    return {was: now for was, now in told.items() if now in names and was not in names}


def installed(label: str) -> type[Model] | None:
    """The code's own model of a label."""
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def without_apps(state: ProjectState) -> ProjectState:
    """A copy of a state in which no model was made: to look ahead in."""
    copy = ProjectState({key: model.clone() for key, model in state.models.items()})
    copy.real_apps = state.real_apps
    return copy
