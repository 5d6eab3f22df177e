"""`manage.py dumpdata`: entities as they stand, without what the engine keeps of them."""

from typing import Any

from django.apps import apps
from django.core.management.commands import dumpdata

from eventstore.management.migrated import MigratedCommand
from projections.migrating.elsewhere import ENGINE
from versioning.entities.kinds import kinds


class Command(MigratedCommand, dumpdata.Command):
    def handle(self, *app_labels: str, **options: Any) -> None:
        """As Django's. A fixture begins a log of its own: it holds no history and no branches."""
        options["exclude"] = [*options["exclude"], *_left_out()]
        super().handle(*app_labels, **options)


def _left_out() -> list[str]:
    models = [
        version
        for kind in kinds()
        for version in (kind.version_model, *(version for _, _, version in kind.link_models()))
    ]
    of_the_engine = [label for label in sorted(ENGINE) if apps.is_installed(label)]
    return [*of_the_engine, *(model._meta.label for model in models)]
