"""Coasters from a table: odd cells, second runs, changed and bad files."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from eventstore import reading
from projections.audit.auditing import audit
from versioning.branches.merge import plan_merge
from versioning.models import Branch
from wiki.imports.coasters import values
from wiki.models import Company, Park, Ride

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "coaster_db.csv"

SMALL = """Status,coaster_name,Location,height_value,height_unit,Length,Manufacturer,Designer,mood
Operating,Kestrel (roller coaster),Hill Park,203,ft,"3,100\xa0ft",Acme,Ann Bee and Cee,good
Removed,Kestrel,Other,tall,ft,,Acme,,bad
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [("600 ft (180 m)", "182.88"), ("32\xa0m (105\xa0ft)", "32.00"), ("84.5 ft[3]", "25.76")],
)
def test_lengths_are_metres(text: str, expected: str) -> None:
    assert values.quantity(text, values.METRES) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("September\xa03,\xa02012", "2012-09-03"),
        ("December\xa02019", "2019-12"),
        ("2009", "2009"),
        ("April\xa015, 2008; 13 years ago", "2008-04-15"),
    ],
)
def test_dates_are_as_exact_as_they_were_told(text: str, expected: str) -> None:
    assert values.date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1/1/1975", "1975"), ("4/9/1994", "1994-04-09"), ("1884-06-16", "1884-06-16")],
)
def test_the_first_of_january_is_a_year(text: str, expected: str) -> None:
    assert values.opening_date(text) == expected


@pytest.mark.parametrize("text", ["13/45/1999", "soon", ""])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whichever reason
        values.opening_date(text)


@pytest.mark.django_db
def test_rows_become_rides_with_their_parks_and_makers(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_coasters", str(small))
    kestrel = Ride.objects.get(slug="kestrel")
    assert kestrel.park == Park.objects.get(name="Hill Park")
    assert (kestrel.height_m, kestrel.length_m) == (Decimal("61.87"), Decimal("944.88"))
    assert [company.name for company in kestrel.designers.all()] == ["Ann Bee", "Cee"]
    assert Company.objects.get(name="Acme").roles == ["manufacturer"]
    assert Ride.objects.get(slug="kestrel-elsewhere").park is None
    told = capsys.readouterr().err
    assert "Row 3, height_value: 'tall' holds no figure" in told
    assert "not read: mood" in told
    assert audit().findings == ()


@pytest.mark.django_db
def test_a_second_run_appends_nothing_and_a_changed_file_just_the_changes(small: Path) -> None:
    call_command("import_coasters", str(small), dry_run=True)
    assert not Ride.objects.exists()
    call_command("import_coasters", str(small))
    before = reading.last_position()
    call_command("import_coasters", str(small))
    assert reading.last_position() == before
    small.write_text(SMALL.replace("203", "205"), encoding="utf-8")
    call_command("import_coasters", str(small))
    assert reading.last_position() == before + 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00a", b"a,b\n1,2\n", b"coaster_name\n\0\n", b'coaster_name\n"open\n'],
)
def test_a_bad_file_is_refused_whole(tmp_path: Path, content: bytes) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    before = reading.last_position()
    with pytest.raises(CommandError):
        call_command("import_coasters", str(bad))
    assert reading.last_position() == before


@pytest.mark.django_db
@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the shared data lies beside the checkout")
def test_a_thousand_real_coasters(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_coasters", str(SHARED))
    assert Ride.objects.count() == 1_087
    before = reading.last_position()
    call_command("import_coasters", str(SHARED))
    assert reading.last_position() == before
    assert audit().findings == ()


@pytest.mark.django_db
def test_the_sample_has_a_past_a_branch_and_a_conflict() -> None:
    call_command("load_sample")
    assert Ride.objects.count() > 1_000
    before = reading.last_position()
    call_command("load_sample")
    assert reading.last_position() == before
    planned = plan_merge(Branch.objects.get(name="height-survey")).plan
    assert [conflict.conflict.path for conflict in planned.conflicts] == ["height_m"]
    assert len(planned.changing) == 4
    assert plan_merge(Branch.objects.get(name="spring-refresh")).plan.conflicts == []
    assert audit().findings == ()
