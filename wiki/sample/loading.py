"""The sample into an empty wiki: changesets to travel through, and two branches to merge."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import transaction

from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from wiki.imports.coasters.documents import MARK, RIDE, documents_of
from wiki.imports.tables.loading import load
from wiki.models import Article, Park, Ride
from wiki.sample.make import sample_rides

HERE = Path(__file__).parent

FIRST_ARTICLES = ("what-this-is", "how-a-coaster-works", "reading-history", "working-on-a-branch")
ERAS = ((0, 1960), (1960, 1990), (1990, 2010), (2010, 9999))


def load_sample(progress: Callable[[int, int], None] = lambda done, of: None) -> None:
    """Everything, in one transaction: all of it or nothing."""
    steps = [_coasters, _articles, _words_about_rides, _spring_refresh, _height_survey]
    with transaction.atomic():
        for done, step in enumerate(steps, 1):
            step()
            progress(done, len(steps))


def texts(folder: str) -> Iterator[tuple[str, str]]:
    """The sample's texts: address and Markdown."""
    for path in sorted((HERE / folder).glob("*.md")):
        yield path.stem, path.read_text(encoding="utf-8")


def _coasters() -> None:
    """The parks and companies first, then the rides by age, so that there is a past."""
    documents = documents_of(sample_rides())
    rides = documents.pop(RIDE)
    load(documents, mark=MARK, message="Parks, makers and models")
    for first, last in ERAS:
        era = {key: ride for key, ride in rides.items() if first <= _year_of(ride) < last}
        until = f"before {last}" if last < 9999 else f"since {first}"
        load({RIDE: era}, mark=MARK, message=f"Coasters opened {until}")


def _year_of(ride: dict[str, Any]) -> int:
    digits = str(ride.get("opened", ""))[:4]
    return int(digits) if digits.isdecimal() else 0


def _articles() -> None:
    found = dict(texts("articles"))
    for message, slugs in (
        ("How this wiki works, and how a coaster does", FIRST_ARTICLES),
        ("The parts of a coaster, its history and its people", found.keys() - {*FIRST_ARTICLES}),
    ):
        with BatchOperation(message) as batch:
            batch.process_changes(_article(slug, found[slug]) for slug in sorted(slugs))


def _article(slug: str, text: str) -> Article:
    """A text whose first line is its title."""
    title, body = text.split("\n", 1)
    return Article(slug=slug, name=title.removeprefix("# "), body=body.lstrip("\n"))


def _words_about_rides() -> None:
    words = dict(texts("rides"))
    rides = list(Ride.objects.filter(slug__in=words))
    for ride in rides:
        ride.body = words[ride.slug]
    Ride.objects.bulk_update(rides, ["body"])


def _spring_refresh() -> None:
    """A branch that merges as it stands, though the main line went on meanwhile."""
    fork("spring-refresh", description="Better words for a few pages.")
    with branch_context("spring-refresh", message="Say more about launches and lifts"):
        _rewrite(
            Article, "launch", "some hope for one.", "some hope for one, more than once a day."
        )
        _rewrite(Article, "lift-hill", "It is also theatre.", "It is also theatre, and a view.")
    with branch_context("spring-refresh", message="Cedar Point and The Voyage"):
        cedar_point = Park.objects.get(slug="cedar-point")
        cedar_point.location, cedar_point.country = "Sandusky, Ohio", "US"
        cedar_point.save()
        voyage = Ride.objects.get(slug="the-voyage")
        voyage.body = (
            "More than a mile of [wooden](/articles/wood-and-steel/) track through a forest, with "
            "five tunnels and three turns banked to ninety degrees.\n"
        )
        voyage.save()
    with branch_context(message="Who climbed"):
        _rewrite(Article, "lift-hill", "people climbed", "passengers climbed by themselves")


def _height_survey() -> None:
    """A branch that asks two questions: about a figure, and about a sentence."""
    fork("height-survey", description="Heights, measured anew.")
    measured = {"kingda-ka": "139.2 m", "top-thrill-dragster": "128.3 m", "fury-325": "99.2 m"}
    with branch_context("height-survey", message="What we measured"):
        for slug, height in measured.items():
            ride = Ride.objects.get(slug=slug)
            ride.height = height
            ride.save()
    with branch_context("height-survey", message="Say what the heights are worth"):
        _rewrite(Ride, "kingda-ka", "does one thing.", "is one tower, seen from afar.")
        _rewrite(Article, "height-records", "went up by a few feet", "rose by a few feet")
    with branch_context(message="The operator's figure"):
        ride = Ride.objects.get(slug="kingda-ka")
        ride.height = "458 ft"
        ride.save()
        _rewrite(Ride, "kingda-ka", "does one thing.", "does one thing only, and does it once.")


def _rewrite(model: type[Any], slug: str, before: str, after: str) -> None:
    """Replace a passage of a page's text."""
    page = model.objects.get(slug=slug)
    if before not in page.body:
        raise LookupError(f"The text of {slug} does not say {before!r} any more.")
    page.body = page.body.replace(before, after)
    page.save()
