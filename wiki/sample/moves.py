"""Coasters that were moved: one ride with its former places, from the rows of all of them.

`moved.toml` says which they are, for a table cannot tell a ride that moved from one that was built
twice.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from wiki.exchange.coasters.table import RideFacts

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
    """The facts of a ride where it stands now, with where it stood before.

    Its opening is the one there. A closing is of a former place.
    """
    *former, now = places
    names = list(_names(places, facts.fields.get("names", ())))
    fields = {**facts.fields, "opened": str(now["year"]), "names": names}
    closed = fields.pop("closed", None)
    return replace(
        facts,
        park=now["park"],
        year=str(now["year"]),
        former_places=list(_former_places(former, closed)),
        fields={name: value for name, value in fields.items() if value},
    )


def _names(places: Sequence[Mapping[str, Any]], told: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """What it was called when it opened somewhere, once each, and what else the table tells."""
    names = list(dict.fromkeys(place["called"] for place in places if "called" in place))
    others = [other["name"] for other in told if other["name"] not in names]
    for number, name in enumerate([*names, *others], 1):
        sort = "former" if name in names else "alias"
        yield {"id": str(number), "name": name, "sort": sort}


def _former_places(
    former: Sequence[Mapping[str, Any]], closed: str | None
) -> Iterator[dict[str, Any]]:
    """Items of them. The table knows one closing at most: that of the last it can be of."""
    left = [place for place in former if closed and str(place["year"]) <= closed[:4]]
    for number, place in enumerate(former, 1):
        told = {name: place[name] for name in ("park", "place", "called") if name in place}
        until = {"until": closed} if left and place is left[-1] else {}
        yield {"id": str(number), **told, "since": str(place["year"]), **until}
