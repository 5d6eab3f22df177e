"""The tests' own app."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """An app whose models are not parks: the engine knows nothing of the wiki."""

    name = "tests.library"
    label = "library"
