"""`manage.py load_sample`: fill a new wiki, in several changesets and two branches."""

import json
from decimal import Decimal
from typing import Any

from django.core.management import BaseCommand
from django.db import transaction

from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from wiki.imports.coasters.documents import RIDE, documents_of
from wiki.imports.coasters.loading import load
from wiki.imports.coasters.table import RideFacts
from wiki.models import Article, Ride
from wiki.sample.articles import ARTICLES
from wiki.sample.make import FACTS

FIGURES = ("height_m", "length_m", "speed_km_h", "latitude", "longitude")


class Command(BaseCommand):
    help = "Fill an empty wiki with a thousand coasters, some articles and two branches."

    def handle(self, *args: Any, **options: Any) -> None:
        if Ride.objects.exists():
            self.stdout.write("There are rides already; the sample was not loaded.")
            return
        with transaction.atomic():
            self._load_coasters()
            self._load_articles()
            self._make_branches()
        self.stdout.write(f"{Ride.objects.count()} rides, {len(ARTICLES)} articles, two branches.")

    def _load_coasters(self) -> None:
        """The companies and parks first, then the rides by age, so that there is a past."""
        documents = documents_of([_facts(line) for line in FACTS.read_text("utf-8").splitlines()])
        rides = documents.pop(RIDE)
        load(documents, message="Parks, makers and models")
        for first, last in ((0, 1960), (1960, 1990), (1990, 2010), (2010, 9999)):
            era = {
                key: ride
                for key, ride in rides.items()
                if first <= int(ride["opened"][:4] or 0) < last
            }
            load(
                {RIDE: era}, message=f"Coasters opened before {last}" if last < 9999 else "The rest"
            )

    def _load_articles(self) -> None:
        with BatchOperation("First articles") as batch:
            batch.process_changes(
                Article(slug=slug, name=name, body=body) for (slug, name), body in ARTICLES.items()
            )

    def _make_branches(self) -> None:
        """One branch with edits, and one whose edits conflict with main's."""
        tall = list(Ride.objects.filter(height_m__isnull=False).order_by("-height_m", "id")[:4])
        fork("spring-refresh", description="Better words for a few pages.")
        with branch_context("spring-refresh", message="Say more about lifts"):
            lift = Article.objects.get(slug="chain-lift")
            lift.body += "\nSome coasters are launched instead.\n"
            lift.save()
        fork("height-survey", description="Heights, measured anew.")
        with branch_context("height-survey", message="What we measured"):
            for ride in Ride.objects.filter(pk__in=[ride.pk for ride in tall]):
                ride.height_m = (ride.height_m or Decimal(0)) + 1
                ride.save()
        with branch_context(message="What the operator says"):
            ride = Ride.objects.get(pk=tall[0].pk)
            ride.height_m = (ride.height_m or Decimal(0)) + 2
            ride.save()


def _facts(line: str) -> RideFacts:
    known: dict[str, Any] = json.loads(line)
    facts: dict[str, Any] = {n: Decimal(v) if n in FIGURES else v for n, v in known.items()}
    return RideFacts(**facts)
