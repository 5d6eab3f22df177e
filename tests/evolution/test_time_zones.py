"""A site without time zones: its moments are of TIME_ZONE, whatever zone the process is in."""

from typing import Any

from tests.evolution.migrations import VERSIONED
from tests.evolution.project import Project

MODELS = f"""{VERSIONED}

class Party(VersionedModel):
    at = models.DateTimeField(null=True)
    history = HistoricalRecords()
    version_control = VersionControlManager()

    def contradictions(self):
        import datetime
        if self.at and self.at < datetime.datetime(1000, 1, 1):
            yield "at", "Nobody gave a party then."
"""


def of_no_zone(text: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(text)


def hold() -> None:
    import os
    import time
    from datetime import timedelta

    from django.conf import settings
    from django.utils import timezone
    from shop.models import Party

    from projections.audit.auditing import audit
    from projections.rebuild import rebuild
    from versioning import branch_context, viewpoint
    from versioning.branches.fork import fork

    assert not settings.USE_TZ
    os.environ["TZ"] = "Asia/Tokyo"
    time.tzset()
    moments = [
        of_no_zone("2024-06-02T19:00:54"),
        of_no_zone("2024-11-03T01:30:00"),  # twice
        of_no_zone("2024-03-10T02:30:00"),  # never
        of_no_zone("9999-12-31T23:59:59"),
    ]
    fork("spring")
    for moment in moments:
        party = Party.objects.create(at=moment)
        tomorrow = timezone.now() + timedelta(days=1)
        there = Party.objects.get(pk=party.pk)
        shown = there.at
        is_skipped = moment == moments[2]
        assert shown == (moment + timedelta(hours=1) if is_skipped else moment)
        there.save()
        Party.objects.filter(pk=party.pk).update(at=moment)
        assert len(party.history.all()) == 1
        assert Party.objects.filter(at=moment).count() == 1
        assert party.history.at(tomorrow).at == shown
        with branch_context("spring"):
            inherited = Party.objects.create(at=moment)
            assert Party.objects.get(pk=inherited.pk).at == shown
    Party.version_control.merge("spring")
    assert Party.objects.filter(at=moments[0]).count() == 2
    with viewpoint(at=of_no_zone("2000-01-01T00:00:00")):
        assert not Party.objects.exists()
    assert audit().findings == ()
    assert rebuild().mended == 0


def test_moments_without_a_zone_are_of_the_site(empty: Project) -> None:
    told = empty.folder / "settings.py"
    told.write_text(
        told.read_text().replace("USE_TZ = True", "USE_TZ = False\nTIME_ZONE = 'America/New_York'")
    )
    empty.models(MODELS)
    empty.migrate()
    empty.run(hold)
