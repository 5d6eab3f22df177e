#!/usr/bin/env python
"""ThrillWiki's commands: `bin/uv run ./manage.py help` lists them."""

import os
import sys

from django.core.management import execute_from_command_line

# These read code and files alone; they must work where no database can.
WITHOUT_SERVICES = {"check", "collectstatic", "compilemessages", "findstatic", "help"}
WITHOUT_SERVICES |= {"diffsettings", "makemessages", "testserver", "version", "--help", "--version"}
# The tests begin their own.
WITHOUT_SERVICES |= {"test"}
# These wait for a database that is away.
PATIENT = {"follow", "serve"}


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.start import join_embedded_services, require_database

    command = arguments[1] if len(arguments) > 1 else "help"
    wants_help = bool({"-h", "--help"} & set(arguments[2:]))
    if command not in WITHOUT_SERVICES and not wants_help:
        join_embedded_services()
        if command not in PATIENT:
            require_database()
    try:
        execute_from_command_line(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. What was not finished was not written.\n")
        sys.exit(130)  # as shells say of what Ctrl-C ended


if __name__ == "__main__":
    main(sys.argv)
