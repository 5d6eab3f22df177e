"""`python -m tests.benchmarks [--quick]`: measure everything, print one table."""

import argparse
import os

from config.start import start


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smaller wiki, fewer rounds")
    quick = parser.parse_args().quick
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    start()
    # The contestants are Django models: importable from here on.
    from tests.benchmarks.run import run_all
    from tests.benchmarks.wiki import FULL, QUICK

    run_all(QUICK if quick else FULL)


if __name__ == "__main__":
    main()
