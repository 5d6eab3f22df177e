"""A whole wiki for the drills, filled with the sample: it takes a while to start."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.load.wiki import Wiki, wiki_in


@pytest.fixture(scope="module")
def wiki() -> Iterator[Wiki]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, wiki_in(Path(folder)) as wiki:
        yield wiki  # in a folder whose path is short, for sockets
