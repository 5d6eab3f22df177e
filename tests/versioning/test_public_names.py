"""The names that the package offers are there, and the page about it names them."""

from pathlib import Path

import pytest
from django.conf import settings

import versioning

NAMES = sorted(versioning._PUBLIC)


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(versioning, name) is not None
    assert name in dir(versioning)
    page = Path(settings.BASE_DIR) / "docs" / "reference" / "python.md"
    assert name in page.read_text(encoding="utf-8")
