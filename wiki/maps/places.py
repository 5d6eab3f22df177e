"""Parks with a place on the map, at the viewpoint that is read."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from projections.cache import topics
from projections.cache.cached import Made, cached
from versioning.entities.kinds import kind_of
from versioning.fields.coordinates import Coordinates
from wiki.geography.outlines import country_at
from wiki.geography.projection import Point, project
from wiki.kinds.parks import Park
from wiki.lists.listing import Asked, all_of

COUNTRY = "country"


class Place(NamedTuple):
    """A park in the plane. A country that it does not tell is that in which it lies."""

    slug: str
    name: str
    country: str
    is_told: bool
    x: float
    y: float

    @classmethod
    def of(cls, slug: str, name: str, country: str, coordinates: Coordinates) -> "Place":
        """The place of a park whose coordinates are told."""
        north, east = float(coordinates.latitude), float(coordinates.longitude)
        lies_in = country or country_at(north, east)
        return cls(slug, name, lies_in, bool(country), *project(north, east))

    @property
    def point(self) -> Point:
        return Point(self.x, self.y)


@dataclass(frozen=True)
class Found:
    """The parks that filters keep: those with a place by name, and how many have none."""

    places: Sequence[Place]
    without: int


def find_places(asked: Asked) -> Found:
    """Every park that an address asks for. Cost: a query, or an answer of the cache.

    What is kept has all countries, so that they need no query each, and a park is found in the
    country where it lies even where nobody has said so.
    """
    narrowed = tuple(f for f in asked.filters if f.answers[0].question.name != COUNTRY)
    elsewhere = replace(asked, filters=narrowed, order=asked.orders[0], after="")
    kept = json.loads(cached(("places", *elsewhere.key()), lambda: _made(elsewhere)))
    country = next((a.text for a in asked.answers if a.question.name == COUNTRY), "")
    places = [Place(*each) for each in kept["places"]]
    without: Mapping[str, int] = kept["without"]
    if not country:
        return Found(places, sum(without.values()))
    return Found([p for p in places if p.country == country], without.get(country, 0))


def _made(asked: Asked) -> Made:
    places: list[Place] = []
    without: Counter[str] = Counter()
    rows = all_of(Park, asked).values_list("slug", "name", "country", "coordinates")
    for slug, name, country, coordinates in rows:
        if coordinates is None:
            without[country] += 1
        else:
            places.append(Place.of(slug, name, country, coordinates))
    return Made(json.dumps({"places": places, "without": without}), [topics.every(kind_of(Park))])
