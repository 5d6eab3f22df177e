"""Pictures of each kind of page, at two widths and in both themes: for people to look at.

    python -m tests.e2e.pictures http://localhost:8000 FOLDER [--account NAME --password PASSWORD]
                                 [--only ride past] [--docs]

Of a wiki with the sample; with an account those of what readers do not see as well. Says what
scrolls sideways, what the console complained of, and what was not answered with 200. `--docs` takes
those that the documentation shows, into docs/pictures/.
"""

import argparse
from base64 import b64decode
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.e2e.chromium import ADVICE, find_chromium

PAGES = {
    "front": "/",
    "ride": "/rides/kingda-ka/",
    "ride of few figures": "/rides/switchback-railway/",
    "past": "/@2023-06-01/rides/kingda-ka/",
    "branch of a ride": "/~height-survey/rides/kingda-ka/",
    "preview": "/~main+height-survey/rides/fury-325/",
    "park": "/parks/alton-towers/",
    "park by height": "/parks/cedar-point/?order=tallest",
    "years of a park": "/parks/cedar-point/timeline/",
    "company": "/companies/intamin/",
    "person": "/people/werner-stengel/",
    "model": "/models/floorless-coaster/",
    "ride that moved": "/rides/dominator/",
    "article": "/articles/what-this-is/",
    "list": "/rides/",
    "search": "/search/?q=nemesis",
    "map": "/map/",
    "statistics": "/statistics/",
    "history": "/rides/kingda-ka/history/",
    "version": "/rides/kingda-ka/history/3/",
    "blame": "/rides/kingda-ka/blame/",
    "years": "/rides/kingda-ka/timeline/",
    "changes": "/changes/",
    "changeset": "/changes/40/",
    "branches": "/branches/",
    "branch": "/branches/height-survey/",
    "proposals": "/proposals/",
    "missing": "/rides/no-such-ride/",
}
"""By what they are called in a folder: what everybody reads."""

FORMS = {
    "edit": "/rides/kingda-ka/edit/",
    "fact": "/rides/kingda-ka/edit/height/",
    "merge": "/branches/height-survey/merge/",
    "restore": "/rides/kingda-ka/history/1/restore/",
    "account": "/account/",
}
"""What only accounts see."""

DOCS = Path(__file__).parents[2] / "docs" / "pictures"
SHOWN = {
    "ride-1280-light", "past-1280-light", "ride-390-dark", "list-1280-light", "map-1280-dark",
    "history-1280-light", "blame-1280-light", "branch-1280-light", "merge-1280-light",
    "edit-1280-light", "preview-1280-dark", "years-1280-light",
}  # fmt: skip
"""Those that the documentation shows."""

QUALITY = 80
"""Of WebP: letters stay sharp, and a picture takes some tens of kilobytes."""

WIDTHS = (390, 1280)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--account")
    parser.add_argument("--password")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--docs", action="store_true")
    given = parser.parse_args()
    pages = PAGES | (FORMS if given.account else {})
    chosen = {name: path for name, path in pages.items() if not given.only or name in given.only}
    given.folder.mkdir(parents=True, exist_ok=True)
    if (chromium := find_chromium()) is None:
        raise SystemExit(ADVICE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        for page, look in _looks(browser, given.url):
            if given.account:
                _sign_in(page, given.account, given.password)
            complaints: list[str] = []
            page.on("console", partial(_note, complaints))
            for name, path in chosen.items():
                complaints.clear()
                if not given.docs:
                    _take(page, path, given.folder / f"{name}-{look}.webp", complaints)
                elif f"{name}-{look}" in SHOWN:
                    _take(page, path, DOCS / f"{name}-{look}.webp", complaints)


def _looks(browser: Browser, url: str) -> Iterator[tuple[Page, str]]:
    for width in WIDTHS:
        for theme in THEMES:
            context = browser.new_context(
                base_url=url, viewport={"width": width, "height": 900}, color_scheme=theme
            )
            yield context.new_page(), f"{width}-{theme}"
            context.close()


def _sign_in(page: Page, account: str, password: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Username").fill(account)
    page.get_by_label("Password", exact=True).fill(password)
    page.locator("main").get_by_role("button", name="Sign In", exact=True).click()
    page.wait_for_load_state()


def _note(complaints: list[str], message: ConsoleMessage) -> None:
    if message.type == "error":
        complaints.append(message.text)


def _take(page: Page, path: str, file: Path, complaints: list[str]) -> None:
    answer = page.goto(path)
    assert answer is not None
    if answer.status != 200:
        complaints.append(f"answered {answer.status}")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        complaints.append("scrolls sideways")
    asked = {"format": "webp", "quality": QUALITY}
    taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)
    file.write_bytes(b64decode(taken["data"]))
    print(": ".join([file.name, *complaints]))  # noqa: T201  # what it is for


if __name__ == "__main__":
    main()
