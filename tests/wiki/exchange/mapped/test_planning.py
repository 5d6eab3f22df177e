"""A table with columns of its own comes in by a mapping file, and doubles nothing."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import Client

from eventstore.models import Changeset
from projections.audit.auditing import audit
from versioning import viewpoint
from versioning.branches.changes import archive, describe
from versioning.models import Branch
from wiki.branches.commands import change_branch
from wiki.exchange.mapped.likeness import folded
from wiki.models import Company, Park, Ride
from wiki.rights.protections import Act

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
    assert "Row 5, Coaster: '' is empty or not a name" in told.err
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
    doubt = (
        "Row 2, Kestrels: manufacturer 'Acme' may be Acmee (/companies/acme-ag/); "
        "the page may be Kestrel (/rides/kestrel/)."
    )
    assert doubt in told.err
    assert not Ride.objects.filter(name="Kestrels").exists()
    assert Ride.objects.filter(name="New One").exists()
    branch = Branch.objects.get(name="doubtful-coasters-2")
    assert doubt in branch.description
    changeset = Changeset.objects.filter(branch=branch.number).latest("pk")
    assert doubt in Client().get(f"/changes/{changeset.pk}/").content.decode().replace(
        "&#x27;", "'"
    )
    with viewpoint(branch.name):
        waiting = Ride.objects.get(name="Kestrels")
        assert waiting.manufacturer is not None
        assert waiting.manufacturer.name == "Acme"
    run(files)  # again: nothing is forked or made twice
    assert Branch.objects.filter(name__startswith="doubtful").count() == 1
    assert audit().findings == ()


@pytest.mark.parametrize(
    "name", ["The Kestrel", "Kestrell", "Kestrel Coaster", "Kes-trel", "Kęstřel", "Falcon"]
)
def test_a_name_that_is_nearly_a_pages_makes_no_second_page(
    kestrel: Ride, files: tuple[Path, Path], name: str
) -> None:
    """Whether it is matched, or waits for a person."""
    kestrel.names = [{"id": "1", "name": "The Falcon"}]
    kestrel.save()
    files[0].write_text(f"Coaster,Park,Inversions\n{name},Hill Park,3\n")
    run(files)
    assert Ride.objects.get() == kestrel
    if name in ("The Kestrel", "Falcon", "Kęstřel"):
        assert Ride.objects.get().inversions == 3
        assert not Branch.objects.filter(name__startswith="doubtful").exists()
    else:
        with viewpoint("doubtful-coasters-2"):
            assert Ride.objects.get(name=name).inversions == 3


def test_cells_that_say_nothing_fill_nothing(
    kestrel: Ride, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files[0].write_text("Coaster,Park,Make,Material,Inversions\nKestrel,Hill Park,na,N/A,NA\n")
    files[1].write_text(f'empty = ["na", "n/a"]\n{MAPPING}')
    run(files)
    assert "could not be read" not in capsys.readouterr().err
    assert Ride.objects.get().inversions == kestrel.inversions
    assert not Company.objects.filter(name="na").exists()


@pytest.mark.parametrize("park", ["Hill", "Hill Amusement Park", "Hil Park", "Hill World"])
def test_a_park_that_is_nearly_one_is_doubtful_and_its_ride_is_found(
    kestrel: Ride, files: tuple[Path, Path], park: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files[0].write_text(f"Coaster,Park,Inversions\nKestrel,{park},3\n")
    run(files)
    assert (
        f"Row 2, Kestrel: park {park!r} may be Hill Park (/parks/hill-park/); "
        "the page is Kestrel (/rides/kestrel/)." in capsys.readouterr().err
    )
    assert Park.objects.count() == Ride.objects.count() == 1
    with viewpoint("doubtful-coasters-2"):
        found = Ride.objects.get()
        assert (found.inversions, found.park) == (3, kestrel.park)
        assert Park.objects.count() == 1


def test_a_page_that_two_parks_claim_is_given_to_neither(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    Ride.objects.create(slug="skyliner", name="Skyliner")
    files[0].write_text("Coaster,Park\nSkyliner,Hill Park\nSkyliner,Dale\nSkyliner 2,Dale\n")
    run(files)
    told = capsys.readouterr()
    assert "Row 2, Skyliner: the page may be Skyliner (/rides/skyliner/)." in told.err
    assert "Row 3, Skyliner: the page may be Skyliner (/rides/skyliner/)." in told.err
    assert Ride.objects.get(slug="skyliner").park is None
    with viewpoint("doubtful-coasters-2"):
        assert Ride.objects.filter(name="Skyliner").count() == 3


def test_rides_that_are_counted_are_not_alike(kestrel: Ride, files: tuple[Path, Path]) -> None:
    rows = ("Racer 1,Hill Park", "Racer 2,Hill Park", "Racer II,Dale", "Racer III,Dale")
    for row in rows:
        files[0].write_text(f"Coaster,Park\n{row}\n")
        run(files)
    assert Ride.objects.count() == 5


def test_initials_of_a_firm_may_be_the_firm(files: tuple[Path, Path]) -> None:
    Company.objects.create(slug="bolliger-mabillard", name="Bolliger & Mabillard")
    files[0].write_text("Coaster,Make\nSwift,B&M\n")
    run(files)
    assert Company.objects.count() == 1
    assert not Ride.objects.exists()


def test_what_only_doubtful_rows_name_is_made_beside_them(
    kestrel: Ride, files: tuple[Path, Path]
) -> None:
    files[0].write_text(
        "Coaster,Park,Make,Also\nKestrels,Hill Park,Acme,Bolt\nMerlin,Hill Park,,Bolt\n"
    )
    run(files)
    assert [company.name for company in Company.objects.all()] == ["Bolt"]
    with viewpoint("doubtful-coasters-2"):
        assert {company.name for company in Company.objects.all()} == {"Acme", "Bolt"}
    assert audit().findings == ()


def test_what_nothing_needs_is_not_made(
    kestrel: Ride, acme: Company, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    kestrel.manufacturer = acme
    kestrel.save()
    files[0].write_text("Coaster,Park,Make,Inversions\nKestrel,Hill Park,Zamperla,3\n")
    run(files)
    assert Company.objects.get() == acme
    assert Ride.objects.get().inversions == 3
    told = capsys.readouterr()
    assert (
        "Kestrel: manufacturer is Acme here and Zamperla in the file; what is here was kept."
        in told.err
    )
    assert "company" not in told.out


def test_a_certain_row_wins_over_a_doubtful_one_of_the_same_ride(
    acme: Company, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files[0].write_text(
        "Coaster,Park,Make,Height (ft),Inversions\nSwift,Dale,Acmee,203,3\nSwift,Dale,Acme,,2\n"
    )
    run(files)
    swift = Ride.objects.get()
    assert (swift.manufacturer, swift.inversions) == (acme, 2)
    assert str(swift.height) == "203 ft (62 m)"
    assert Company.objects.count() == 1
    assert not Branch.objects.filter(name__startswith="doubtful").exists()
    assert (
        "Row 2 is 'Swift' of row 3 again, and manufacturer 'Acmee' may be Acme "
        "(/companies/acme/): what row 3 says stands." in capsys.readouterr().err
    )


def test_every_row_is_named_where_more_is_asked_for(
    kestrel: Ride, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run(files, verbosity=2)
    told = capsys.readouterr().out
    assert "Row 2, Kestrel: matched Kestrel (/rides/kestrel/)." in told
    assert "Row 2: manufacturer 'Acme' is new (/companies/acme/)." in told
    assert "Row 3, KESTREL: new (/rides/kestrel-2/)." in told


def test_an_edit_is_told_from_what_merely_differs(
    kestrel: Ride, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    kestrel.inversions = 4
    kestrel.save()
    run(files)
    assert "Kestrel: inversions is 4 here and 2 in the file; what is here was kept." in (
        capsys.readouterr().err
    )
    kestrel.refresh_from_db()
    kestrel.seating = "flying"
    kestrel.save()
    files[0].write_text(TABLE.replace("Sit Down", "inverted"))
    run(files)
    assert (
        "Kestrel: seating was edited here (Flying) and changed in the file (Inverted); "
        "the edit was kept." in capsys.readouterr().err
    )


def test_doubtful_rows_come_back_to_an_open_branch_that_has_what_its_parent_has(
    kestrel: Ride, files: tuple[Path, Path]
) -> None:
    files[0].write_text("Coaster,Park\nKestrels,Hill Park\n")
    run(files)
    merlin = Ride.objects.create(slug="merlin", name="Merlin", park=kestrel.park)
    files[0].write_text("Coaster,Park\nKestrels,Hill Park\nMerlin,Hill\nMerlins,Hill Park\n")
    run(files)
    branch = Branch.objects.get(name__startswith="doubtful")
    with viewpoint(branch.name):
        assert set(Ride.objects.values_list("name", flat=True)) == {
            "Kestrel", "Kestrels", "Merlin", "Merlins",
        }  # fmt: skip
        assert Ride.objects.get(name="Merlin") == merlin
    archive(branch)
    run(files)
    with viewpoint(f"{branch.name}-2"):
        assert Ride.objects.filter(name="Merlins").exists()


def test_a_branch_of_doubtful_rows_says_what_is_doubtful_now(
    kestrel: Ride, files: tuple[Path, Path]
) -> None:
    files[0].write_text("Coaster,Park\nKestrels,Hill Park\n")
    run(files)
    files[0].write_text("Coaster,Park\nKestrell,Hill Park\n")
    run(files)
    branch = Branch.objects.get(name__startswith="doubtful")
    assert "Kestrell: the page may be" in branch.description
    assert "Kestrels" not in branch.description
    writer = User.objects.create(username="ann")
    writer.groups.set(Group.objects.filter(name="moderators"))
    change_branch(
        branch, lambda found: describe(found, "Ann looks at it."), act=Act.EDIT, actor=writer
    )
    run(files)
    branch.refresh_from_db()
    assert branch.description == "Ann looks at it."


def test_a_figure_in_another_unit_is_no_other(
    kestrel: Ride, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files[0].write_text("Coaster,Park,Height (ft),Length\nKestrel,Hill Park,100,3100 ft\n")
    kestrel.height, kestrel.length = "30.48 m", "945 m"
    kestrel.save()
    run(files)
    assert "Were created: 0, changed: 0, left as they are: 1." in capsys.readouterr().out
    kestrel.height = "30.8 m"
    kestrel.save()
    run(files)
    assert "Kestrel: height is 30.8 m (101 ft) here and 100 ft (30 m) in the file" in (
        re.sub(r"\s+", " ", capsys.readouterr().err)
    )


def test_whole_numbers_are_read_as_programs_write_them(
    kestrel: Ride, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files[0].write_text(
        "Coaster,Park,Inversions,Year,Trains\n"
        'Kestrel,Hill Park,4.0,1998.0,"1,200"\n'
        'Swift,Hill Park,4.5,1998.5,"12,00"\n'
        "Heron,Hill Park,1.000,,1200.00\n"
    )
    more = 'opened = "Year"\ntrain_count = "Trains"\n\n[constants]'
    files[1].write_text(MAPPING.replace("[constants]", more))
    run(files)
    told = capsys.readouterr().err
    kestrel.refresh_from_db()
    assert (kestrel.inversions, str(kestrel.opened), kestrel.train_count) == (4, "1998", 1200)
    swift = Ride.objects.get(name="Swift")
    assert (swift.inversions, swift.opened, swift.train_count) == (None, None, None)
    assert all(f"'{cell}'" in told for cell in ("4.5", "1998.5", "12,00", "1.000"))
    assert Ride.objects.get(name="Heron").train_count == 1200


def test_a_name_without_letters_of_an_address_gets_a_lasting_one(
    files: tuple[Path, Path],
) -> None:
    files[0].write_text("Coaster,Park\n雪国列車,遊園地\n火山列車,遊園地\n")
    run(files)
    slugs = {*Ride.objects.values_list("slug", flat=True), Park.objects.get().slug}
    assert all(re.fullmatch("(ride|park)-[0-9a-f]{8}", slug) for slug in slugs)
    assert len(slugs) == 3


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ("kind = ", "is not TOML"),
        (f"a = {'[\n' * 3_000}", "is nested too deep"),
        (f"{'a.' * 3_000}b = 1", "line 1 has more than 5,000 bytes"),
        ("# \n" * 100_000, "is too large for a mapping"),
        ('kind = "trains"\nname = "A"', "kind must be one of these: parks"),
        ('kind = "rides"', "name must be the column"),
        ('kind = "rides"\nname = "A"\nmood = 1', "says 'mood', which means nothing here"),
        ('kind = "rides"\nname = "A"\nempty = "na"', "empty is a list of what cells hold"),
        ('kind = "rides"\nname = "A"\n[fields]\nmood = "B"', "a ride has no field 'mood'. It has:"),
        ('kind = "rides"\nname = "A"\n[fields]\nslug = "B"', "has no field 'slug'"),
        ('kind = "rides"\nname = "A"\n[fields]\ntracks = "B"', "tracks is a list of items"),
        ('kind = "rides"\nname = "A"\n[fields]\nheight = { column = "B", unit = "kg" }',
         "height is not measured in 'kg'"),
        ('kind = "rides"\nname = "A"\n[constants]\nstatus = "gone"',
         "'gone' is not a choice for status"),
        ('kind = "rides"\nname = "A"\n[constants]\ninversions = -5',
         "'-5' cannot be read as inversions"),
        ('kind = "rides"\nname = "A"\n[constants]\ninversions = true',
         "True cannot be read as inversions"),
        ('kind = "rides"\nname = "A"\n[constants]\nbody = "a\\u0000b"', "cannot be read as body"),
        (f'kind = "rides"\nname = "A"\n[constants]\ntheme = "{"x" * 999}"',
         "cannot be read as theme"),
        (f'kind = "rides"\nname = "A"\n[constants]\npark = "{UUID(int=1)}"',
         "cannot be read as park"),
        ('kind = "rides"\nname = "A"\n[fields]\nheight = { column = "B", unit = ["ft"] }',
         "height is not measured in ['ft']"),
        ('kind = "rides"\nname = "A"\n[match]\nby = ["park"]', "[match] by is a list of fields"),
        ('kind = "rides"\nname = "A"\n[match]\nBy = ["park"]', "[match] says 'By', which means"),
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


@pytest.mark.parametrize("by", ['["height"]', '["designers"]', '[["park"]]', '"park"'])
def test_rows_are_matched_by_fields_that_name_one_page(files: tuple[Path, Path], by: str) -> None:
    fields = 'height = "H"\npark = "P"\ndesigners = "D"'
    files[1].write_text(f'kind = "rides"\nname = "A"\n[fields]\n{fields}\n[match]\nby = {by}')
    with pytest.raises(CommandError, match=r"name one page, as park does\. There are: park\."):
        run(files)


def test_a_file_without_the_column_of_names_is_refused(files: tuple[Path, Path]) -> None:
    files[0].write_text("Name,Park\na,b\n")
    with pytest.raises(CommandError, match="has no column 'Coaster', so its rows have no names"):
        run(files)


@pytest.mark.parametrize(
    ("one", "other"), [("Kärnan", "karnan"), ("B&M", "b m"), ("  The   Voyage ", "the voyage")]
)
def test_names_are_compared_without_case_accents_and_signs(one: str, other: str) -> None:
    assert folded(one) == other
