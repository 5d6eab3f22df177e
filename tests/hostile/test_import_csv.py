"""Tables that attack whoever imports or exports them, or are merely badly made.

Tables come in by a command alone: no form of the site takes a file. What a request would be
answered by 4xx, the command refuses with a sentence and writes nothing.
"""

import csv
import io
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import get_resolver

from eventstore import reading
from eventstore.models import Changeset
from projections.audit.auditing import audit
from tests.hostile.inputs import entries, entry
from tests.hostile.test_import_git_again import wait_until_the_log_is_locked
from tests.served import environment
from versioning.branches.changes import archive
from versioning.branches.fork import fork
from wiki.exchange.tables import file
from wiki.models import Ride

pytestmark = pytest.mark.django_db

MAPPING = """
kind = "rides"
name = "name"
[fields]
park = "park"
opened = "opened"
height = "height"
body = "body"
"""

Import = Callable[..., str]


@pytest.fixture
def imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Import:
    """Import a table of rides; what was said of it."""
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING)

    def run(content: bytes | str, *, name: str = "table.csv", branch: str = "main") -> str:
        table = tmp_path / name
        table.write_bytes(content.encode() if isinstance(content, str) else content)
        call_command("import_csv", str(table), mapping=mapping, branch=branch, verbosity=2)
        said = capsys.readouterr()
        return said.out + said.err

    return run


def assert_refused(imported: Import, content: bytes | str, sentence: str) -> None:
    before = reading.last_position()
    with pytest.raises(CommandError, match=sentence):
        imported(content)
    assert reading.last_position() == before


def rides() -> set[str]:
    return set(Ride.objects.values_list("name", flat=True))


@entry(109)
def test_what_a_spreadsheet_would_calculate_is_text(imported: Import, client: Client) -> None:
    """Names that differ in signs alone are one page's; what stands in its text is kept so."""
    said = imported(entries()[109].generated)
    assert rides() == {'=HYPERLINK(""x"")', "+1+1", "@SUM(A1)"}
    assert "Row 5 is '=1+1' of row 3 again" in said
    assert "Row 6 is '\uff1d1+1' of row 3 again" in said
    texts = ["=1+1", "-1+1", "\uff1d1+1", "-12.5", "'=x", "@SUM(A1)"]
    rows = "".join(f"Ride number {n},{text}\n" for n, text in enumerate(texts))
    imported(f"name,body\n{rows}")
    assert (
        list(Ride.objects.filter(name__startswith="Ride").values_list("body", flat=True)) == texts
    )
    answer = client.get("/rides/?format=csv")
    table = csv.DictReader(io.StringIO(answer.getvalue().decode(), newline=""))
    cells = [cell for row in table for cell in (row["name"], row["body"])]
    assert set(cells) >= {'\'=HYPERLINK(""x"")', "'+1+1", "'@SUM(A1)", "-12.5", "''=x"}
    risky = [each for each in cells if each.startswith(("=", "+", "-", "@", "\uff1d"))]
    assert risky == ["-12.5"]


@entry(110)
def test_what_is_not_utf_8_is_refused_and_a_mark_is_no_part_of_a_name(imported: Import) -> None:
    marked, wide, western, mixed = entries()[110].generated
    assert_refused(imported, wide, "looks like UTF-16")
    assert_refused(imported, western, "is not UTF-8 in line 2")
    assert_refused(imported, mixed, "is not UTF-8 in line 3")
    imported(marked)
    assert rides() == {"Köln"}


@entry(112)
def test_a_quote_that_never_closes_swallows_nothing(imported: Import) -> None:
    assert_refused(imported, entries()[112].generated, "row 2: a quotation mark .* never closes")


@entry(113)
def test_a_cell_of_a_megabyte_is_refused_with_its_row(imported: Import) -> None:
    assert_refused(imported, entries()[113].generated, "row 2: a cell is too long .*10000")
    assert_refused(imported, f"name\nA\n{'x' * 10_001}\n", "row 3: cell 1 is too long")


@entry(115)
def test_ragged_rows_are_named_and_lines_end_where_they_do(imported: Import) -> None:
    said = imported(entries()[115].generated)
    # A name is one line, whatever ends its lines; the row that has too many cells is left out.
    assert rides() == {"a", "e f", "h i"}
    assert "Row 2 has 1 cells where the heading has 2" in said
    assert "Row 3 has 3 cells where the heading has 2: it was left out" in said


@entry(116)
@pytest.mark.parametrize(
    ("cell", "height"),
    [
        ("62 m (203 ft)", "62 m (203 ft)"),
        ("62 ft\n19 m", "62 ft (18.9 m)"),
        # Both readings, and the range, as the source has them.
        ("100 ft (10 m)", "100 ft (10 m)"),
        ("62\u201365 m", "62\u201365 m"),
        ("approx. 62 m", "approx. 62 m"),
        # No figure of which the unit is known, or the sign that parts thousands.
        ("1.234,5 m", ""),
        ("approx. 62", ""),
    ],
)
def test_two_units_that_disagree_are_kept_as_they_were_told(
    imported: Import, cell: str, height: str
) -> None:
    """Kept in the figure itself, whose page shows the words: so no remark is needed."""
    said = imported(f'name,height,opened\nKestrel,"{cell}",1999\n')
    ride = Ride.objects.get()
    assert str(ride.opened) == "1999"
    assert str(ride.height or "") == height
    assert (f"Row 2, height: {cell!r}" in said) == (not height)


@entry(118)
def test_a_ride_that_stands_twice_is_not_overwritten(imported: Import) -> None:
    """The first row stands, and the second is named: a command asks nobody."""
    said = imported(
        "name,park,height\nKestrel,Hill,60 m\nKestrel,Hill,70 m\nKESTREL,Hill,80 m\n"
        "Késtrel,Hill,90 m\n"
    )
    assert [str(ride.height) for ride in Ride.objects.all()] == ["60 m (197 ft)"]
    for row in (3, 4, 5):
        assert f"Row {row} is" in said


@entry(119)
def test_the_same_file_again_changes_nothing_and_an_edit_stays(imported: Import) -> None:
    table = "name,park,height\nKestrel,Hill,60 m\nSwift,Hill,20 m\n"
    imported(table)
    before = reading.last_position()
    imported(table)
    assert reading.last_position() == before
    swift = Ride.objects.get(name="Swift")
    swift.height = "21 m"
    swift.save()
    before = reading.last_position()
    imported(table)
    assert reading.last_position() == before
    assert "the edit was kept" in imported(table.replace("20 m", "22 m"))
    assert str(Ride.objects.get(name="Swift").height) == "21 m (69 ft)"


@entry(121)
def test_what_is_no_table_is_told_what_it_looks_like(imported: Import) -> None:
    picture, archive_, nothing, heading, letters = entries()[121].generated
    assert_refused(imported, picture, "looks like a picture")
    assert_refused(imported, archive_, "looks like a ZIP archive or a spreadsheet")
    assert_refused(imported, nothing, "is empty")
    assert_refused(imported, heading, "has a heading, but no rows")
    assert_refused(imported, letters, "too long")
    assert_refused(imported, b"<!DOCTYPE html><table>", "looks like HTML")


@entry(122)
def test_what_is_packed_is_not_unpacked(imported: Import) -> None:
    packed = entries()[122].generated
    tracemalloc.start()
    try:
        assert_refused(imported, packed, "looks like compressed")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


@entry(122)
def test_rows_and_cells_have_a_bound(imported: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of one-letter rows takes a hundred times its size."""
    monkeypatch.setattr(file, "MOST_ROWS", 3)
    assert_refused(imported, "name\na\nb\nc\nd\n", "row 5: the file has more than 3 rows")
    monkeypatch.setattr(file, "MOST_ROWS", 100)
    monkeypatch.setattr(file, "MOST_CELLS", 8)
    assert_refused(imported, "name,a,b\na\nb\nc\n", "row 4: .* or 8 cells")
    imported("name,a,b\na\nb\n")
    assert rides() == {"a", "b"}


@entry(124)
def test_files_come_in_by_a_command_alone_and_onto_open_branches(
    imported: Import, client: Client
) -> None:
    """Who runs commands has the database's rights as well: there are no rights to be checked."""
    with pytest.raises(CommandError, match="nowhere"):
        imported("name\nKestrel\n", branch="nowhere")
    archive(fork("over"))
    with pytest.raises(CommandError, match="'over' is archived"):
        imported("name\nKestrel\n", branch="over")
    assert rides() == set()
    # Addresses speak of imports only where people do: as a page's own.
    assert "import" not in str(get_resolver().reverse_dict.keys())
    upload = io.BytesIO(b"name\nKestrel\n")
    upload.name = "table.csv"
    for address in ("/import/", "/rides/import/", "/rides/new/", "/api/v1/import"):
        assert client.post(address, {"file": upload}).status_code in {302, 403, 404, 405}
    assert rides() == set()


@entry(125)
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_half_way_nothing_of_it_is_there(tmp_path: Path) -> None:
    mapping, table = tmp_path / "mapping.toml", tmp_path / "table.csv"
    mapping.write_text(MAPPING)
    table.write_text("name,park\n" + "".join(f"Ride {n:05},Park {n % 7}\n" for n in range(3_000)))
    command = [sys.executable, "manage.py", "import_csv", str(table), "--mapping", str(mapping)]
    process = subprocess.Popen(
        command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait_until_the_log_is_locked(True)
    time.sleep(0.1)
    process.kill()
    process.wait()
    wait_until_the_log_is_locked(False)
    assert rides() == set()
    subprocess.run(command, env=environment(), check=True, capture_output=True)
    assert len(rides()) == 3_000
    assert Changeset.objects.filter(kind="import").count() == 1
    assert audit().findings == ()
