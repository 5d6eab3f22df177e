"""A mapped table that is read again says nothing new, whatever it and the wiki hold."""

import csv
import tempfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eventstore import reading
from tests.wiki.exchange.mapped.test_planning import MAPPING
from versioning.models import Branch
from wiki.models import Company, Park, Ride

pytestmark = pytest.mark.django_db

NAMES = st.sampled_from(["Kong", "KONG", "Kong II", "Kongo", "The Kong", "Whizzer", "Wizzer"])
PARKS = st.sampled_from(["", "Hill Park", "Hill", "Dale", "Dale World"])
MAKERS = st.sampled_from(["", "Acme", "Acme Inc", "Acmee", "Bolt"])

Row = tuple[str, str, str, str]
ROW = st.tuples(NAMES, PARKS, MAKERS, st.sampled_from(["", "2", "3.0"]))


def wiki_of(rows: list[Row]) -> None:
    parks = {name: Park.objects.create(slug=f"park-{n}", name=name) for n, name in told(rows, 1)}
    makers = {name: Company.objects.create(slug=f"co-{n}", name=name) for n, name in told(rows, 2)}
    for number, (name, park, maker, inversions) in enumerate(rows):
        Ride.objects.create(
            slug=f"ride-{number}",
            name=name,
            park=parks.get(park),
            manufacturer=makers.get(maker),
            inversions=int(inversions[:1] or 0) or None,
        )


def told(rows: list[Row], column: int) -> list[tuple[int, str]]:
    return list(enumerate(sorted({row[column] for row in rows} - {""})))


def run(table: Path, mapping: Path) -> None:
    call_command("import_csv", str(table), mapping=mapping)


@pytest.mark.slow
@settings(max_examples=30)
@given(wiki=st.lists(ROW, max_size=6), file=st.lists(ROW, min_size=1, max_size=6))
@example(  # the wiki does not say where its Kong stands: the first row tells it
    wiki=[("Kong", "", "", "")],
    file=[("Kong II", "Dale", "", ""), ("Kong", "Hill Park", "", "")],
)
@example(  # nor which of the two is meant
    wiki=[("Kong", "", "", "")],
    file=[("Kong", "Hill Park", "", "2"), ("Kong", "Dale", "", "3.0")],
)
@example(  # the third may be either: they are named in one order, made already or not
    wiki=[], file=[("Kong", "", "", ""), ("Kong", "Hill Park", "", ""), ("Kong", "Hill", "", "")]
)
@example(  # what tells of the first row's page names a maker that is not taken
    wiki=[("Whizzer", "", "Bolt", "")],
    file=[("Wizzer", "Dale", "Acme Inc", ""), ("Whizzer", "Hill Park", "Acme", "")],
)
@example(  # the last row is settled by the one before it, and makes what the first may mean
    wiki=[("Kong", "", "", "")],
    file=[
        ("Kong II", "Dale", "", ""),
        ("Whizzer", "", "Acme", ""),
        ("Whizzer", "Dale World", "Acme Inc", ""),
    ],
)
@example(  # where "Hill" may be a park that is not there yet, it claims the page as any other
    wiki=[("Kong", "", "", "")],
    file=[
        ("Kong", "Hill Park", "", ""),
        ("Kong", "Hill", "", ""),
        ("Whizzer", "Hill Park", "", ""),
    ],
)
def test_a_second_run_appends_nothing(wiki: list[Row], file: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        table, mapping = Path(folder, "rides.csv"), Path(folder, "mapping.toml")
        mapping.write_text(MAPPING)
        with table.open("w", newline="") as out:
            csv.writer(out).writerows([("Coaster", "Park", "Make", "Inversions"), *file])
        wiki_of(wiki)
        run(table, mapping)
        end = reading.last_position()
        run(table, mapping)
        assert reading.last_position() == end
        assert Branch.objects.count() <= 2
        transaction.set_rollback(True)
