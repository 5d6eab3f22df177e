"""Coasters that were moved: one ride with its former places, from the rows of all of them.

`moved.toml` says which they are, for a table cannot tell a ride that moved from one that was built
twice.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from wiki.imports.coasters.table import RideFacts

MOVED = Path(__file__).parent / "moved.toml"


def brought_home(rides: Sequence[RideFacts]) -> list[RideFacts]:
    """The rides, those that moved as one each, in the place of its last row.

    Raises LookupError where a ride is said to have moved that has no row.
    """
    moved = tomllib.loads(MOVED.read_text(encoding="utf-8"))
    of_name = {
        other: name for name, told in moved.items() for other in (name, *told.get("also", ()))
    }
    last = {facts.name: facts for facts in rides if facts.name in moved}
    if missing := moved.keys() - last.keys():
        raise LookupError(f"No row is of {', '.join(sorted(missing))}.")
    settled = []
    for facts in rides:
        name = of_name.get(facts.name)
        if name is None:
            settled.append(facts)
        elif facts is last[name]:
            settled.append(_at_its_last_place(facts, moved[name]["places"]))
    return settled


def _at_its_last_place(facts: RideFacts, places: Sequence[Mapping[str, Any]]) -> RideFacts:
    """The facts of a ride where it stands now.

    Its opening is the one there. A closing is of a former place, and stands among what happened.
    """
    *_, now = places
    fields = {
        **facts.fields,
        "opened": str(now["year"]),
        "names": list(_names(places, facts.fields.get("names", ()))),
        "milestones": list(_milestones(places, facts.fields.get("closed"))),
    }
    fields.pop("closed", None)
    kept = {name: value for name, value in fields.items() if value}
    return replace(facts, park=now["park"], year=str(now["year"]), fields=kept)


def _names(places: Sequence[Mapping[str, Any]], told: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """What it was called when it opened somewhere, once each, and what else the table tells."""
    names = list(dict.fromkeys(place["called"] for place in places if "called" in place))
    others = [other["name"] for other in told if other["name"] not in names]
    for number, name in enumerate([*names, *others], 1):
        sort = "former" if name in names else "alias"
        yield {"id": str(number), "name": name, "sort": sort}


def _milestones(
    places: Sequence[Mapping[str, Any]], closed: str | None
) -> Iterator[dict[str, Any]]:
    happened = [(str(place["year"]), _opening(place)) for place in places]
    if closed:
        before = [place["park"] for place in places[:-1] if str(place["year"]) <= closed[:4]]
        happened.append((closed, f"Closed at {before[-1]}, and was moved."))
    for number, (date, what) in enumerate(sorted(happened), 1):
        yield {"id": str(number), "date": date, "sort": "other", "what": what}


def _opening(place: Mapping[str, Any]) -> str:
    called = f", as {place['called']}" if "called" in place else ""
    return f"Opened at {place['park']}{called}."
