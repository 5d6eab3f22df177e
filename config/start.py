"""Start Django outside `manage.py` and the tests: for WSGI servers and for scripts."""

import os
from typing import Any

import django
import psycopg
from psycopg.conninfo import conninfo_to_dict

from config.environment import environment
from config.refusal import CannotStart


def start() -> None:
    """Settings loaded, embedded services joined, applications ready."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    join_embedded_services()
    django.setup()


def require_database() -> None:
    """Refuse a DATABASE_URL where nobody answers: a pool would try for long, and hide why."""
    url = environment().database_url
    if url is None:
        return
    patience: dict[str, Any] = (
        {} if "connect_timeout" in conninfo_to_dict(url) else {"connect_timeout": 10}
    )
    try:
        psycopg.connect(url, **patience).close()
    except psycopg.Error as error:
        reason = " ".join(str(error).split()).rstrip(".?")
        raise CannotStart(
            f"The database of DATABASE_URL does not answer: {reason}.",
            "Start its server, or correct DATABASE_URL.",
        ) from None


def join_embedded_services() -> None:
    """Bring up the services that the settings need, or join those that are up."""
    from django.conf import settings

    settings.EMBEDDED.join()
