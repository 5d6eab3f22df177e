"""The wiki as a Django app."""

from django.apps import AppConfig


class WikiConfig(AppConfig):
    name = "wiki"
    verbose_name = "ThrillWiki"
