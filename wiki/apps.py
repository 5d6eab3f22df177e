"""The wiki as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WikiConfig(AppConfig):
    name = "wiki"
    verbose_name = "ThrillWiki"

    def ready(self) -> None:
        from projections.cache.topics import register_looked_up
        from projections.erasing import register_keeper
        from wiki.accounts.models import keep_names
        from wiki.accounts.reading import let_moderators_read
        from wiki.drafts.keeping import forget_drafts, forget_with_accounts
        from wiki.drawings.plate import plate
        from wiki.exchange.git import recording
        from wiki.kinds.registry import KINDS
        from wiki.kinds.rides.models import Ride, RideModel
        from wiki.overviews.overview import overview
        from wiki.overviews.rides import NAMINGS
        from wiki.overviews.standings import standings
        from wiki.pages.leads import register_comparison, register_lead
        from wiki.rights.roles import ensure_roles
        from wiki.search.kinds import register_all

        assert recording.CommitNoted.topic  # known wherever the log is read

        register_all(KINDS.values())
        for model in KINDS.values():
            register_looked_up(model._meta.label_lower, "called")
        register_lead(Ride, plate)
        register_lead(RideModel, plate)
        register_comparison(Ride, standings)
        for model in NAMINGS:
            register_comparison(model, overview)
        keep_names()
        register_keeper(forget_drafts)
        forget_with_accounts()
        let_moderators_read()
        post_migrate.connect(ensure_roles, dispatch_uid="wiki.roles")
