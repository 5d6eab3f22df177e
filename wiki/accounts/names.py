"""The names of those behind changesets, many at once: accounts, and authors from elsewhere."""

import json
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User

from eventstore.models import Changeset, ChangesetKind
from wiki.accounts.models import FormerAccount

NAMELESS = "a deleted account"
"""For an account that was deleted behind Django's back."""


def names_of(account_ids: Iterable[int | None]) -> dict[int | None, str]:
    """Each account's name, a deleted one's too; the system has none. Cost: one query at most."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    if not wanted:
        return {}
    accounts = User.objects.filter(pk__in=wanted).values_list("pk", "username")
    former = FormerAccount.objects.filter(pk__in=wanted).values_list("pk", "name")
    names: dict[int | None, str] = dict.fromkeys(wanted, NAMELESS)
    return names | dict(accounts.union(former, all=True))


def authors_of(changesets: Sequence[Changeset]) -> dict[int, str]:
    """Who made each changeset, by its number; the system's are left out. One query at most.

    Whoever wrote what was imported with its history is its author, not whoever imported it.
    """
    names = names_of(changeset.actor_id for changeset in changesets)
    authors = {each.pk: _author(each) or names.get(each.actor_id) for each in changesets}
    return {number: author for number, author in authors.items() if author}


def is_account(changeset: Changeset) -> bool:
    """Whether an account itself is a changeset's author."""
    return changeset.actor_id is not None and _author(changeset) is None


def _author(changeset: Changeset) -> str | None:
    """The author that came with imported history, as git tells of one; also once it is merged."""
    if changeset.kind not in (ChangesetKind.IMPORT, ChangesetKind.MERGE):
        return None
    author = json.loads(changeset.details).get("author")
    return author if isinstance(author, str) else None
