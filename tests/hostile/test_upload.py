"""Files: the wiki takes none from browsers, and an archive from its operator."""

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.config.test_served_wiki import ServedWiki
from tests.hostile.driving import allowed, nothing_stored, told
from tests.hostile.inputs import entries, entry
from tests.hostile.wire import send
from tests.wiki.editing.test_views import open_form
from tests.wiki.exchange.test_importing import Make, command, exported, refusal
from wiki.models import Ride

__all__ = ["exported"]

pytestmark = pytest.mark.django_db

EDIT = "/rides/kestrel/edit/"
PART = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'

NESTED = """--x\r
Content-Type: multipart/mixed; boundary=y\r
\r
--y\r
\r
1\r
--y--\r
--x--"""

BODIES: dict[str, tuple[str, str]] = {
    "no boundary": ("multipart/form-data", PART.format("a", 1) + "--x--\r\n"),
    "a boundary of 1 kB": ("multipart/form-data; boundary=" + "x" * 1_000, "--x--"),
    "10,001 parts": ("multipart/form-data; boundary=x", entries()[305].generated.decode()),
    "no name": ("multipart/form-data; boundary=x",
                "--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"),
    "no end": ("multipart/form-data; boundary=x", PART.format("nothing", "Pills")),
    "nested": ("multipart/form-data; boundary=x", NESTED),
    "base64 with blanks": ("multipart/form-data; boundary=x",
                           '--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n'
                           "Content-Transfer-Encoding: base64\r\n\r\n"
                           + "A A " * 50_000 + "\r\n--x--"),
    "an unknown charset": ("multipart/form-data; boundary=x; charset=nothing",
                           PART.format("nothing", "Pills") + "--x--\r\n"),
    "a boundary that is no ASCII": ("multipart/form-data; boundary=\u00ff", "--\u00ff--"),
}  # fmt: skip


@entry(305)
@pytest.mark.parametrize("name", BODIES)
def test_an_odd_form_is_read_or_refused_and_never_half(
    editor: Client, kestrel: Ride, name: str
) -> None:
    """What can be read as a form has none of its fields: it is asked again (409, 422).

    One without any field is a form that nobody sent yet (200).
    """
    content_type, body = BODIES[name]
    for address in (EDIT, "/articles/new/", "/branches/", "/rides/kestrel/rename/"):
        begun = time.thread_time()
        with nothing_stored():
            answer = editor.generic("POST", address, body.encode("latin-1"), content_type)
        assert answer.status_code in {*entries()[305].expect.status, 200, 409, 422}
        if answer.status_code in {400, 413}:
            assert told(answer)
        assert time.thread_time() - begun < 8


@entry(305)
def test_a_length_that_lies_reads_no_more(editor: Client, kestrel: Ride) -> None:
    form = "name=Pills&base=1-1"
    with nothing_stored():
        answer = editor.generic(
            "POST", EDIT, form, "application/x-www-form-urlencoded", CONTENT_LENGTH="4"
        )
        assert answer.status_code in {400, 409, 413, 422}


@entry(305)
def test_a_file_in_a_form_is_kept_nowhere(editor: Client, kestrel: Ride) -> None:
    picture = SimpleUploadedFile("../../x.png", b"\x89PNG" + b"\0" * 3_000_000, "image/png")
    form = open_form(editor, EDIT) | {"name": picture, "photo": picture}
    before = set(Path().iterdir())
    with nothing_stored():
        answer = editor.post(EDIT, form)
    assert answer.status_code == 422  # the name was sent as a file, and so not at all
    assert set(Path().iterdir()) == before


def _spoil(folder: Path, make: Callable[[zipfile.ZipFile], object]) -> Path:
    """The export as an archive, with something else in it."""
    place = folder.parent / "spoilt.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
        make(archive)
    return place


def _manifest_naming(name: str) -> Callable[[Path], Path]:
    def spoil(folder: Path) -> Path:
        manifest = (folder / "manifest.json").read_text()
        (folder / "manifest.json").write_text(manifest.replace("wiki.ride.jsonl", name))
        return _spoil(folder, lambda archive: archive.writestr("other.txt", "x"))

    return spoil


def _twice(folder: Path) -> Path:
    return _spoil(folder, lambda archive: archive.writestr("wiki.ride.jsonl", "{}\n"))


def _bomb(folder: Path) -> Path:
    (folder / "manifest.json").unlink()
    return _spoil(folder, lambda archive: archive.writestr("manifest.json", " " * 300_000_000))


def _link(folder: Path) -> Path:
    (folder / "wiki.ride.jsonl").unlink()

    def link(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("wiki.ride.jsonl")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")

    return _spoil(folder, link)


def _from_the_entry(folder: Path) -> Path:
    place = folder.parent / "entry.zip"
    place.write_bytes(entries()[310].generated)
    return place


SPOILT: dict[str, Callable[[Path], Path]] = {
    "of the entry": _from_the_entry, "a name that climbs": _manifest_naming("../../../etc/passwd"),
    "an absolute name": _manifest_naming("/etc/passwd"),
    "a name of Windows": _manifest_naming("C:/x"),
    "two of a name": _twice, "a manifest that grows": _bomb, "a link": _link,
    "no archive": lambda folder: _written(folder, b"PK\x03\x04" + b"\0" * 100),
    "cut": lambda folder: _written(
        folder, _spoil(folder, lambda archive: None).read_bytes()[:300]
    ),
}  # fmt: skip


def _written(folder: Path, content: bytes) -> Path:
    place = folder.parent / "written.zip"
    place.write_bytes(content)
    return place


@entry(310)
@pytest.mark.parametrize("name", SPOILT)
def test_an_archive_is_read_as_an_export_or_not_at_all(exported: Make, name: str) -> None:
    """Nothing is unpacked: its files are read by the names that an export has, each bounded."""
    place = SPOILT[name](exported("jsonl"))
    begun = time.thread_time()
    said = refusal(place)
    assert "Traceback" not in said
    assert "root:" not in said
    assert time.thread_time() - begun < 20
    assert not Ride.objects.exists()
    assert not (place.parent.parent / "x.md").exists()


@entry(310)
def test_many_entries_cost_little(exported: Make) -> None:
    def many(archive: zipfile.ZipFile) -> None:
        for n in range(5_000):
            archive.writestr(f"{n}.md", "x")

    place = _spoil(exported("jsonl"), many)
    begun = time.thread_time()
    assert "2 wiki.ride came in" in command(place)
    assert time.thread_time() - begun < 20


@entry(305)
def test_bytes_of_a_form_are_counted(editor: Client, kestrel: Ride) -> None:
    body = io.BytesIO(b"a" * 3_000_000).getvalue()
    with nothing_stored():
        answer = editor.generic("POST", EDIT, body, "application/x-www-form-urlencoded")
    allowed(305, answer)
    assert answer.status_code == 413


@entry(305)
@pytest.mark.parametrize("length", [10_000, 100_000])
def test_a_boundary_without_end_is_no_fault_of_ours(wiki: ServedWiki, length: int) -> None:
    kind = f"Content-Type: multipart/form-data; boundary={'x' * length}"
    status, answer = send(wiki.port, "POST", "/account/login/", kind, "Content-Length: 0")
    assert status in {400, 403, 413, 431}
    assert b"</html>" in answer or status == 431
