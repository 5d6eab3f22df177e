"""The cast of the wiki's tests: a park, a ride, and accounts of each role."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from versioning import branch_context
from versioning.branches.fork import fork
from versioning.branches.proposals import propose
from versioning.models import Branch, ProposalPurpose
from wiki.models import Company, Park, Ride

As = Callable[[str], Client]


@pytest.fixture
def kestrel() -> Ride:
    park = Park.objects.create(slug="hill-park", name="Hill Park")
    return Ride.objects.create(slug="kestrel", name="Kestrel", park=park, body="It **flies**.")


@pytest.fixture
def dispute(kestrel: Ride) -> None:
    """A branch that calls Kestrel otherwise than main does by now, and a proposal to merge it."""
    fork("spring")
    for branch, name in (("spring", "Falcon"), ("main", "Eagle")):
        with branch_context(branch):
            ride = Ride.objects.get()
            ride.name = name
            ride.save()
    propose(Branch.objects.get(name="spring"), ProposalPurpose.MERGE)


@pytest.fixture
def acme() -> Company:
    return Company.objects.create(slug="acme", name="Acme", roles=["manufacturer"])


@pytest.fixture
def signed_in(db: None) -> As:
    """A browser of somebody in a group: `signed_in("editors")`."""

    def sign_in(group: str) -> Client:
        account, _ = User.objects.get_or_create(username=f"one-of-{group}")
        account.groups.set([Group.objects.get(name=group)])
        client = Client()
        client.force_login(account)
        return client

    return sign_in


@pytest.fixture
def editor(signed_in: As) -> Client:
    return signed_in("editors")


@pytest.fixture
def moderator(signed_in: As) -> Client:
    return signed_in("moderators")
