"""Which modules have no test of their own: `python -m tests.mirror`, a step of `make check`.

The test of `wiki/lists/counts.py` is `tests/wiki/lists/test_counts.py`. Modules that are tested by
way of others stand in `mirror.txt`, a list that only shrinks: a new module has a test, and one that
got its test leaves the list.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
ALLOWED = Path(__file__).parent / "mirror.txt"
ROOMS = ("config", "eventstore", "versioning", "projections", "wiki")
NO_BEHAVIOUR = frozenset({"__init__", "__main__", "apps", "urls", "settings", "wsgi"})


def untested() -> Iterator[str]:
    """The paths of modules that have no test where it would be looked for."""
    for room in ROOMS:
        for path in sorted((CHECKOUT / room).rglob("*.py")):
            module = path.relative_to(CHECKOUT)
            if path.stem in NO_BEHAVIOUR or "migrations" in module.parts:
                continue
            if not (CHECKOUT / "tests" / module.with_name(f"test_{path.name}")).exists():
                yield str(module)


def main() -> None:
    say = sys.stdout.write
    found, allowed = set(untested()), set(ALLOWED.read_text().split())
    for path in sorted(found - allowed):
        test = Path("tests", path).with_name(f"test_{Path(path).name}")
        say(f"{path} has no test: write {test}.\n")
    for path in sorted(allowed - found):
        say(f"{path} has a test, or is gone: take it out of tests/mirror.txt.\n")
    if found != allowed:
        sys.exit(1)
    say(f"{len(found)} modules are tested by way of others alone.\n")


if __name__ == "__main__":
    main()
