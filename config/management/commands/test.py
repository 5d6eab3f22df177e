"""`manage.py test`: the tests, which are pytest's."""

import os
import sys
from importlib.util import find_spec

from django.core.management import BaseCommand, CommandError

from config.environment import CHECKOUT


class Command(BaseCommand):
    help = "Run the tests by pytest, which takes all that stands behind: tests/wiki -k merge -x."

    def run_from_argv(self, argv: list[str]) -> None:
        """Become pytest. It knows its settings itself; those of a server are not for tests."""
        words = argv[2:]
        if words in (["-h"], ["--help"]):
            self.print_help(argv[0], argv[1])
            return
        if find_spec("pytest") is None:
            self.stderr.write("The tests need pytest, which is not installed. Run `make test`.")
            sys.exit(1)
        os.chdir(CHECKOUT)
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *words])  # noqa: S606  # no shell

    def handle(self, *args: object, **options: object) -> None:
        raise CommandError("Tests are run by pytest, in a process of its own: `manage.py test`.")
