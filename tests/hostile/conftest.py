"""The cast of the wiki's tests, nothing counted against anybody yet, and a served wiki."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.config.test_served_wiki import ServedWiki, serving
from tests.hostile.repositories import OddRepository
from tests.wiki.conftest import acme, editor, kestrel, moderator, signed_in

__all__ = ["acme", "editor", "kestrel", "moderator", "signed_in"]


@pytest.fixture(autouse=True)
def uncounted(nothing_counted: object) -> None:
    """An attacker of one test has not used up what another may do."""


@pytest.fixture(scope="session")
def wiki(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[ServedWiki]:
    with serving(django_db_blocker) as served:
        yield served


@pytest.fixture
def odd(tmp_path: Path) -> OddRepository:
    """A repository, to be filled with whatever git itself would not write."""
    return OddRepository.begin(tmp_path / "repository")
