"""Every model of the wiki, for Django to find; each lives in its subject's folder."""

from wiki.articles.models import Article
from wiki.companies.models import Company
from wiki.parks.models import Park
from wiki.rides.models import Ride, RideModel

__all__ = ["Article", "Company", "Park", "Ride", "RideModel"]
