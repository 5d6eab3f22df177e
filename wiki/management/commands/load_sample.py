"""`manage.py load_sample`: fill a new wiki, in several changesets and two branches."""

from typing import Any

from rich.progress import Progress

from eventstore.management.migrated import MigratedCommand
from projections.following.followed import catch_up
from wiki.models import Article, Ride
from wiki.sample.loading import load_sample


class Command(MigratedCommand):
    help = "Fill an empty wiki with a thousand coasters, some articles and two branches."

    def handle(self, *args: Any, **options: Any) -> None:
        if Ride.objects.exists():
            self.stdout.write("There are rides already; the sample was not loaded.")
            return
        with Progress(transient=True) as bar:
            task = bar.add_task("Filling the new wiki", total=None)
            load_sample(lambda done, of: bar.update(task, completed=done, total=of))
            # Whoever looks first finds totals and search at work, whenever a follower starts.
            catch_up()
        rides, articles = Ride.objects.count(), Article.objects.count()
        self.stdout.write(f"{rides} rides, {articles} articles, two branches.")
