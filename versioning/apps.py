"""Versioning as a Django app: joins what checks a branch's result to what writes it."""

from django.apps import AppConfig


class VersioningConfig(AppConfig):
    name = "versioning"
    verbose_name = "Versioning"

    def ready(self) -> None:
        from versioning import checks, context
        from versioning.branches.naming import require_named
        from versioning.branches.results import require_sound

        context.register_result_check(require_sound, require_named)
        assert checks.check_versioned_models  # registered by being imported
