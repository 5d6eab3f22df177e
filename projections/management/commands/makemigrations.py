"""`manage.py makemigrations`: Django's own, which asks about a model and its versions once."""

from django.core.management.commands import makemigrations

from versioning.migrating.autodetector import VersionedAutodetector


class Command(makemigrations.Command):
    autodetector = VersionedAutodetector
