"""The cast of the wiki's tests, and nothing counted against anybody yet."""

import pytest

from tests.wiki.conftest import acme, editor, kestrel, moderator, signed_in

__all__ = ["acme", "editor", "kestrel", "moderator", "signed_in"]


@pytest.fixture(autouse=True)
def uncounted(nothing_counted: object) -> None:
    """An attacker of one test has not used up what another may do."""
