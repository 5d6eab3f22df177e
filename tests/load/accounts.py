"""Accounts that drills sign in with: editors who are not new, with a password that is.

    python -m tests.load.accounts 40 > accounts.txt

On the wiki of this checkout (or of THRILLWIKI_HOME), on one's own machine alone.
"""

import argparse
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True)
class Account:
    name: str
    password: str


def make_accounts(count: int) -> Iterator[Account]:
    """So many more, each with the rights and the limits of a known editor."""
    from django.contrib.auth.models import Group, User
    from django.utils import timezone

    editors = Group.objects.get(name="editors")
    for _ in range(count):
        account = Account(f"load-{secrets.token_hex(4)}", secrets.token_urlsafe(12))
        user = User.objects.create_user(
            account.name,
            password=account.password,
            date_joined=timezone.now() - timedelta(days=400),
        )
        user.groups.add(editors)
        yield account


def read_accounts(file: Path) -> list[Account]:
    """From what this command wrote."""
    return [Account(*line.split()) for line in file.read_text().splitlines()]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("count", type=int)
    count: int = arguments.parse_args().count

    from config.environment import environment
    from config.start import start

    if not environment().is_local:
        raise SystemExit("Accounts for drills are made on one's own machine alone.")
    start()
    for account in make_accounts(count):
        print(account.name, account.password)  # noqa: T201  # what the command is for


if __name__ == "__main__":
    main()
