"""The projections as a Django app: joins the projector to `versioning`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ProjectionsConfig(AppConfig):
    name = "projections"
    verbose_name = "Projections"

    def ready(self) -> None:
        from projections.following import followed, totals
        from projections.inline import projector, schema
        from projections.search import entries
        from versioning.saving import writing

        writing.register_projector(projector.Projector())
        followed.register(totals.Totals())
        followed.register(entries.SearchEntries())
        post_migrate.connect(schema.make_after_migrating, dispatch_uid="projections.make")
        post_migrate.connect(schema.begin_log, dispatch_uid="projections.begin")
        post_migrate.connect(entries.renew_after_migrating, dispatch_uid="projections.search")
