"""The names of those behind changesets, many at once: accounts, and authors from elsewhere."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from django.contrib.auth.models import User

from eventstore.models import Changeset, ChangesetKind
from wiki.accounts.models import AccountName

NAMELESS = "a deleted account"
"""For an account that was deleted behind Django's back."""

_NAMELESS = (datetime.min.replace(tzinfo=UTC), NAMELESS)

type Called = Sequence[tuple[datetime, str]]
"""Since when an account was called what, oldest first."""


def names_of(account_ids: Iterable[int | None]) -> dict[int | None, str]:
    """What each account is called, or was at last; the system has no name. Cost: one query."""
    return {account_id: called[-1][1] for account_id, called in _called(account_ids).items()}


def authors_of(changesets: Sequence[Changeset]) -> dict[int, str]:
    """Who made each changeset, by its number, as they were called then; not the system's.

    Whoever wrote what was imported with its history is its author, not whoever imported it. Cost:
    one query.
    """
    called = _called(changeset.actor_id for changeset in changesets)
    authors = {
        each.pk: _author(each) or _name_at(called.get(each.actor_id, ()), each.recorded_at)
        for each in changesets
    }
    return {number: author for number, author in authors.items() if author}


def is_account(changeset: Changeset) -> bool:
    """Whether an account itself is a changeset's author."""
    return changeset.actor_id is not None and _author(changeset) is None


def _called(account_ids: Iterable[int | None]) -> Mapping[int | None, Called]:
    wanted = {account_id for account_id in account_ids if account_id is not None}
    if not wanted:
        return {}
    found: dict[int | None, list[tuple[datetime, str]]] = defaultdict(list)
    rows = AccountName.objects.filter(account_id__in=wanted).order_by("since")
    for account_id, since, name in rows.values_list("account_id", "since", "name"):
        found[account_id].append((since, name))
    if others := wanted - found.keys():  # made many at once, without being saved
        made = User.objects.filter(pk__in=others).values_list("pk", "date_joined", "username")
        found |= {account_id: [(since, name)] for account_id, since, name in made}
    return {account_id: [_NAMELESS] for account_id in wanted} | found


def _name_at(called: Called, moment: datetime) -> str | None:
    """The name at a moment; before the first (a clock may have been wrong) the first."""
    until_then = [name for since, name in called if since <= moment]
    if until_then:
        return until_then[-1]
    return called[0][1] if called else None


def _author(changeset: Changeset) -> str | None:
    """The author that came with imported history, as git tells of one; also once it is merged."""
    if changeset.kind not in (ChangesetKind.IMPORT, ChangesetKind.MERGE):
        return None
    author = json.loads(changeset.details).get("author")
    return author if isinstance(author, str) else None
