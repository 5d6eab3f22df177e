"""Figures that the first import had wrong, and who put them right: `corrections.toml`.

Each ends at what `coasters.jsonl` says; the file says what stood there before.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from versioning.entities.kinds import Document, kind_of
from versioning.entities.values import to_json
from wiki.kinds.rides.models import Ride
from wiki.sample.steps import Edit, PageEdit, Step
from wiki.sample.stories import cited

CORRECTIONS = Path(__file__).parent / "corrections.toml"


def spoil(rides: Mapping[Any, Document]) -> list[Step]:
    """Give rides the figures that were wrong at first; the steps that put them right.

    Raises LookupError where a correction is of no ride, or corrects nothing.
    """
    by_slug = {ride["slug"]: ride for ride in rides.values()}
    steps = []
    for told in _corrections():
        ride, field = by_slug[told["ride"]], told["field"]
        right, wrong = ride.get(field), _value(field, told["was"])
        if right is None or right == wrong:
            raise LookupError(f"The {field} of {told['ride']} needs no correction.")
        ride[field] = wrong
        sources = {field: cited(told["cite"])} if "cite" in told else {}
        edit = PageEdit(f"rides/{told['ride']}", values={field: right}, sources=sources)
        steps.append(Step(told["on"], told["by"], told["why"], Edit([edit])))
    return steps


def _corrections() -> Iterator[Mapping[str, Any]]:
    yield from tomllib.loads(CORRECTIONS.read_text(encoding="utf-8"))["correction"]


def _value(name: str, text: Any) -> Any:
    """What somebody typed, in its JSON form."""
    field = kind_of(Ride).fields[name].model_field
    return to_json(field, field.to_python(text))
