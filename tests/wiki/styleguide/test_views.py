"""The styleguide leaves no component out, and is nobody's but developers'."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db

TEMPLATES = Path(settings.BASE_DIR, "templates")
INCLUDED = re.compile(r"components/(\w+\.html)")


def named_in(*files: Path) -> set[str]:
    return {name for file in files for name in INCLUDED.findall(file.read_text())}


def test_no_component_is_left_out() -> None:
    components = {file.name for file in (TEMPLATES / "components").iterdir()}
    # The frame, and what stands in others.
    shown = named_in(TEMPLATES / "base.html", *(TEMPLATES / "styleguide").iterdir())
    inner = named_in(*(TEMPLATES / "components" / name for name in shown & components))
    by_python = {"navigation.html", "page_input.html", "pages_input.html"}
    assert shown | inner | by_python >= components


@pytest.mark.parametrize("frame", ["", "?frame=now", "?frame=past", "?frame=preview"])
def test_developers_see_it(client: Client, frame: str) -> None:
    page = client.get(f"/styleguide/{frame}").text
    assert "<h2>Forms</h2>" in page
    assert 'content="noindex"' in page
    assert client.get("/styleguide/?frame=elsewhere").status_code == 404


def test_nobody_else_does(client: Client, settings: Any) -> None:
    settings.STYLEGUIDE = False
    assert client.get("/styleguide/").status_code == 404
