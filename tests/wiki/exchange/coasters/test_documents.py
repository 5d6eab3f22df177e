"""Coasters from a table: odd cells, second runs, changed and bad files, people's edits."""

import csv
import gzip
import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from config.environment import CHECKOUT
from eventstore import reading
from projections.audit.auditing import audit
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.fields.quantities import Quantity
from wiki.exchange.coasters import cells, names
from wiki.exchange.coasters.places import place_of
from wiki.exchange.coasters.table import read_table
from wiki.exchange.tables import file
from wiki.models import Company, Park, Ride, RideModel

SHARED = CHECKOUT.parent / "shared" / "data" / "coaster_db.csv"

SMALL = """Status,coaster_name,Location,height_value,height_unit,Length,Manufacturer,Designer,mood
Operating,Kestrel (roller coaster),Hill Park,203,ft,"3,100\xa0ft",B&M,Ann Bee and Cee,good
Removed,Kestrel,Other,tall,ft,,Bolliger & Mabillard,,bad
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text(SMALL, encoding="utf-8")
    return path


def table(folder: Path, *rows: dict[str, Any]) -> Path:
    """A CSV file of these rows."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "table.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("September\xa03,\xa02012", None, "2012-09-03"),
        ("December\xa02019", None, "2019-12"),
        ("April\xa015, 2008; 13 years ago", None, "2008-04-15"),
        ("16\xa0March\xa01994[1]", None, "1994-03-16"),
        ("2-Sep-46", 1926, "1946-09-02"),
        ("Nov-57", 1950, "1957-11"),
        ("29-Apr-05", 2005, "2005-04-29"),
        ("1930s", None, "193X"),
        ("October 12, 2010(as Mulholland Madness)", None, "2010-10-12"),
    ],
)
def test_dates_are_as_exact_as_they_were_told(text: str, year: int | None, expected: str) -> None:
    assert cells.date(text, year=year).value == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1/1/1975", "1975"), ("4/9/1994", "1994-04-09"), ("1884-06-16", "1884-06-16")],
)
def test_the_first_of_january_is_a_year(text: str, expected: str) -> None:
    assert cells.opening_date(text).value == expected


@pytest.mark.parametrize("text", ["13/45/1999", "soon", "8-Sep", "31 October 20042007", "2-Sep-46"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whichever reason
        cells.date(text, year=None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Bee and Cee", ["Ann Bee", "Cee"]),
        ("Alison Brittle, Eden Carpenter, and Gary Norton",
         ["Alison Brittle", "Eden Carpenter", "Gary Norton"]),
        ("Bolliger and Mabillard", ["Bolliger & Mabillard"]),
        ("B&M", ["Bolliger & Mabillard"]),
        ("John A. MillerHerbert Schmeck", ["John A. Miller", "Herbert Paul Schmeck"]),
        ("Andy Vettel (1968)John A. Miller (1924)", ["Andy Vettel", "John A. Miller"]),
        ("Vekoma (Paris, Tokyo)", ["Vekoma"]),
        ("Dennis McNulty", ["Dennis McNulty"]),
        ("LaMarcus Thompson", ["LaMarcus Adna Thompson"]),
        ("Bailey Rides, Inc.", ["Bailey Rides, Inc."]),
        ("William Cobb & Associates", ["William Cobb & Associates"]),
        ("Anton Schwarzkopf / Ingenieur Büro Stengel GmbH",
         ["Anton Schwarzkopf", "Ingenieurbüro Stengel"]),
    ],
)  # fmt: skip
def test_a_cell_may_hold_several_names(text: str, expected: list[str]) -> None:
    assert names.companies(text)[0] == expected


@pytest.mark.django_db
def test_rows_become_rides_with_their_parks_and_makers(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_coasters", str(small))
    kestrel = Ride.objects.get(slug="kestrel")
    assert kestrel.park == Park.objects.get(name="Hill Park")
    assert kestrel.height == Quantity(Decimal(203), "ft")
    assert str(kestrel.length) == "3,100 ft (945 m)"
    assert [company.name for company in kestrel.designers.all()] == ["Cee"]
    assert [person.name for person in kestrel.people.all()] == ["Ann Bee"]
    assert Company.objects.get(name="Bolliger & Mabillard").roles == ["manufacturer"]
    assert Ride.objects.exclude(pk=kestrel.pk).get().park is None
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
def test_a_file_does_not_overrule_people(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_coasters", str(small))
    kestrel = Ride.objects.get(slug="kestrel")
    kestrel.height, kestrel.slug = Quantity(Decimal(63), "m"), "the-kestrel"
    kestrel.save()
    before = reading.last_position()
    call_command("import_coasters", str(small))
    assert reading.last_position() == before
    # The file goes on changing elsewhere, again and again; the edit stays.
    for length in ("3,200", "3,300"):
        small.write_text(SMALL.replace("3,100", length), encoding="utf-8")
        call_command("import_coasters", str(small))
        kestrel = Ride.objects.get(slug="the-kestrel")
        assert str(kestrel.length).startswith(f"{length} ft")
        assert kestrel.height == Quantity(Decimal(63), "m")
    capsys.readouterr()
    small.write_text(SMALL.replace("3,100", "3,300").replace("203", "210"), encoding="utf-8")
    call_command("import_coasters", str(small))
    assert (
        "Kestrel: height was edited here (63 m (207 ft)) and changed in the file "
        "(210 ft (64 m)); the edit was kept" in capsys.readouterr().err
    )
    assert Ride.objects.get(slug="the-kestrel").height == Quantity(Decimal(63), "m")


@pytest.mark.django_db
def test_what_people_deleted_stays_deleted_and_nothing_refers_to_it(small: Path) -> None:
    call_command("import_coasters", str(small))
    Ride.objects.all().delete()
    Park.objects.get().delete()
    small.write_text(SMALL + "Operating,Merlin,Hill Park,,,,,,\n", encoding="utf-8")
    call_command("import_coasters", str(small))
    merlin = Ride.objects.get()
    assert (merlin.name, merlin.park) == ("Merlin", None)
    assert audit().findings == ()


@pytest.mark.django_db
def test_an_address_that_is_taken_is_not_taken_again(small: Path) -> None:
    Ride.objects.create(slug="kestrel", name="Another Kestrel")
    Park.objects.create(slug="hill-park", name="Another Hill Park")
    call_command("import_coasters", str(small))
    assert Ride.objects.get(slug="kestrel-2").park == Park.objects.get(slug="hill-park-2")
    before = reading.last_position()
    call_command("import_coasters", str(small))
    assert reading.last_position() == before


@pytest.mark.django_db
def test_an_import_on_a_branch_stays_there(small: Path) -> None:
    fork("spring")
    with branch_context("spring"):
        Ride.objects.create(slug="kestrel", name="Another Kestrel")
    call_command("import_coasters", str(small), branch="spring")
    assert not Ride.objects.exists()
    with viewpoint("spring"):
        assert Ride.objects.filter(slug__startswith="kestrel").count() == 3
    before = reading.last_position()
    call_command("import_coasters", str(small), branch="spring")
    assert reading.last_position() == before
    with pytest.raises(CommandError, match="nope"):
        call_command("import_coasters", str(small), branch="nope")


@pytest.mark.django_db
def test_columns_may_come_in_any_order_and_be_missing(tmp_path: Path) -> None:
    call_command(
        "import_coasters", str(table(tmp_path, {"Drop": "30 m (98 ft)", "coaster_name": "Kestrel"}))
    )
    assert Ride.objects.get().drop == Quantity(Decimal(30), "m")


@pytest.mark.django_db
def test_a_ride_that_stands_twice_is_one_and_a_contradiction_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"coaster_name": "Kárnan", "Location": "Hill Park", "year_introduced": "1999"}
    again = {**row, "year_introduced": "2009", "Drop": "20 m"}
    other = {**again, "coaster_name": "KARNAN", "Drop": "25 m"}
    elsewhere = {**row, "Location": "Other"}
    moved = {**elsewhere, "year_introduced": "2009"}
    path = table(tmp_path, row, again, other, elsewhere, moved)
    call_command("import_coasters", str(path), verbosity=2)
    (ride,) = Ride.objects.filter(park__isnull=False)
    assert (str(ride.opened), ride.drop) == ("1999", Quantity(Decimal(20), "m"))
    assert Ride.objects.filter(park__isnull=True).count() == 2
    told = capsys.readouterr().err
    assert "Row 3 is 'Kárnan' of row 2 again with the year 2009." in told
    assert "Row 4 is 'KARNAN' again, of row 2, with another drop" in told


@pytest.mark.parametrize(
    ("rides", "expected"),
    [
        ([(40.574, -73.978)], (40.574, -73.978)),
        # Another park of that name: most of the rides are of the first.
        ([(53.19, 0.34), (43.02, -78.97), (53.192, 0.346)], (53.19, 0.34)),
        ([(43.02, -78.97), (53.19, 0.34), (53.192, 0.346)], (53.19, 0.34)),
        # A sign is lost, or there are two parks: nobody can tell which is meant.
        ([(18.76, -73.28), (18.76, 73.28)], None),
        ([], None),
    ],
)
def test_a_park_is_where_most_of_its_rides_are(
    rides: list[tuple[float, float]], expected: tuple[float, float] | None
) -> None:
    places = [{"latitude": north, "longitude": east} for north, east in rides]
    found = place_of(places)
    assert (found and (found["latitude"], found["longitude"])) == expected


@pytest.mark.django_db
def test_a_park_is_in_a_country_where_no_other_is_near(tmp_path: Path) -> None:
    places = {"Phantasialand": (50.799, 6.879), "Europa-Park": (48.266, 7.722), "Nowhere": ("", "")}
    rows = [
        {"coaster_name": f"Ride of {park}", "Location": park, "latitude": north, "longitude": east}
        for park, (north, east) in places.items()
    ]
    call_command("import_coasters", str(table(tmp_path, *rows)))
    assert dict(Park.objects.values_list("name", "country")) == {
        "Phantasialand": "DE",
        "Europa-Park": "",
        "Nowhere": "",
    }


@pytest.mark.django_db
def test_names_from_which_no_address_follows_get_one_that_lasts(tmp_path: Path) -> None:
    rows = [
        {"coaster_name": name, "Location": "遊園地", "Manufacturer": "豊永産業"}
        for name in ("雪国列車", "火山列車", "new")
    ]
    path = table(tmp_path, *rows)
    call_command("import_coasters", str(path))
    slugs = [*Ride.objects.values_list("slug", flat=True), Park.objects.get().slug,
             Company.objects.get().slug]  # fmt: skip
    assert len(set(slugs)) == 5
    assert all(re.fullmatch("(ride|park|company)-[0-9a-f]{8}", slug) for slug in slugs)


@pytest.mark.django_db
def test_what_only_tells_namesakes_apart_is_no_part_of_a_name(tmp_path: Path) -> None:
    rows = [
        {"coaster_name": "Corkscrew (Thorpe Park)", "Location": "Thorpe Park Resort"},
        {"coaster_name": "Corkscrew (Hill Park)", "Location": "Hill Park"},
        {"coaster_name": "Corkscrew (1990)", "Location": "Hill Park"},
    ]
    call_command("import_coasters", str(table(tmp_path, *rows)))
    assert dict(Ride.objects.values_list("slug", "name")) == {
        "corkscrew": "Corkscrew",
        "corkscrew-hill-park": "Corkscrew",
        "corkscrew-1990": "Corkscrew (1990)",
    }


@pytest.mark.django_db
def test_a_figure_beyond_all_coasters_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"coaster_name": "Kestrel", "height_value": "3937", "height_unit": "ft"}
    call_command("import_coasters", str(table(tmp_path, row)))
    assert "'3937' is 3,937 ft (1,200 m), which no coaster reaches" in capsys.readouterr().err
    assert Ride.objects.get().height is None


@pytest.mark.django_db
def test_models_of_one_name_belong_to_their_makers(tmp_path: Path) -> None:
    rows = [
        {"coaster_name": name, "Location": "Hill Park", "Manufacturer": maker, "Model": model}
        for name, maker, model in [
            ("A", "Vekoma", "Corkscrew"), ("B", "Arrow", "Corkscrew"), ("C", "Arrow", "corkscrew"),
            ("D", "Arrow", "Custom"), ("E", "Vekoma", "Boomerang – Custom"),
        ]
    ]  # fmt: skip
    call_command("import_coasters", str(table(tmp_path, *rows)))
    assert set(RideModel.objects.values_list("slug", flat=True)) == {
        "corkscrew",
        "corkscrew-arrow",
        "boomerang",
    }
    assert Ride.objects.get(name="D").model is None


@pytest.mark.django_db
def test_figures_that_say_more_keep_their_words(tmp_path: Path) -> None:
    lengths = {
        "100 ft (10 m)": "100 ft (10 m)",
        "62 m (203 ft)": "62 m (203 ft)",
        "62–65 m": "62–65 m",
        "62 ft\n19 m": "62 ft (18.9 m)",
        "1.234,5 m": None,
        "approx. 62": None,
    }
    rows = [{"coaster_name": f"Ride {n}", "Length": each} for n, each in enumerate(lengths)]
    call_command("import_coasters", str(table(tmp_path, *rows)))
    for number, expected in enumerate(lengths.values()):
        length = Ride.objects.get(name=f"Ride {number}").length
        assert (None if length is None else str(length)) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ['=HYPERLINK("x")', "+1+1", "-1+1", "@SUM(A1)", "\uff1d1+1", "h\u2028i", "<script>", "Köln 🎢"],
)
def test_a_name_is_kept_as_it_was_typed(tmp_path: Path, name: str) -> None:
    call_command("import_coasters", str(table(tmp_path, {"coaster_name": name})))
    assert Ride.objects.get().name == " ".join(name.split())


def test_ragged_rows_are_reported_by_number(tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_bytes('coaster_name,Location\na\nb,c,d\r\n"e\r\nf",g\n\nh\u2028i,j'.encode())
    found = file.read_rows(path, "coaster_name")
    assert [(row.number, row.cells["coaster_name"]) for row in found.rows] == [
        (2, "a"), (4, "e\r\nf"), (6, "h\u2028i")
    ]  # fmt: skip
    assert set(found.ragged) == {2, 3}


HEADING = b"coaster_name,Location\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (HEADING, "no rows"),
        (b"a,b\n1,2\n", "has no column 'coaster_name'"),
        (b"coaster_name;Location\na;b\n", "semicolons"),
        (b"coaster_name,Length,Length\na,b,c\n", "'Length' more than once"),
        (b"coaster_name\n\0\n", "NUL"),
        (b'coaster_name\n"open\n', "row 2: a quotation mark that opens in line 2 never closes"),
        (HEADING + b'A,"B\n' + b"Ride,Park\n" * 20_000, "row 2: a quotation mark"),
        (HEADING + b"x" * 1_000_000 + b"\n", "row 2: a cell is too long"),
        (HEADING + b"x" * 20_000 + b"\n", "row 2: cell 1 is too long"),
        (b"a" * 5_000_000, "too long"),
        ("coaster_name\nKöln\n".encode("utf-16"), "UTF-16"),
        ("coaster_name\nKöln\n".encode("cp1252"), "not UTF-8 in line 2"),
        ("coaster_name\nKöln\n".encode() + "Köln\n".encode("cp1252"), "not UTF-8 in line 3"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "picture"),
        (b"PK\x03\x04" + b"\0" * 64, "XLSX"),
        (b"<!DOCTYPE html><p>coaster_name", "HTML"),
        (gzip.compress(b"coaster_name\n" + b"0" * 1_000_000), "gzip"),
    ],
)
def test_a_bad_file_is_refused_whole(tmp_path: Path, content: bytes, sentence: str) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    before = reading.last_position()
    with pytest.raises(CommandError, match=sentence):
        call_command("import_coasters", str(bad))
    assert reading.last_position() == before


@pytest.mark.django_db
def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is a directory"):
        call_command("import_coasters", str(tmp_path))
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_coasters", str(tmp_path / "absent.csv"))


def test_blank_lines_before_the_heading_and_figures_that_are_none_do_no_harm(
    tmp_path: Path,
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("\n , \ncoaster_name,latitude,longitude\nKong,nan,1\nWolf,1,Infinity\n")
    read = read_table(path)
    assert [ride.name for ride in read.rides] == ["Kong", "Wolf"]
    assert [remark.column for remark in read.bad_cells] == ["latitude", "latitude"]


def test_a_byte_order_mark_is_no_part_of_the_heading(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_bytes("\ufeffcoaster_name\nKöln\n".encode())
    assert file.read_rows(path, "coaster_name").columns == ["coaster_name"]


@pytest.mark.django_db
@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the shared data lies beside the checkout")
def test_a_thousand_real_coasters(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_coasters", str(SHARED), verbosity=2)
    # 28 of the 1,087 rows tell of a ride again, for each year in which it was renamed.
    assert Ride.objects.count() == 1_059
    assert capsys.readouterr().err.count(" again with the year ") == 28
    before = reading.last_position()
    call_command("import_coasters", str(SHARED))
    assert reading.last_position() == before
    assert audit().findings == ()
