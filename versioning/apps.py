"""Versioning as a Django app: joins what checks a branch's result to what writes it."""

from django.apps import AppConfig


class VersioningConfig(AppConfig):
    name = "versioning"
    verbose_name = "Versioning"

    def ready(self) -> None:
        from eventstore.models import register_narrowing
        from versioning import checks
        from versioning.branches.naming import require_named
        from versioning.branches.results import require_sound
        from versioning.saving import context
        from versioning.viewpoints.readers import without_hidden

        context.register_result_check(require_sound, require_named)
        register_narrowing(lambda changesets: without_hidden(changesets, "branch", "number"))
        assert checks.check_versioned_models  # registered by being imported
