"""`manage.py load_sample`: fill a new wiki with rides, and with years of edits."""

from typing import Any

from rich.progress import Progress

from eventstore.history import takes_a_history
from eventstore.management.migrated import MigratedCommand
from projections.following.followed import catch_up
from versioning.models import Branch
from wiki.kinds.articles import Article
from wiki.kinds.rides.models import Ride
from wiki.sample.loading import load_sample


class Command(MigratedCommand):
    help = (
        "Fill an empty wiki with a thousand coasters, other rides, some articles, and what thirty "
        "invented authors made of them in five years."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if Ride.objects.exists():
            self.stdout.write("There are rides already; the sample was not loaded.")
            return
        if not takes_a_history():
            self.stdout.write("This wiki has edits of its own: the sample is dated today.")
        with Progress(transient=True) as bar:
            task = bar.add_task("Filling the new wiki", total=None)
            load_sample(lambda done, of: bar.update(task, completed=done, total=of))
            # Whoever looks first finds totals and search at work, whenever a follower starts.
            catch_up()
        rides, articles = Ride.objects.count(), Article.objects.count()
        branches = Branch.objects.exclude(parent=None).count()
        self.stdout.write(f"{rides} rides, {articles} articles, {branches} branches.")
