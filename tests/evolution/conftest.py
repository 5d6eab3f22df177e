"""A shop with a log, copied for each test: databases by template, folders by copying."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.evolution import shop
from tests.evolution.migrations import migrate
from tests.evolution.project import Project, Server

NAME = f"test_thrillwiki_{os.environ['THRILLWIKI_TEST_RUN']}_shop"
"""As the run's own databases are named, so that what a killed run leaves is found and dropped."""


@pytest.fixture(scope="session")
def server() -> Server:
    told = settings.DATABASES["default"]
    return Server(
        str(told.get("HOST") or ""), str(told.get("PORT") or ""), str(told.get("USER") or ""),
        str(told.get("PASSWORD") or ""), settings.REDIS_URL,
    )  # fmt: skip


@pytest.fixture(scope="session")
def worker() -> str:
    return f"{NAME}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@pytest.fixture(scope="session")
def begun(
    server: Server, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Project, dict[str, int]]]:
    """The shop as it begins, filled; nobody changes it."""
    server.create(worker)
    project = Project(tmp_path_factory.mktemp("begun"), server, worker)
    project.models(shop.MODELS)
    project.migrate()
    moments = project.run(shop.fill)
    yield project, moments
    server.drop(worker)


@pytest.fixture
def moments(begun: tuple[Project, dict[str, int]]) -> dict[str, int]:
    return begun[1]


@pytest.fixture
def project(
    begun: tuple[Project, dict[str, int]], server: Server, worker: str, tmp_path: Path
) -> Iterator[Project]:
    """A copy of the shop, to be changed."""
    name = f"{worker}_copy"
    server.create(name, template=worker)
    copy = Project(tmp_path / "project", server, name)
    shutil.copytree(begun[0].folder / "shop", copy.folder / "shop", dirs_exist_ok=True)
    yield copy
    server.drop(name)


@pytest.fixture(scope="session")
def engine(
    server: Server, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """A project of the engine's apps alone, migrated; nobody changes it."""
    name = f"{worker}_engine"
    server.create(name)
    project = Project(tmp_path_factory.mktemp("engine"), server, name, apps=())
    project.run(migrate)
    yield project
    server.drop(name)


@pytest.fixture
def empty(engine: Project, server: Server, worker: str, tmp_path: Path) -> Iterator[Project]:
    """A project without models, on a database that the engine's tables alone are in."""
    name = f"{worker}_empty"
    server.create(name, template=engine.database)
    yield Project(tmp_path / "project", server, name)
    server.drop(name)
