"""Lighthouse, from npm, on the Chromium of the browser tests."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.chromium import find_chromium

HERE = Path(__file__).parent
PROGRAM = HERE / "node_modules" / ".bin" / "lighthouse"
INSTALL_SECONDS, PAGE_SECONDS = 300.0, 120.0


class CannotMeasure(Exception):
    """Node, Lighthouse or Chromium is not to be had."""


@dataclass(frozen=True)
class Lighthouse:
    """A Lighthouse that is installed, and the browser that it drives."""

    chromium: Path

    @classmethod
    def installed(cls) -> "Lighthouse":
        """The one that `package-lock.json` pins, fetched if need be. Raises CannotMeasure."""
        chromium = find_chromium()
        if chromium is None:
            raise CannotMeasure("there is no Chromium.")
        if shutil.which("node") is None or shutil.which("npm") is None:
            raise CannotMeasure("Lighthouse needs Node and npm, which are not here.")
        if not PROGRAM.exists():
            _install()
        return cls(chromium)

    def scores(self, url: str, cookie: str, categories: list[str]) -> dict[str, int]:
        """Of each category, in points of 100, as a slow phone has the page."""
        command = [
            str(PROGRAM), url, "--quiet", "--output=json", "--output-path=stdout",
            f"--only-categories={','.join(categories)}",
            "--chrome-flags=--headless --no-sandbox",
            f"--extra-headers={json.dumps({'Cookie': cookie})}",
        ]  # fmt: skip
        if _is_kept_from_search(url, cookie):
            # That it can't be found by a search engine is what it says of itself.
            command.append("--skip-audits=is-crawlable")
        done = subprocess.run(
            command,
            env=os.environ | {"CHROME_PATH": str(self.chromium)},
            capture_output=True,
            timeout=PAGE_SECONDS,
            check=True,
        )
        report = json.loads(done.stdout)
        _tell_failures(report)
        return {name: round(report["categories"][name]["score"] * 100) for name in categories}


def _install() -> None:
    command = ["npm", "ci", "--prefix", str(HERE), "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", None) or str(error)
        raise CannotMeasure(f"npm could not install Lighthouse: {told.strip()[-200:]}") from error


def _is_kept_from_search(url: str, cookie: str) -> bool:
    request = urllib.request.Request(url, headers={"Cookie": cookie})  # noqa: S310  # our own server
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  # as above
        return b'name="robots" content="noindex' in answer.read()


def _tell_failures(report: dict[str, Any]) -> None:
    """What a page lost points by: which audit, and where."""
    for category in report["categories"].values():
        for reference in category["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                said = audit.get("displayValue", "")
                print(report["requestedUrl"], audit["id"], said, file=sys.stderr)
