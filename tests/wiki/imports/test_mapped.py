"""A table with columns of its own comes in by a mapping file, and doubles nothing."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from eventstore.models import Changeset
from projections.audit.auditing import audit
from versioning import viewpoint
from versioning.models import Branch
from wiki.imports.mapped.matching import folded
from wiki.models import Company, Park, Ride

pytestmark = pytest.mark.django_db

MAPPING = """
kind = "rides"
name = "Coaster"

[fields]
park = "Park"
manufacturer = "Make"
material = { column = "Material" }
seating = { column = "Seating", values = { "Sit Down" = "sit-down", "Unknown" = "" } }
height = { column = "Height (ft)", unit = "ft" }
speed = { column = "Speed", unit = "km/h" }
length = "Length"
inversions = "Inversions"
status = { column = "Status", values = { "status.operating" = "operating" } }
other_makers = { column = "Also", separator = ";" }

[constants]
category = "roller-coaster"

[match]
by = ["park"]
"""

TABLE = """Coaster,Park,Make,Material,Seating,Height (ft),Speed,Length,Inversions,Status,Also,Mood
Kestrel,Hill Park,Acme,Steel,Sit Down,203,100,3100 ft,2,status.operating,,glad
KESTREL,Dale,Acme,Wood,Unknown,50,,,0,status.operating,,
Swift,Hill Park,Bolt Rides,Steel,Flying,tall,,,x,gone,One; Two,
,Hill Park,,,,,,,,,,
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    table, mapping = tmp_path / "Coasters 2.csv", tmp_path / "mapping.toml"
    table.write_text(TABLE)
    mapping.write_text(MAPPING)
    return table, mapping


def run(files: tuple[Path, Path], **options: object) -> None:
    call_command("import_csv", str(files[0]), mapping=files[1], **options)


def test_rows_match_what_is_there_and_make_what_is_not(
    kestrel: Ride, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run(files)
    told = capsys.readouterr()
    kestrel.refresh_from_db()
    assert str(kestrel.height) == "203 ft (62 m)"
    assert str(kestrel.length) == "3,100 ft (945 m)"
    assert (kestrel.seating, kestrel.material, kestrel.inversions) == ("sit-down", "steel", 2)
    assert kestrel.manufacturer == Company.objects.get(name="Acme")
    other = Ride.objects.get(park=Park.objects.get(name="Dale"))
    assert (other.name, other.seating, other.material) == ("KESTREL", "", "wood")
    swift = Ride.objects.get(name="Swift")
    assert [company.name for company in swift.other_makers.all()] == ["One", "Two"]
    assert swift.height is None
    assert "Row 4, Height (ft): 'tall' holds no figure" in told.err
    assert "Row 4, Inversions: 'x'" in told.err
    assert "Row 4, Status: 'gone' was refused" in told.err
    assert "Row 5, Coaster: '' is empty or no name" in told.err
    assert "not read: Mood" in told.err
    assert "Rows matched: 1, new: 2" in told.out
    assert "Height (ft): 2 of 3 cells were read." in told.out
    assert audit().findings == ()


def test_a_second_run_appends_nothing(kestrel: Ride, files: tuple[Path, Path]) -> None:
    run(files)
    before = Changeset.objects.count()
    run(files)
    assert Changeset.objects.count() == before


def test_a_dry_run_writes_nothing(
    kestrel: Ride, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    before = Changeset.objects.count()
    run(files, dry_run=True)
    assert Changeset.objects.count() == before
    assert "Would be created: 7" in capsys.readouterr().out


def test_what_people_wrote_is_not_overruled(kestrel: Ride, files: tuple[Path, Path]) -> None:
    kestrel.height = "70 m"
    kestrel.save()
    run(files)
    kestrel.refresh_from_db()
    assert str(kestrel.height) == "70 m (230 ft)"
    assert kestrel.inversions == 2


def test_another_name_of_a_page_is_it_too(kestrel: Ride, files: tuple[Path, Path]) -> None:
    kestrel.name = "Falcon"
    kestrel.names = [{"id": "1", "name": "Kestrel"}]
    kestrel.save()
    run(files)
    kestrel.refresh_from_db()
    assert kestrel.name == "Falcon"
    assert kestrel.inversions == 2


def test_what_is_doubtful_waits_on_a_branch(
    kestrel: Ride, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    Company.objects.create(slug="acme-ag", name="Acmee")
    files[0].write_text("Coaster,Park,Make\nKestrels,Hill Park,Acme\nNew One,Hill Park,Bolt\n")
    run(files)
    told = capsys.readouterr()
    assert "Row 2, Kestrels: manufacturer 'Acme' may be Acmee; the page may be Kestrel." in told.err
    assert not Ride.objects.filter(name="Kestrels").exists()
    assert Ride.objects.filter(name="New One").exists()
    branch = Branch.objects.get(name="doubtful-coasters-2")
    with viewpoint(branch.name):
        waiting = Ride.objects.get(name="Kestrels")
        assert waiting.manufacturer is not None
        assert waiting.manufacturer.name == "Acme"
    run(files)  # again: nothing is forked or made twice
    assert Branch.objects.filter(name__startswith="doubtful").count() == 1
    assert audit().findings == ()


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ("kind = ", "is not TOML"),
        ('kind = "trains"\nname = "A"', "kind must be one of these: parks"),
        ('kind = "rides"', "name must be the column"),
        ('kind = "rides"\nname = "A"\nmood = 1', "says 'mood', which means nothing here"),
        ('kind = "rides"\nname = "A"\n[fields]\nmood = "B"', "a ride has no field 'mood'. It has:"),
        ('kind = "rides"\nname = "A"\n[fields]\nslug = "B"', "has no field 'slug'"),
        ('kind = "rides"\nname = "A"\n[fields]\ntracks = "B"', "tracks is a list of items"),
        ('kind = "rides"\nname = "A"\n[fields]\nheight = { column = "B", unit = "kg" }',
         "height is not measured in 'kg'"),
        ('kind = "rides"\nname = "A"\n[constants]\nstatus = "gone"', "'gone' is no status"),
        ('kind = "rides"\nname = "A"\n[match]\nby = ["park"]', "[match] by is a list of fields"),
        ('kind = "rides"\nname = "A"\n[fields]\nheight = { unit = "m" }', "must name its column"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used_is_refused_with_a_sentence(
    files: tuple[Path, Path], mapping: str, sentence: str
) -> None:
    files[1].write_text(mapping)
    before = Changeset.objects.count()
    with pytest.raises(CommandError) as refusal:
        run(files)
    assert sentence in str(refusal.value)
    assert Changeset.objects.count() == before


def test_a_file_without_the_column_of_names_is_refused(files: tuple[Path, Path]) -> None:
    files[0].write_text("Name,Park\na,b\n")
    with pytest.raises(CommandError, match="has no column 'Coaster', so its rows have no names"):
        run(files)


@pytest.mark.parametrize(
    ("one", "other"), [("Kärnan", "karnan"), ("B&M", "b m"), ("  The   Voyage ", "the voyage")]
)
def test_names_are_compared_without_case_accents_and_signs(one: str, other: str) -> None:
    assert folded(one) == other
