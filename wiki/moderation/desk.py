"""What the moderators' desk shows: changes by account and network, blocks, protections."""

import ipaddress
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from eventstore.models import Changeset
from eventstore.types import Position
from versioning.branches.revert import REVERTIBLE
from wiki.accounts.names import names_of
from wiki.requests.networks import network_of
from wiki.rights.models import Block, ChangesetNetwork, Protection, holds

MOST_ROLLED_BACK = 500
"""Changesets that are rolled back at once; planning takes a few queries for each."""


@dataclass(frozen=True)
class Search:
    """What the desk's changes are narrowed by; empty words narrow nothing."""

    account: str = ""
    network: str = ""
    before: int = 0

    def changesets(self) -> "QuerySet[Changeset]":
        """Newest first."""
        found = Changeset.objects.order_by("-id")
        if self.account:
            accounts = User.objects.filter(username__iexact=self.account)
            # As numbers, so that the index of accounts' changesets is read.
            found = found.filter(actor_id__in=list(accounts.values_list("pk", flat=True)))
        if self.network:
            noted = ChangesetNetwork.objects.filter(network=read_network(self.network))
            found = found.filter(id__in=noted.values("changeset_id"))
        return found.filter(id__lt=self.before) if self.before else found


def read_network(text: str) -> str:
    """The network that an address, or a network itself, is counted with."""
    address, _, length = text.strip().partition("/")
    if not length:
        return network_of(address)
    try:
        return str(ipaddress.ip_network(f"{address}/{length}", strict=False))
    except ValueError:
        return text


def networks_of(changesets: list[Changeset]) -> dict[int, str]:
    """The network of each changeset that has one noted, by its number. One query."""
    noted = ChangesetNetwork.objects.filter(changeset_id__in=[each.pk for each in changesets])
    return dict(noted.values_list("changeset_id", "network"))


def networks_of_account(account: User) -> list[dict[str, Any]]:
    """From where an account wrote of late, most often first, and how often."""
    theirs = Changeset.objects.filter(actor_id=account.pk).order_by("-id").values("id")[:1_000]
    counts: dict[str, int] = {}
    for network in ChangesetNetwork.objects.filter(changeset_id__in=theirs).values_list(
        "network", flat=True
    ):
        counts[network] = counts.get(network, 0) + 1
    return [{"network": n, "count": c} for n, c in sorted(counts.items(), key=lambda e: -e[1])]


def to_roll_back(account: User, branch: int, since: Position) -> list[Changeset]:
    """What an account did on a branch after a position and can be undone, newest first.

    One more than can be rolled back at once, where there are so many.
    """
    return list(
        Changeset.objects.filter(
            actor_id=account.pk, branch=branch, last_position__gt=since, kind__in=REVERTIBLE
        ).order_by("-last_position")[: MOST_ROLLED_BACK + 1]
    )


def standing() -> dict[str, Any]:
    """The blocks and protections that hold now. Cost: three queries."""
    blocks = list(Block.objects.filter(holds()).order_by("-id")[:200])
    names = names_of(each.account_id for each in blocks)
    return {
        "blocks": [(each, names.get(each.account_id)) for each in blocks],
        "protections": list(Protection.objects.filter(holds()).order_by("name")[:200]),
    }
