"""The cast of the wiki's tests, nothing counted against anybody yet, and a served wiki."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.config.test_served_wiki import ServedWiki
from tests.wiki.conftest import acme, editor, kestrel, moderator, signed_in

__all__ = ["acme", "editor", "kestrel", "moderator", "signed_in"]


@pytest.fixture(autouse=True)
def uncounted(nothing_counted: object) -> None:
    """An attacker of one test has not used up what another may do."""


@pytest.fixture(scope="session")
def wiki(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[ServedWiki]:
    """The wiki with all its processes, and its front."""
    with (
        django_db_blocker.unblock(),
        tempfile.TemporaryDirectory(dir="/tmp") as folder,  # a short path
    ):
        served = ServedWiki(Path(folder))
        yield served
        served.stop()
