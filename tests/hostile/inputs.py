"""The hostile inputs (`inputs.json` and its neighbours), and which of them tests drive.

A test says which entries it drives: `@entry(127)` before it. `driven()` tells of all such tests,
whichever modules a run has asked for.
"""

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

FOLDER = Path(__file__).parent


class Expectation(BaseModel):
    """What is right: statuses of HTTP, and sentences about what is done and what is kept."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    status: tuple[int, ...]
    behaviour: str
    stored: str
    hidden_from: str = ""


class Entry(BaseModel):
    """One hostile input."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: int
    area: str
    title: str
    input: str
    generate: str | None = None
    """A Python expression that makes the input."""
    target: str
    expect: Expectation
    source: str
    severity: Literal["low", "medium", "high", "critical"]

    @property
    def generated(self) -> Any:
        """What `generate` makes. The expressions are this folder's own."""
        assert self.generate is not None, f"entry {self.id} generates nothing"
        return eval(self.generate)  # noqa: S307  # a file of ours


@cache
def entries() -> dict[int, Entry]:
    """Every entry by its number."""
    lists = [
        TypeAdapter(list[Entry]).validate_json(path.read_bytes())
        for path in sorted(FOLDER.glob("inputs*.json"))
    ]
    by_number = {each.id: each for each in chain.from_iterable(lists)}
    assert len(by_number) == sum(map(len, lists)), "a number stands twice"
    return by_number


_driven: dict[int, set[str]] = defaultdict(set)


def entry[**P, R](*numbers: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a test as one that drives these entries. Raises KeyError where there is none."""

    def mark(test: Callable[P, R]) -> Callable[P, R]:
        for number in numbers:
            _driven[entries()[number].id].add(f"{test.__module__}.{test.__qualname__}")
        return test

    return mark


def driven() -> dict[int, set[str]]:
    """The tests that drive each entry, of all modules beside this one."""
    for module in pkgutil.iter_modules([str(FOLDER)], f"{__package__}."):
        importlib.import_module(module.name)
    return dict(_driven)
