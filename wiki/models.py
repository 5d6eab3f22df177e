"""Every model of the wiki, for Django to find; each lives in its subject's folder."""

from wiki.accounts.models import AccountName, UsedCode
from wiki.drafts.models import Draft
from wiki.kinds.areas import ParkArea
from wiki.kinds.articles import Article
from wiki.kinds.companies import Company
from wiki.kinds.elements import Element
from wiki.kinds.parks import Park
from wiki.kinds.people import Person
from wiki.kinds.rides.models import Ride, RideModel
from wiki.kinds.sources import Source
from wiki.limits.models import Attempt
from wiki.rights.models import Block, ChangesetNetwork, Protection

__all__ = [
    "AccountName", "Article", "Attempt", "Block", "ChangesetNetwork", "Company", "Draft", "Element",
    "Park", "ParkArea", "Person", "Protection", "Ride", "RideModel", "Source", "UsedCode",
]  # fmt: skip
