"""Imports: the same wiki again, or a sentence that says what is wrong, and nothing written."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from eventstore import reading
from eventstore.models import ChangesetKind
from projections.audit.auditing import audit
from versioning import viewpoint
from versioning.branches.fork import fork
from wiki.exchange.containers import digest
from wiki.exchange.exporting import export
from wiki.models import Company, Park, Ride

pytestmark = pytest.mark.django_db

Make = Callable[[str], Path]


@pytest.fixture
def exported(tmp_path: Path) -> Make:
    """A small wiki's export in an encoding; the wiki itself is gone again, as in an empty one."""

    def make(encoding: str) -> Path:
        with transaction.atomic():
            park = Park.objects.create(slug="hill-park", name="Hill Park")
            acme = Company.objects.create(slug="acme", name="Acme", roles=["manufacturer"])
            ride = Ride.objects.create(
                slug="kestrel", name="Kestrel", park=park, height="203 ft", body="It\r\nflies.\n"
            )
            ride.designers.set([acme])
            Ride.objects.create(slug="falcon", name="Falcon", park=park)
            export(tmp_path / encoding, encoding)  # type: ignore[arg-type]  # its names are parametrised
            transaction.set_rollback(True)
        return tmp_path / encoding

    return make


def command(place: Path, **options: Any) -> str:
    out = StringIO()
    call_command("import", place, stdout=out, **options)
    return out.getvalue()


def refusal(place: Path, **options: Any) -> str:
    """The sentence of a refused import, which wrote nothing."""
    before = reading.last_position()
    with pytest.raises(CommandError) as refused:
        command(place, **options)
    assert reading.last_position() == before
    return str(refused.value)


def sign(folder: Path, signed: str | None = None, /, **said: Any) -> None:
    """Make the manifest say what the files hold now."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    for file in manifest["files"]:
        content = (folder / file["name"]).read_bytes()
        file |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        if file["name"] == signed:
            file |= said
    path.write_text(json.dumps(manifest))


def change(folder: Path, number: int, **values: Any) -> None:
    """Change fields of the ride in a line of the export, and sign it."""
    path = folder / "wiki.ride.jsonl"
    lines = path.read_text().splitlines()
    record = {**json.loads(lines[number - 1]), **values}
    lines[number - 1] = json.dumps({name: v for name, v in record.items() if v != "left out"})
    path.write_text("\n".join(lines) + "\n")
    sign(folder)


@pytest.mark.parametrize("encoding", ["json", "jsonl", "csv"])
def test_an_export_comes_back_as_one_changeset(exported: Make, encoding: str) -> None:
    said = command(exported(encoding))
    assert "1 wiki.company, 1 wiki.park, 2 wiki.ride came in" in said
    ride = Ride.objects.select_related("park").get(slug="kestrel")
    assert (ride.name, ride.body, str(ride.height)) == (
        "Kestrel",
        "It\r\nflies.\n",
        "203 ft (62 m)",
    )
    assert ride.park is not None
    assert ride.park.slug == "hill-park"
    assert [company.slug for company in ride.designers.all()] == ["acme"]
    changeset = reading.changeset_at(reading.last_position())
    assert changeset is not None
    assert changeset.kind == ChangesetKind.IMPORT
    assert changeset.last_position - changeset.first_position == 3
    assert "main at position" in changeset.details
    assert audit().findings == ()


def test_an_import_goes_to_a_branch(exported: Make) -> None:
    fork("spring")
    command(exported("json"), branch="spring")
    assert not Ride.objects.exists()
    with viewpoint("spring"):
        assert Ride.objects.count() == 2
    assert "archived" not in refusal(exported("csv"), branch="nope")


def test_a_dry_run_checks_and_writes_nothing(exported: Make) -> None:
    before = reading.last_position()
    assert "2 wiki.ride would come in" in command(exported("json"), dry_run=True)
    assert reading.last_position() == before
    folder = exported("jsonl")
    change(folder, 1, name=3)
    assert "field name" in refusal(folder, dry_run=True)


@pytest.mark.parametrize("encoding", ["json", "jsonl", "csv"])
def test_a_file_that_was_changed_is_refused(exported: Make, encoding: str) -> None:
    folder = exported(encoding)
    path = folder / f"wiki.ride.{encoding}"
    path.write_bytes(path.read_bytes().replace(b"Kestrel", b"Kestrem"))
    assert f"wiki.ride.{encoding} is not what the manifest says" in refusal(folder)
    path.write_bytes(path.read_bytes()[:-20])
    assert "is not what the manifest says" in refusal(folder)
    sign(folder)
    assert f"wiki.ride.{encoding}, line" in refusal(folder)
    path.unlink()
    assert "cannot be read: No such file" in refusal(folder)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"colour": "red"}, "field colour: a ride has no such field"),
        ({"status": "teapot"}, "field status: Value 'teapot' is not a valid choice"),
        ({"inversions": "3"}, 'field inversions: "3" should be written as 3'),
        ({"inversions": True}, "field inversions: true should be written as 1"),
        ({"inversions": -1}, "field inversions: Ensure this value is greater than or equal to 0"),
        ({"inversions": 1e40}, "field inversions"),
        ({"name": None}, "field name: needs a value"),
        ({"name": ""}, "field name: This field cannot be blank"),
        ({"name": "x" * 201}, "field name: Ensure this value has at most 200 characters"),
        ({"name": "a\0b"}, "field name: contains a NUL"),
        ({"name": "\ud800"}, "field name: contains half of a surrogate pair"),
        ({"name": ["x"]}, "field name"),
        ({"slug": "New Ride"}, "field slug: Enter a valid “slug”"),
        ({"slug": "new"}, "field slug: 'new' has another meaning in addresses"),
        ({"slug": "left out"}, "field slug: This field cannot be blank"),
        ({"height": {"value": 3, "unit": "kg"}}, "field height: “{'value': 3, 'unit'"),
        ({"height": "3 m"}, "field height: \"3 m\" should be written as {"),
        ({"opened": "May 1999"}, 'field opened: "May 1999" should be written as "1999-05"'),
        ({"designers": "x"}, "field designers: cannot hold"),
        ({"designers": None}, "field designers: needs a value"),
        ({"designers": [str(Park().pk)]}, "field designers: there is no company"),
        ({"park": "12"}, "field park:"),
        ({"park": str(Park().pk)}, "field park: there is no park"),
        ({"citations": [{"id": "a", "source": str(Park().pk)}]}, "field citations: there is no"),
        ({"names": [{"id": "a"}]}, "field names: Item 1: This field cannot be blank"),
        ({"names": [{"name": "x"}]}, "field names:"),
        ({"names": {}}, "field names: This is not a list of items"),
        ({"id": "1"}, "field id: \"1\" is not a UUID"),
        ({"id": "left out"}, "field id: null is not a UUID"),
    ],
)  # fmt: skip
def test_a_value_that_a_field_refuses_is_named(
    exported: Make, values: dict[str, Any], sentence: str
) -> None:
    folder = exported("jsonl")
    change(folder, 2, **values)
    said = refusal(folder)
    assert said.startswith("wiki.ride.jsonl, line 2, field")
    assert sentence in said


@pytest.mark.parametrize("role", ["%", "%s", "100 %d"])
def test_an_item_that_a_field_refuses_is_named(exported: Make, role: str) -> None:
    folder = exported("jsonl")
    path = folder / "wiki.company.jsonl"
    path.write_text(path.read_text().replace('["manufacturer"]', json.dumps([role])))
    sign(folder)
    assert f"field roles: Item 1 in the array did not validate: Value '{role}' is" in refusal(
        folder
    )


def test_doubles_are_refused(exported: Make) -> None:
    folder = exported("jsonl")
    first, second = (folder / "wiki.ride.jsonl").read_text().splitlines()
    change(folder, 2, slug=json.loads(first)["slug"])
    assert "occurs twice in this file" in refusal(folder)
    change(folder, 2, slug="other", id=json.loads(first)["id"])
    assert "line 2, field id" in refusal(folder)
    company = json.loads(second)["designers"] or json.loads(first)["designers"]
    change(folder, 2, id=json.loads(second)["id"], designers=company * 2)
    assert "names the same page twice" in refusal(folder)


def test_what_is_here_already_is_refused(exported: Make) -> None:
    folder = exported("jsonl")
    command(folder)
    assert "is here already, or was and is deleted" in refusal(folder)
    Ride.objects.all().delete()
    assert "is here already, or was and is deleted" in refusal(folder)


def test_an_address_that_is_taken_is_refused(exported: Make) -> None:
    folder = exported("jsonl")
    Ride.objects.create(slug="kestrel", name="Another")
    assert "field slug: 'kestrel' belongs to something else here" in refusal(folder)


def test_a_field_that_is_new_since_may_be_left_out(exported: Make) -> None:
    folder = exported("jsonl")
    change(folder, 1, wheelchair_transfer="left out", category="left out", designers="left out")
    command(folder)
    assert {ride.category for ride in Ride.objects.all()} == {"roller-coaster"}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": "wiki.teapot"}, "This wiki has no kind 'wiki.teapot'"),
        ({"kind": "versioning.branch"}, "has no kind 'versioning.branch'"),
        ({"kind": "wiki.park"}, "names the kind 'wiki.park' 2 times"),
        ({"name": "../../etc/passwd"}, "is not the manifest of an export: files"),
        ({"count": 7}, "holds 2 records; the manifest says 7"),
    ],
)
def test_a_manifest_that_lies_is_refused(
    exported: Make, said: dict[str, Any], sentence: str
) -> None:
    folder = exported("jsonl")
    sign(folder, "wiki.ride.jsonl", **said)
    assert sentence in refusal(folder)


def _damaged(folder: Path, export_folder: Path) -> Path:
    """The export as an archive with a broken byte in the middle."""
    path = folder / "damaged.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(export_folder.iterdir()):
            archive.write(file, file.name)
    content = bytearray(path.read_bytes())
    at = content.index(b"wiki.ride.csv") + 60
    content[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(bytes(content))
    return path


def test_an_archive_comes_back(tmp_path: Path) -> None:
    with transaction.atomic():
        Ride.objects.create(slug="kestrel", name="Kestrel")
        export(tmp_path / "wiki.zip", "json")
        transaction.set_rollback(True)
    assert "1 wiki.ride came in" in command(tmp_path / "wiki.zip")
    assert Ride.objects.get().slug == "kestrel"


def test_a_file_that_grows_is_read_no_further_than_it_was_said_to_be() -> None:
    class Growing(io.BytesIO):
        blocks = 0

        def read(self, size: int | None = -1) -> bytes:
            self.blocks += 1
            return bytes(size or 0) if self.blocks < 100 else b""

    growing = Growing()
    assert digest(growing, 5_000_000).bytes > 5_000_000
    assert growing.blocks == 5


def test_an_archive_that_is_packed_otherwise_is_refused(tmp_path: Path, exported: Make) -> None:
    folder, archive = exported("json"), tmp_path / "packed.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_LZMA) as packed:
        for path in folder.iterdir():
            packed.write(path, path.name)
    assert "manifest.json is compressed in a way that no export is" in refusal(archive)


def test_what_is_no_export_is_refused(tmp_path: Path, exported: Make) -> None:
    assert "There is no" in refusal(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "manifest.json cannot be read" in refusal(tmp_path / "empty")
    (tmp_path / "text.zip").write_text("no archive")
    assert "neither a folder nor a ZIP archive" in refusal(tmp_path / "text.zip")
    command_said = refusal(_damaged(tmp_path, exported("csv")))
    assert "neither a folder nor a ZIP archive that can be read" in command_said
    folder = exported("json")
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "format_version": 2}))
    assert "is of format version 2" in refusal(folder)
    (folder / "manifest.json").write_text("[]")
    assert "is not the manifest" in refusal(folder)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("[1]", "is not a record"), ("{", "is not JSON"), ('{"id": NaN}', "NaN is not a number"),
        ('{"id": 1, "id": 2}', "twice in one object"), ('{"a": 1e999}', "is not a number"),
        ("[" * 100_000, "nested too deep"), ("\ufffe", "is not JSON"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_named(exported: Make, line: str, sentence: str) -> None:
    folder = exported("jsonl")
    with (folder / "wiki.ride.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    sign(folder)
    said = refusal(folder)
    assert said.startswith("wiki.ride.jsonl, line 3 ")
    assert sentence in said


@pytest.mark.parametrize(
    ("find", "put", "sentence"),
    [
        ("kestrel,", "kestrel,,", "line 2 has 25 cells|line 3 has|cells where the heading has"),
        ("id,slug,name", "id,slug,slug", "names a column twice"),
        ("id,slug,name", "id,slug,colour", "field colour: a ride has no such field"),
        ('"{""value"":203', '"{""value"":', "is not JSON"),
        ("Falcon", '"Falcon', "is not CSV"),
    ],
)
def test_a_table_that_was_damaged_is_refused(
    exported: Make, find: str, put: str, sentence: str
) -> None:
    folder = exported("csv")
    path = folder / "wiki.ride.csv"
    text = path.read_bytes().decode()
    assert find in text
    path.write_bytes(text.replace(find, put, 1).encode())
    sign(folder)
    said = refusal(folder)
    assert said.startswith("wiki.ride.csv, line ")
    assert any(each in said for each in sentence.split("|"))
