"""Every model of the wiki, for Django to find; each lives in its subject's folder."""

from wiki.accounts.models import FormerAccount
from wiki.areas.models import ParkArea
from wiki.articles.models import Article
from wiki.companies.models import Company
from wiki.elements.models import Element
from wiki.parks.models import Park
from wiki.people.models import Person
from wiki.rides.models import Ride, RideModel
from wiki.sources.models import Source

__all__ = [
    "Article", "Company", "Element", "FormerAccount", "Park", "ParkArea", "Person", "Ride",
    "RideModel", "Source",
]  # fmt: skip
