"""What a browser has to load for each kind of page, packed as it is sent."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dispute")]

READING = [
    "/", "/rides/", "/rides/kestrel/", "/rides/kestrel/history/", "/rides/kestrel/history/2/",
    "/rides/kestrel/diff/?from=1&to=2", "/rides/kestrel/blame/", "/rides/kestrel/timeline/",
    "/search/?q=kestrel", "/map/", "/statistics/", "/changes/", "/changes/2/", "/branches/",
    "/branches/spring/", "/proposals/1/", "/@c2/rides/kestrel/", "/~spring/rides/kestrel/",
    "/~main+spring/rides/kestrel/", "/no-such-page/",
]  # fmt: skip
FORMS = ["/rides/kestrel/edit/", "/rides/new/", "/rides/kestrel/edit/status/",
         "/proposals/1/conflicts/"]  # fmt: skip

KB = 1_000
# So near to what there is that a library on every page, or a list in every form, is told.
MOST_SCRIPT, MOST_SCRIPT_OF_A_FORM, MOST_STYLE, MOST_FONTS = 30 * KB, 65 * KB, 25 * KB, 90 * KB
MOST_HTML, MOST_HTML_OF_A_FORM = 10 * KB, 16 * KB

LEVEL = 5
"""Of gzip, as the front packs: whoever takes zstd gets less."""


def packed(content: bytes) -> int:
    return len(gzip.compress(content, LEVEL))


def linked(page: str, pattern: str) -> set[Path]:
    """The files of ours that a page loads, and what of them is loaded by these."""
    files = {Path(settings.BASE_DIR, "static", name) for name in re.findall(pattern, page)}
    found = set[Path]()
    while files:
        found |= files
        files = {each for file in files for each in imported(file)} - found
    return found


def imported(file: Path) -> set[Path]:
    """What a script of ours imports, for a name or for what it does."""
    ours = file.suffix == ".js" and file.parent.name == "js"
    names = re.findall(r'\b(?:from|import)\s*\(?"\./([^"]+)"', file.read_text()) if ours else []
    return {file.parent / name for name in names}


def weight(page: str, pattern: str) -> int:
    files = linked(page, pattern)
    assert files
    return sum(packed(file.read_bytes()) for file in files)


@pytest.mark.parametrize("address", [*READING, *FORMS])
def test_a_page_stays_light(moderator: Client, address: str) -> None:
    is_form = address in FORMS
    answer = moderator.get(address, follow=True)
    page = answer.text
    scripts = weight(page, r'<script[^>]* src="/static/([^"]+)"')
    assert scripts <= (MOST_SCRIPT_OF_A_FORM if is_form else MOST_SCRIPT)
    assert weight(page, r'<link rel="stylesheet" href="/static/([^"]+)"') <= MOST_STYLE
    assert packed(answer.content) <= (MOST_HTML_OF_A_FORM if is_form else MOST_HTML)


def test_fonts_are_few() -> None:
    fonts = Path(settings.BASE_DIR, "static/vendor/fonts").glob("*.woff2")
    assert sum(font.stat().st_size for font in fonts) <= MOST_FONTS
