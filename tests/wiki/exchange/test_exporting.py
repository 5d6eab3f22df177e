"""Exports: any viewpoint, the same bytes each time, all of it or nothing."""

import csv
import io
import json
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from eventstore import reading
from versioning import branch_context
from versioning.branches.fork import fork
from wiki.exchange.exporting import export
from wiki.models import Company, Park, Ride

pytestmark = pytest.mark.django_db


def command(output: Path, **options: object) -> str:
    out = StringIO()
    call_command("export", output=output, stdout=out, **{"format": "jsonl", **options})
    return out.getvalue()


def records(folder: Path, name: str = "wiki.ride.jsonl") -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / name).read_text().splitlines()]


def test_a_manifest_says_what_was_exported(tmp_path: Path, kestrel: Ride) -> None:
    said = command(tmp_path / "out")
    position = reading.last_position()
    assert f"main at position {position}" in said
    assert "1 wiki.park, 1 wiki.ride" in said
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert (manifest["branch"], manifest["position"]) == ("main", position)
    (ride,) = (file for file in manifest["files"] if file["kind"] == "wiki.ride")
    assert ride["count"] == 1
    (record,) = records(tmp_path / "out")
    assert (record["id"], record["slug"]) == (str(kestrel.pk), "kestrel")
    assert record["park"] == str(kestrel.park_id)


def test_each_viewpoint_has_its_own_export(tmp_path: Path, kestrel: Ride) -> None:
    before = reading.last_position()
    kestrel.name = "Peregrine"
    kestrel.save()
    fork("spring")
    with branch_context("spring"):
        Ride.objects.create(slug="of-spring", name="Of spring")
    command(tmp_path / "now")
    command(tmp_path / "past", at=f"p{before}")
    command(tmp_path / "spring", branch="spring")
    assert [ride["name"] for ride in records(tmp_path / "now")] == ["Peregrine"]
    assert [ride["name"] for ride in records(tmp_path / "past")] == ["Kestrel"]
    assert {ride["name"] for ride in records(tmp_path / "spring")} == {"Peregrine", "Of spring"}


@pytest.mark.parametrize("encoding", ["json", "jsonl", "csv"])
@pytest.mark.parametrize("ending", ["", ".zip"])
def test_two_exports_of_one_viewpoint_are_equal_to_the_byte(
    tmp_path: Path, kestrel: Ride, encoding: str, ending: str
) -> None:
    at = f"p{reading.last_position()}"
    command(tmp_path / f"one{ending}", format=encoding, at=at)
    Park.objects.create(slug="later", name="Later")
    command(tmp_path / f"two{ending}", format=encoding, at=at)

    def content(name: str) -> dict[str, bytes]:
        place = tmp_path / f"{name}{ending}"
        if place.is_file():
            return {"": place.read_bytes()}
        return {file.name: file.read_bytes() for file in place.iterdir()}

    assert content("one") == content("two")


def test_a_table_names_references_by_slug_too_and_holds_no_formula(
    tmp_path: Path, kestrel: Ride, acme: Company
) -> None:
    kestrel.name = '=HYPERLINK("https://evil.example")'
    kestrel.save()
    kestrel.designers.set([acme])
    export(tmp_path / "out", "csv")
    text = (tmp_path / "out" / "wiki.ride.csv").read_text()
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["park"], row["park.slug"]) == (str(kestrel.park_id), "hill-park")
    assert (json.loads(row["designers"]), row["designers.slug"]) == ([str(acme.pk)], "acme")
    assert row["name"] == "'" + kestrel.name
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


def test_an_archive_holds_the_same_files(tmp_path: Path, kestrel: Ride) -> None:
    command(tmp_path / "folder")
    command(tmp_path / "archive.zip")
    with zipfile.ZipFile(tmp_path / "archive.zip") as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert held == {file.name: file.read_bytes() for file in (tmp_path / "folder").iterdir()}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"at": "p99999999"}, "There is no position 99999999"),
        ({"at": "tomorrow"}, "is not a moment"),
        ({"branch": "nope"}, "no branch called 'nope'"),
        ({"branch": "spring", "at": "p1"}, "did not exist yet"),
    ],
)
def test_an_unknown_viewpoint_is_refused(
    tmp_path: Path, kestrel: Ride, options: dict[str, str], sentence: str
) -> None:
    fork("spring")
    with pytest.raises(CommandError, match=sentence):
        command(tmp_path / "out", **options)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out.zip").touch()
    for name in ("out", "out.zip"):
        with pytest.raises(CommandError, match="exists already"):
            command(tmp_path / name)
    with pytest.raises(CommandError, match="There is no folder"):
        command(tmp_path / "nowhere" / "out")
    with pytest.raises(CommandError, match=r"name a folder, or an archive \(wiki\.zip\)"):
        command(tmp_path / "wiki.csv")


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_an_export_that_fails_leaves_nothing(tmp_path: Path, kestrel: Ride, name: str) -> None:
    def interrupt(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(tmp_path / name, "json", progress=interrupt)
    assert list(tmp_path.iterdir()) == []
    assert Ride.objects.get().name == "Kestrel"
