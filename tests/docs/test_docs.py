"""The documentation says what is: addresses, commands, settings, and snippets that run."""

import re
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import URLPattern

from config.environment import Environment
from wiki.kinds.registry import KINDS
from wiki.urls import urlpatterns

DOCS = Path(settings.BASE_DIR) / "docs"
OURS = ("config", "eventstore", "versioning", "projections", "wiki")


def text(path: str) -> str:
    return (DOCS / path).read_text(encoding="utf-8")


def routes() -> list[str]:
    return [f"/{each.pattern}" for each in urlpatterns if isinstance(each, URLPattern)]


@pytest.mark.parametrize("route", routes())
def test_every_address_is_documented(route: str) -> None:
    shown = re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", route).replace("<plural>", "PLURAL")
    assert f"`{shown}`" in text("reference/addresses.md")


def test_every_documented_address_and_kind_is_there() -> None:
    page = text("reference/addresses.md")
    known = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", route).replace("<plural>", "PLURAL")
        for route in routes()
    }
    in_tables = re.findall(r"^\| (`/[^|]*`) \|", page.split("## Read")[1], re.MULTILINE)
    documented = {address for cell in in_tables for address in re.findall(r"`(/[^`]*)`", cell)}
    assert documented == known | {"/admin/", "/account/"}
    for plural in KINDS:
        assert f"`{plural}`" in page


def test_every_command_is_documented() -> None:
    page = text("reference/commands.md")
    ours = {name for name, app in get_commands().items() if app in OURS}
    assert set(re.findall(r"^\| `(\w+)", page, re.MULTILINE)) - {"make", "manage"} == ours
    makefile = (Path(settings.BASE_DIR) / "Makefile").read_text()
    targets = set(re.findall(r"^(\w+):.*## ", makefile, re.MULTILINE)) - {"help"}
    assert set(re.findall(r"`make (\w+)`", page)) == targets


def test_every_setting_is_documented() -> None:
    example = (Path(settings.BASE_DIR) / ".env.example").read_text()
    documented = set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE))
    assert documented == {name.upper() for name in Environment.model_fields}


def test_every_command_of_uv_is_of_the_one_that_is_always_there() -> None:
    """Where `uv` is not on the path, `make` puts one into the checkout."""
    pages = [*DOCS.rglob("*.md"), *(Path(settings.BASE_DIR)).glob("*.md")]
    for page in pages:
        found = re.findall(r"(\S*uv) (?:run|sync)\b", page.read_text(encoding="utf-8"))
        assert {each.strip("`") for each in found} <= {"bin/uv"}, page.name


def test_every_link_between_pages_leads_somewhere() -> None:
    pages = [*DOCS.rglob("*.md"), *(Path(settings.BASE_DIR)).glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not target.startswith(("http:", "https:")):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.django_db
def test_the_snippets_of_the_python_interface_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the tests' own app; test_installed follows the whole page in a project of its own."""
    for module in ("library", "library.models"):
        monkeypatch.setitem(sys.modules, module, import_module(f"tests.{module}"))
    names: dict[str, object] = {}
    page = text("reference/python.md")
    snippets = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(snippets) == page.count("```") / 2
    for snippet in snippets:
        exec(compile(snippet, "python.md", "exec"), names)  # noqa: S102  # our own page


PAGES = [*sorted(DOCS.rglob("*.md")), Path(settings.BASE_DIR) / "CONTRIBUTING.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_module_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(rf"\b((?:{'|'.join(OURS)}|tests)/[\w/]+\.(?:py|sql))\b", page.read_text())
    assert [path for path in named if not Path(settings.BASE_DIR, path).exists()] == []


def test_the_storeys_of_the_wiki_are_told_as_they_are_held() -> None:
    held = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())
    (contract,) = (
        each
        for each in held["tool"]["importlinter"]["contracts"]
        if each.get("containers") == ["wiki"]
    )
    rooms = [set(re.findall(r"\w+", layer)) for layer in reversed(contract["layers"])]
    rows = re.findall(r"^\| \d+ \| (.*?) \|", text("explanation/architecture.md"), re.MULTILINE)
    assert [set(re.findall(r"`(\w+)`", row)) for row in rows] == rooms[: len(rows)]
