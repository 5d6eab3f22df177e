"""Facts as documents of parks, companies, models and rides, with lasting identities.

An identity is made of what the table says a thing is (a ride's name, park and
year), so that the same file leads to the same entities whenever it is read.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from wiki.imports.coasters.table import RideFacts

NAMESPACE = UUID("0a1f6a5e-6a54-5b6c-9c53-1f6e2f2b7c11")

Documents = dict[str, dict[UUID, dict[str, Any]]]
"""By kind's label, by identity: only the fields that the table tells."""

PARK, COMPANY, MODEL, RIDE = "wiki.park", "wiki.company", "wiki.ridemodel", "wiki.ride"


def identity(kind: str, *parts: str) -> UUID:
    return uuid5(NAMESPACE, "|".join((kind, *(part.casefold() for part in parts))))


def slug_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100] or "unnamed"


class _Slugs:
    """Addresses that are taken, kind by kind."""

    def __init__(self) -> None:
        self._taken: Counter[tuple[str, str]] = Counter()

    def take(self, kind: str, *wanted: str) -> str:
        """The first of the wanted that is free, or the last with a number."""
        for slug in wanted:
            if not self._taken[kind, slug]:
                self._taken[kind, slug] += 1
                return slug
        self._taken[kind, wanted[-1]] += 1
        return self.take(kind, f"{wanted[-1]}-{self._taken[kind, wanted[-1]]}")


def documents_of(rides: Sequence[RideFacts]) -> Documents:
    """Everything that the rides tell, in the order in which it was first told."""
    documents: Documents = {PARK: {}, COMPANY: {}, MODEL: {}, RIDE: {}}
    slugs = _Slugs()
    seen: Counter[UUID] = Counter()

    def named(kind: str, name: str, **more: Any) -> UUID:
        found = identity(kind, name)
        if found not in documents[kind]:
            slug = slugs.take(kind, slug_of(name))
            documents[kind][found] = {"slug": slug, "name": name, **more}
        return found

    def company(name: str, role: str) -> UUID:
        found = named(COMPANY, name, roles=[])
        roles = documents[COMPANY][found]["roles"]
        if role not in roles:
            roles.append(role)
        return found

    for facts in rides:
        park = named(PARK, facts.park) if facts.park else None
        if park and facts.latitude is not None and facts.longitude is not None:
            documents[PARK][park].setdefault("latitude", str(facts.latitude))
            documents[PARK][park].setdefault("longitude", str(facts.longitude))
        makers = [company(name, "manufacturer") for name in facts.manufacturers]
        designers = [company(name, "designer") for name in facts.designers]
        model = named(MODEL, facts.model) if facts.model else None
        if model and makers:
            documents[MODEL][model].setdefault("manufacturer", str(makers[0]))
        ride = identity(RIDE, facts.name, facts.park or "", (facts.opened or "")[:4])
        seen[ride] += 1
        if seen[ride] > 1:
            ride = uuid5(ride, str(seen[ride]))
        name = re.sub(r"\s*\((?:roller )?coaster\)$", "", facts.name)
        base = slug_of(name)
        slug = slugs.take(RIDE, base, f"{base}-{slug_of(facts.park or 'elsewhere')}"[:110])
        document: dict[str, Any] = {
            "slug": slug,
            "name": name,
            "category": "roller-coaster",
            "status": facts.status or "unknown",
            "opened": facts.opened or "",
            "closed": facts.closed or "",
            "park": str(park) if park else None,
            "manufacturer": str(makers[0]) if makers else None,
            "model": str(model) if model else None,
            "designers": [str(designer) for designer in designers],
            "inversions": facts.inversions,
        }
        for name_ in ("height_m", "length_m", "speed_km_h"):
            value = getattr(facts, name_)
            document[name_] = str(value) if value is not None else None
        documents[RIDE][ride] = document
    return documents
