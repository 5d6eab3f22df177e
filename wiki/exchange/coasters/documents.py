"""Facts as documents of parks, companies, models and rides, with lasting identities.

An identity is made of what the table says a thing is (a ride's name and park, or its year
where the park is not known), so that the same file leads to the same entities whenever it is
read.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from wiki.exchange.coasters import names
from wiki.exchange.coasters.namesakes import folded, key_of
from wiki.exchange.coasters.places import country_of, place_of
from wiki.exchange.coasters.table import RideFacts
from wiki.exchange.tables.addresses import address_for
from wiki.pages.addresses import address_of

NAMESPACE = UUID("0a1f6a5e-6a54-5b6c-9c53-1f6e2f2b7c11")

MARK = "coasters"
"""In the details of a changeset: that it came from a table of coasters."""

Documents = dict[str, dict[UUID, dict[str, Any]]]
"""By kind's label, by identity: only the fields that the table tells."""

PARK, AREA, COMPANY = "wiki.park", "wiki.parkarea", "wiki.company"
PERSON, MODEL, RIDE = "wiki.person", "wiki.ridemodel", "wiki.ride"


@lru_cache(maxsize=50_000)
def identity(kind: str, *parts: str) -> UUID:
    return uuid5(NAMESPACE, "|".join((kind, *(folded(part) for part in parts))))


def documents_of(rides: Sequence[RideFacts]) -> Documents:
    """Everything that the rides tell, in the order in which it was first told."""
    told = _Told({name for facts in rides for name in facts.manufacturers})
    for facts in rides:
        told.ride(facts)
    told.place_parks()
    return told.documents


def _plain_name(facts: RideFacts) -> str:
    """The name without what only told it from namesakes: "(roller coaster)", "(Cedar Point)"."""
    name, _, bracketed = facts.name.removesuffix(")").rpartition(" (")
    if name and facts.name.endswith(")"):
        says_what = bracketed.casefold() in {"roller coaster", "coaster"}
        if says_what or (facts.park and names.is_park(bracketed, facts.park)):
            return name
    return facts.name


class _Told:
    """Documents in the making."""

    def __init__(self, makers: set[str]) -> None:
        """Who makes rides is a firm, whatever the name reads like."""
        self._makers = makers
        kinds = (PARK, AREA, COMPANY, PERSON, MODEL, RIDE)
        self.documents: Documents = {kind: {} for kind in kinds}
        self._slugs: defaultdict[str, set[str]] = defaultdict(set)
        self._places: defaultdict[UUID, list[dict[str, Any]]] = defaultdict(list)

    def ride(self, facts: RideFacts) -> None:
        park = self._park(facts) if facts.park else None
        makers = [self._company(name, "manufacturer") for name in facts.manufacturers]
        people = [n for n in facts.designers if names.is_person(n) and n not in self._makers]
        firms = [name for name in facts.designers if name not in people]
        designers = [self._company(name, "designer") for name in firms]
        area = self._area(facts.area, facts.park, park) if facts.area and facts.park else None
        maker = facts.manufacturers[0] if makers else ""
        model = self._model(facts.model, maker, makers) if facts.model else None
        name = _plain_name(facts)
        found = identity(RIDE, *key_of(facts))
        self.documents[RIDE][found] = {
            "slug": self._slug(RIDE, name, found, apart=facts.park or facts.year),
            "name": name,
            "category": "roller-coaster",
            "park": str(park) if park else None,
            "area": str(area) if area else None,
            "manufacturer": str(makers[0]) if makers else None,
            "other_makers": [str(maker) for maker in makers[1:]],
            "model": str(model) if model else None,
            "designers": [str(designer) for designer in designers],
            "people": [str(self._person(name)) for name in people],
            "former_places": [self._former_place(place) for place in facts.former_places],
            **facts.fields,
        }

    def _former_place(self, place: dict[str, Any]) -> dict[str, Any]:
        return place | {"park": str(self._named(PARK, place["park"]))} if "park" in place else place

    def _park(self, facts: RideFacts) -> UUID:
        assert facts.park is not None
        park = self._named(PARK, facts.park)
        known = self.documents[PARK][park]
        if facts.address:
            known.setdefault("location", facts.address)
        if "coordinates" in facts.fields:
            self._places[park].append(facts.fields["coordinates"])
        return park

    def place_parks(self) -> None:
        for park, rides in self._places.items():
            if place := place_of(rides):
                self.documents[PARK][park]["coordinates"] = place
                if country := country_of(place):
                    self.documents[PARK][park]["country"] = country

    def _area(self, name: str, park: str, park_id: UUID | None) -> UUID:
        """An area is of one park: two parks may each have one of a name."""
        found = identity(AREA, name, park)
        if found not in self.documents[AREA]:
            slug = self._slug(AREA, name, found, apart=park)
            self.documents[AREA][found] = {"slug": slug, "name": name, "park": str(park_id)}
        return found

    def _person(self, name: str) -> UUID:
        return self._named(PERSON, name, professions=["designer"])

    def _company(self, name: str, role: str) -> UUID:
        found = self._named(COMPANY, name, roles=[])
        roles = self.documents[COMPANY][found]["roles"]
        if role not in roles:
            roles.append(role)
        return found

    def _model(self, name: str, maker: str, makers: Sequence[UUID]) -> UUID:
        """Two makers may each have a model of one name; they are two models."""
        found = identity(MODEL, name, maker)
        if found not in self.documents[MODEL]:
            slug = self._slug(MODEL, name, found, apart=maker)
            manufacturer = str(makers[0]) if makers else None
            self.documents[MODEL][found] = {
                "slug": slug,
                "name": name,
                "manufacturer": manufacturer,
            }
        return found

    def _named(self, kind: str, name: str, **more: Any) -> UUID:
        found = identity(kind, name)
        if found not in self.documents[kind]:
            slug = self._slug(kind, name, found)
            self.documents[kind][found] = {"slug": slug, "name": name, **more}
        return found

    def _slug(self, kind: str, name: str, page_id: UUID, apart: str = "") -> str:
        """The address that follows from a name; where a namesake has it, with what is `apart`.

        Where that is taken as well, a number follows.
        """
        plain = address_for(kind, name, page_id)
        more = address_of(apart)
        longer = f"{plain}-{more}"[:110].rstrip("-") if more else plain
        number, slug = 1, plain
        while slug in self._slugs[kind]:
            slug = longer if number == 1 and longer != plain else f"{longer}-{number}"
            number += 1
        self._slugs[kind].add(slug)
        return slug
