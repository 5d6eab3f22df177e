"""The engine's apps with their models, loaded by being imported; every step is forked from here.

A step goes on where Django stands between the models of two apps: it has the project's settings,
loads the project's apps, and has every app told that all are there. So it is in any project that
names the engine's apps first.
"""

from importlib import import_module
from pkgutil import iter_modules
from unittest.mock import patch

import django
from django.apps import AppConfig, apps
from django.conf import Settings, settings
from django.db import connections

APPS = (
    "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.postgres",
    "eventstore", "versioning", "projections",
)  # fmt: skip

WITHOUT_TABLES = ("django.contrib.postgres",)

USED = (
    "eventsourcing.postgres",
    "projections.audit.auditing",
    "projections.following.totals",
    "projections.inline.schema",
    "projections.rebuild",
    "projections.search.entries",
    "versioning.branches.proposals",
    "versioning.branches.revert",
    "versioning.branches.sync",
)
"""What most steps would load besides."""


def set_up(settings_module: str) -> None:
    """What `django.setup()` does, from where this module has come to."""
    settings._wrapped = Settings(settings_module)
    assert tuple(settings.INSTALLED_APPS[: len(APPS)]) == APPS
    for alias in list(connections):
        del connections[alias]
    connections._settings = None  # type: ignore[attr-defined]  # where it has the former ones
    del connections.settings
    load = AppConfig.create
    with patch.object(AppConfig, "create", lambda name: _loaded.get(name) or load(name)):
        django.setup()


def _load() -> dict[str, AppConfig]:
    """The first two of the three steps of `Apps.populate`, which it takes all at once."""
    settings.configure(
        DATABASES={"default": {"ENGINE": "versioning.postgresql"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=APPS,
    )
    for name in APPS:
        config = AppConfig.create(name)
        config.apps = apps
        apps.app_configs[config.label] = config
    apps.apps_ready = True
    loaded = {config.name: config for config in apps.get_app_configs()}
    for config in loaded.values():
        config.import_models()
    apps.models_ready = True
    for name in (*USED, *_migrations()):
        import_module(name)
    apps.apps_ready = apps.models_ready = False
    apps.app_configs.clear()
    apps.clear_cache()
    return loaded


def _migrations() -> list[str]:
    packages = [import_module(f"{name}.migrations") for name in APPS if name not in WITHOUT_TABLES]
    return [
        f"{package.__name__}.{module.name}"
        for package in packages
        for module in iter_modules(package.__path__)
    ]


_loaded = _load()
