"""Every model of the wiki, for Django to find; each lives in its subject's folder."""

from wiki.accounts.models import AccountName, UsedCode
from wiki.areas.models import ParkArea
from wiki.articles.models import Article
from wiki.companies.models import Company
from wiki.drafts.models import Draft
from wiki.elements.models import Element
from wiki.limits.models import Attempt
from wiki.moderation.models import Block, ChangesetNetwork, Protection
from wiki.parks.models import Park
from wiki.people.models import Person
from wiki.rides.models import Ride, RideModel
from wiki.sources.models import Source

__all__ = [
    "AccountName", "Article", "Attempt", "Block", "ChangesetNetwork", "Company", "Draft", "Element",
    "Park", "ParkArea", "Person", "Protection", "Ride", "RideModel", "Source", "UsedCode",
]  # fmt: skip
