"""The wiki as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WikiConfig(AppConfig):
    name = "wiki"
    verbose_name = "ThrillWiki"

    def ready(self) -> None:
        from wiki.accounts.roles import ensure_roles

        post_migrate.connect(ensure_roles, dispatch_uid="wiki.roles")
