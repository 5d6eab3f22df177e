"""The contestants' tables as a Django app, installed for the benchmarks alone."""

from django.apps import AppConfig


class ContestantsConfig(AppConfig):
    name = "tests.benchmarks.contestants"
    label = "contestants"
