"""A spammer's day, and the moderator's after it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from eventstore.models import Changeset
from eventstore.reading import last_position
from projections.audit.auditing import audit
from tests.wiki.editing.test_views import open_form
from versioning import BatchOperation, acting_as, branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.branches.sync import sync
from versioning.models import Branch
from versioning.saving.writing import OnlyOnMain
from wiki.models import Article, Block, ChangesetNetwork, Park, Protection, Ride
from wiki.requests.networks import CLIENT_ADDRESS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]

HOME, AWAY = "192.0.2.7", "198.51.100.1"


def account(name: str, group: str = "editors", *, days: int = 400) -> User:
    made = User.objects.create_user(name)
    made.groups.add(Group.objects.get(name=group))
    made.date_joined = timezone.now() - timedelta(days=days)
    made.save()
    return made


def browser(of: User, address: str = HOME) -> Client:
    client = Client(headers={CLIENT_ADDRESS: address})
    client.force_login(of)
    return client


@pytest.fixture
def spammer(db: None) -> User:
    return account("spam")


@pytest.fixture
def moderator(db: None) -> Client:
    return browser(account("mod", "moderators"), AWAY)


def edit(client: Client, ride: Ride, **values: str) -> int:
    form = open_form(client, f"/rides/{ride.slug}/edit/")
    return client.post(f"/rides/{ride.slug}/edit/", form | values).status_code


def delete(client: Client, address: str) -> int:
    return client.post(f"{address}delete/").status_code


def rides(number: int) -> list[Ride]:
    with BatchOperation("Rides") as batch:
        batch.process_changes(Ride(slug=f"r-{n}", name=f"Ride {n}") for n in range(number))
    return list(Ride.objects.order_by("slug"))


def plan_token(page: str) -> str:
    return page.split('name="plan_token" value="')[1].split('"')[0]


def test_changes_are_found_by_account_and_by_network(
    spammer: User, moderator: Client, kestrel: Ride
) -> None:
    assert edit(browser(spammer), kestrel, body="Buy pills.") == 302
    other = browser(account("ann"), AWAY)
    assert edit(other, kestrel, body="It flies.") == 302
    both = list(Changeset.objects.order_by("-id").values_list("id", flat=True)[:2])
    assert dict(ChangesetNetwork.objects.values_list("changeset_id", "network")) == {
        both[1]: "192.0.2.0/24",
        both[0]: "198.51.100.0/24",
    }
    for asked in ("?account=SPAM", "?network=192.0.2.99", "?network=192.0.2.0/24"):
        page = moderator.get(f"/moderation/{asked}").content.decode()
        assert f"/changes/{both[1]}/" in page
        assert f"/changes/{both[0]}/" not in page
    page = moderator.get("/moderation/accounts/spam/").content.decode()
    assert "192.0.2.0/24" in page


def test_networks_are_forgotten_and_shown_to_moderators_alone(spammer: User, kestrel: Ride) -> None:
    client = browser(spammer)
    edit(client, kestrel, body="One.")
    ChangesetNetwork.objects.update(recorded_at=timezone.now() - timedelta(days=91))
    edit(client, kestrel, body="Two.")
    assert ChangesetNetwork.objects.count() == 1
    for address in ("/moderation/", "/moderation/accounts/spam/"):
        assert client.get(address).status_code == 403
        assert Client().get(address).status_code == 302
    for address in ("/changes/", "/accounts/spam/", "/changes/feed/"):
        assert "192.0.2" not in client.get(address).content.decode()


def test_what_a_spammer_did_goes_back_as_one_and_what_others_wrote_stays(
    spammer: User, moderator: Client
) -> None:
    found = rides(6)
    before = last_position()
    spam = browser(spammer)
    for ride in found[:3]:
        assert delete(spam, f"/rides/{ride.slug}/") == 302
    assert edit(spam, found[3], name="Pills", body="Buy pills.") == 302
    assert spam.post("/articles/new/", {"name": "Pills", "slug": "pills"}).status_code == 302
    # Somebody else goes on with the page in between, and with another field.
    assert edit(browser(account("ann"), AWAY), found[3], height="40 m") == 302
    address = f"/moderation/accounts/spam/roll-back/?since=p{before}"
    page = moderator.get(address).content.decode()
    assert "5 changesets of this account go back" in page
    answer = moderator.post(address, {"plan_token": plan_token(page)})
    assert answer.status_code == 302
    newest = Changeset.objects.latest("id")
    assert (newest.kind, len(newest.reverts)) == ("revert", 5)
    assert Ride.objects.count() == 6
    assert not Article.objects.exists()
    again = Ride.objects.get(pk=found[3].pk)
    assert (again.name, again.body, str(again.height)) == ("Ride 3", "", "40 m (131 ft)")
    assert audit(merges=True).faults == 0


def test_nothing_is_rolled_back_unseen(spammer: User, moderator: Client, kestrel: Ride) -> None:
    before = last_position()
    spam = browser(spammer)
    edit(spam, kestrel, body="One.")
    address = f"/moderation/accounts/spam/roll-back/?since=p{before}"
    seen = plan_token(moderator.get(address).content.decode())
    edit(spam, kestrel, body="Two.")
    answer = moderator.post(address, {"plan_token": seen})
    assert answer.status_code == 409
    assert "Since you looked, 1 change arrived, so nothing was done." in answer.content.decode()
    kestrel.refresh_from_db()
    assert kestrel.body == "Two."


@pytest.mark.parametrize(
    ("asked", "status"),
    [("", 422), ("?since=2999-01-01", 409), ("?since=nonsense", 400), ("?since=p1&branch=no", 400)],
)
def test_a_roll_back_that_cannot_be_says_so(
    moderator: Client, spammer: User, asked: str, status: int
) -> None:
    assert moderator.get(f"/moderation/accounts/spam/roll-back/{asked}").status_code == status


def block(moderator: Client, name: str = "spam", **values: str) -> int:
    form = {"block": "1", "reason": "Sells pills.", "duration": "week", **values}
    return moderator.post(f"/moderation/accounts/{name}/", form).status_code


def test_who_is_blocked_writes_nothing_anywhere_and_is_told_why(
    spammer: User, moderator: Client, kestrel: Ride
) -> None:
    fork("before")
    spam = browser(spammer)
    form = open_form(spam, "/rides/kestrel/edit/")
    assert block(moderator) == 302
    standing = last_position()
    answers = [
        spam.post("/rides/kestrel/edit/", form),
        spam.post("/~before/rides/kestrel/edit/", form),
        spam.post("/rides/kestrel/delete/"),
        spam.post("/articles/new/", {"name": "Pills", "slug": "pills"}),
        spam.post("/branches/", {"name": "pills", "parent": "main"}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert last_position() == standing
    page = answers[0].content.decode()
    assert "Your account is blocked until" in page
    assert "Sells pills." in page
    assert "Ask a moderator if you think" in page
    assert spam.get("/rides/kestrel/").status_code == 200


def test_a_block_ends_is_undone_and_is_seen_in_the_history(
    spammer: User, moderator: Client, kestrel: Ride
) -> None:
    spam = browser(spammer)
    block(moderator, duration="")
    assert edit_is_refused(spam)
    blocked_at = last_position()
    assert moderator.post("/moderation/accounts/spam/", {"unblock": "1"}).status_code == 302
    assert not edit_is_refused(spam)
    block(moderator)
    # An edit as any other: it is reverted as one.
    changeset = Changeset.objects.latest("id")
    page = moderator.get(f"/changes/{changeset.pk}/revert/").content.decode()
    answer = moderator.post(f"/changes/{changeset.pk}/revert/", {"plan_token": plan_token(page)})
    assert answer.status_code == 302
    assert not edit_is_refused(spam)
    block(moderator)
    Block.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert not edit_is_refused(spam)
    with viewpoint("main", at=blocked_at):
        assert Block.objects.get().ends_at is None
    assert audit().faults == 0


def edit_is_refused(client: Client) -> bool:
    return client.get("/rides/kestrel/edit/").status_code == 403


def test_moderators_block_neither_each_other_nor_themselves(moderator: Client) -> None:
    account("other", "moderators")
    account("admin", "administrators")
    for name in ("mod", "other", "admin"):
        assert block(moderator, name) == 403
    assert browser(User.objects.get(username="admin")).get("/moderation/").status_code == 200
    assert block(browser(User.objects.get(username="admin")), "other") == 302


def test_a_block_needs_a_reason(moderator: Client, spammer: User) -> None:
    assert block(moderator, reason="") == 422
    assert not Block.objects.exists()


def protect(moderator: Client, address: str, **levels: str) -> int:
    everybody = dict.fromkeys(("editing", "renaming", "deleting"), "everybody")
    form = {"protect": "1", "reason": "A quarrel.", "duration": "week", **everybody, **levels}
    return moderator.post(f"{address}protect/", form).status_code


def test_a_page_is_protected_act_by_act_on_every_branch(
    moderator: Client, spammer: User, kestrel: Ride
) -> None:
    fork("before")
    assert protect(moderator, "/rides/kestrel/", deleting="moderators") == 302
    spam = browser(spammer)
    assert edit(spam, kestrel, body="Fine.") == 302
    assert delete(spam, "/rides/kestrel/") == 403
    assert delete(spam, "/~before/rides/kestrel/") == 403
    assert "A quarrel." in spam.post("/rides/kestrel/delete/").content.decode()
    form = open_form(spam, "/rides/kestrel/edit/") | {"body": "No."}
    assert protect(moderator, "/rides/kestrel/", editing="moderators") == 302
    # Nobody types in vain; and what was begun before is given back.
    assert spam.get("/rides/kestrel/edit/").status_code == 403
    assert spam.get("/~before/rides/kestrel/edit/").status_code == 403
    assert spam.post("/rides/kestrel/edit/", form).status_code == 403
    assert edit(moderator, kestrel, body="Yes.") == 302
    assert moderator.post("/rides/kestrel/protect/", {"unprotect": "1"}).status_code == 302
    assert edit(spam, kestrel, body="Again.") == 302
    kestrel.refresh_from_db()
    assert kestrel.body == "Again."


def test_who_is_new_waits_where_only_known_editors_write(moderator: Client, kestrel: Ride) -> None:
    protect(moderator, "/rides/kestrel/", editing="known")
    form = open_form(moderator, "/rides/kestrel/edit/") | {"body": "New."}
    assert browser(account("new", days=1)).post("/rides/kestrel/edit/", form).status_code == 403
    assert browser(account("old", days=5)).post("/rides/kestrel/edit/", form).status_code == 302


def test_no_merge_goes_around_a_protection(moderator: Client, kestrel: Ride) -> None:
    fork("spring")
    with branch_context("spring"):
        ride = Ride.objects.get()
        ride.name = "Falcon"
        ride.save()
    protect(
        browser(account("admin", "administrators")), "/rides/kestrel/", editing="administrators"
    )
    before = last_position()
    assert moderator.post("/branches/spring/merge/").status_code == 403
    assert moderator.post("/branches/spring/merge/", {"each": "1"}).status_code == 403
    assert last_position() == before
    assert (
        browser(account("boss", "administrators")).post("/branches/spring/merge/").status_code
        == 302
    )


def test_main_itself_is_closed_to_editors_and_branches_are_not(
    moderator: Client, spammer: User, kestrel: Ride
) -> None:
    fork("spring")
    assert protect(moderator, "/branches/main/", editing="moderators") == 302
    form = open_form(moderator, "/rides/kestrel/edit/") | {"body": "New."}
    assert browser(spammer).post("/rides/kestrel/edit/", form).status_code == 403
    assert browser(spammer).post("/~spring/rides/kestrel/edit/", form).status_code == 302
    assert moderator.post("/rides/kestrel/edit/", form).status_code == 302


def test_owners_and_moderators_change_a_branch_and_nobody_else(moderator: Client) -> None:
    owner = account("owner")
    with acting_as(owner.pk):
        fork("mine")
    other = browser(account("other"))
    assert other.get("/branches/mine/change/").status_code == 403
    assert other.post("/branches/mine/change/", {"action": "archive"}).status_code == 403
    assert Branch.objects.get(name="mine").is_open
    assert browser(owner).post("/branches/mine/change/", {"action": "archive"}).status_code == 302
    assert moderator.post("/branches/mine/change/", {"action": "reopen"}).status_code == 302
    assert "Rename or archive" not in other.get("/branches/mine/").content.decode()


def test_a_proposal_is_withdrawn_by_who_opened_it_or_a_moderator(moderator: Client) -> None:
    owner = account("owner")
    with acting_as(owner.pk):
        fork("mine")
    with branch_context("mine"):
        Park.objects.create(slug="dale", name="Dale")
    opened = browser(owner).post("/branches/mine/merge/", {"action": "propose"})
    address = opened["Location"]
    withdraw = {"action": "withdraw"}
    assert browser(account("other")).post(address, withdraw).status_code == 403
    assert "Withdraw" not in browser(account("third")).get(address).content.decode()
    assert browser(owner).post(address, withdraw).status_code == 302


def test_blocks_and_protections_are_of_main_alone(kestrel: Ride) -> None:
    fork("spring")
    with pytest.raises(OnlyOnMain), branch_context("spring"):
        Block.objects.create(account_id=1, reason="No.")
    with pytest.raises(OnlyOnMain), BatchOperation("No", branch="spring") as batch:
        batch.process_changes([Protection(subject_id=kestrel.pk, name="x", reason="No.")])
    Block.objects.create(account_id=1, reason="Yes.")
    sync(Branch.objects.get(name="spring"))
    assert audit().faults == 0


def test_administrators_give_roles_and_nobody_else(moderator: Client, spammer: User) -> None:
    page = "/moderation/accounts/spam/"
    assert "Give this role" not in moderator.get(page).content.decode()
    assert moderator.post(page, {"role": "moderators"}).status_code == 403
    admin = browser(account("admin", "administrators"))
    assert "Give this role" in admin.get(page).content.decode()
    assert admin.post(page, {"role": "moderators"}).status_code == 302
    assert list(spammer.groups.values_list("name", flat=True)) == ["moderators"]
    assert admin.post(page, {"role": "emperors"}).status_code == 422


def test_contributions_are_read_at_any_moment(spammer: User, kestrel: Ride) -> None:
    spam = browser(spammer)
    edit(spam, kestrel, body="One.")
    then = last_position()
    edit(spam, kestrel, body="Two.")
    now = spam.get("/accounts/spam/").content.decode()
    past = spam.get(f"/@p{then}/accounts/spam/").content.decode()
    assert (now.count("/changes/"), past.count('class="when"')) == (now.count("/changes/"), 1)
    assert now.count('class="when"') == 2
    assert spam.get("/accounts/nobody/").status_code == 404
    spammer.delete()
    assert "This account was deleted" in Client().get("/accounts/spam/").content.decode()


def test_an_account_s_page_says_whether_it_is_blocked(spammer: User, moderator: Client) -> None:
    page = moderator.get("/moderation/accounts/spam/").content.decode()
    assert ">blocked</span>" not in page
    assert "Let it write again" not in page
    block(moderator)
    page = moderator.get("/moderation/accounts/spam/").content.decode()
    assert ">blocked</span>" in page
    assert "Let it write again" in page
