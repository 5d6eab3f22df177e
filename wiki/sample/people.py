"""The sample's authors: invented people, with accounts that nobody can sign in to."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path

from django.contrib.auth.models import Group, User

from wiki.rights.roles import EDITORS, MODERATORS

PEOPLE = Path(__file__).parent / "people.toml"


def open_accounts() -> Mapping[str, int]:
    """An account for each author; the key of each by the name that the sample's files use."""
    people = tomllib.loads(PEOPLE.read_text(encoding="utf-8"))
    editors, moderators = (Group.objects.get(name=name) for name in (EDITORS, MODERATORS))
    accounts = {}
    for name, person in people.items():
        account = _account(name, person["since"])
        account.groups.add(moderators if person.get("moderates") else editors)
        accounts[name] = account.pk
    return accounts


def _account(name: str, since: date) -> User:
    # Somebody real may be called so already, and is not to have written all this.
    is_taken = User.objects.filter(username=name).exists()
    account = User(username=f"{name}-of-the-sample" if is_taken else name)
    account.date_joined = datetime.combine(since, time(), UTC)
    account.set_unusable_password()
    account.save()
    return account
