"""`python -m tests.benchmarks.lighthouse [--only NAME …]`: each kind of page, on a phone."""

import argparse
import os

from config.start import start


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.lighthouse")
    parser.add_argument("--only", nargs="*", help="some of the pages, by their names")
    only = parser.parse_args().only
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    start()
    from tests.benchmarks.harness import show
    from tests.benchmarks.lighthouse.pages import rows

    show(list(rows(only)))


if __name__ == "__main__":
    main()
