"""Start Django outside `manage.py` and the tests: for WSGI servers and for scripts."""

import os

import django


def start() -> None:
    """Settings loaded, embedded services joined, applications ready."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    join_embedded_services()
    django.setup()


def join_embedded_services() -> None:
    """Bring up the services that the settings need, or join those that are up."""
    from django.conf import settings

    settings.EMBEDDED.join()
