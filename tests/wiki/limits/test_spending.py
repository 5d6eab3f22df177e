"""What one account and one network may do in a while: each test does what an attacker did."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from eventstore.reading import last_position
from tests.wiki.editing.test_views import open_form
from tests.wiki.test_queries import ADDRESSES
from versioning import BatchOperation, acting_as, branch_context
from versioning.branches.comments import comment
from versioning.branches.fork import fork
from versioning.branches.proposals import propose
from versioning.models import Branch, ProposalPurpose
from wiki.limits import spending
from wiki.limits.spending import LIMITS, Action, Limit, Rate
from wiki.limits.windows import windows
from wiki.models import Article, Ride
from wiki.requests.networks import CLIENT_ADDRESS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]

HOME, NEIGHBOUR, ELSEWHERE = "192.0.2.7", "192.0.2.99", "198.51.100.1"
PASSWORD = "correct horse battery"


def known(group: str = "editors", name: str = "ann") -> User:
    """An account that is not new."""
    account = User.objects.create_user(name, password=PASSWORD)
    account.groups.add(Group.objects.get(name=group))
    User.objects.filter(pk=account.pk).update(date_joined=timezone.now() - timedelta(days=400))
    return User.objects.get(pk=account.pk)


def new(name: str = "spam") -> User:
    account = known(name=name)
    account.date_joined = timezone.now()
    account.save()
    return account


def browser(account: User | None = None, address: str = HOME) -> Client:
    client = Client(headers={CLIENT_ADDRESS: address})
    if account is not None:
        client.force_login(account)
    return client


def fill(rides: int) -> None:
    with BatchOperation("Rides") as batch:
        batch.process_changes(Ride(slug=f"r-{n}", name=f"Ride {n}") for n in range(rides))


def statuses(client: Client, address: str, times: int) -> list[int]:
    return [client.post(address.format(n)).status_code for n in range(times)]


def test_an_account_made_today_deletes_three_pages_an_hour_not_a_hundred() -> None:
    fill(10)
    assert statuses(browser(new()), "/rides/r-{}/delete/", 5) == [302, 302, 302, 429, 429]
    assert Ride.objects.count() == 7


def test_another_account_of_the_same_network_does_not_go_on_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit = Limit(new=(Rate(3, 60),), known=(Rate(3, 60),), network=(Rate(5, 60),))
    monkeypatch.setitem(spending.LIMITS, Action.DELETE, limit)
    fill(20)
    done = 0
    for n, address in enumerate([HOME, NEIGHBOUR, HOME]):
        client = browser(new(f"spam-{n}"), address)
        for _ in range(4):
            ride = Ride.objects.first()
            assert ride is not None
            done += client.post(f"/rides/{ride.slug}/delete/").status_code == 302
    assert done == 5
    ride = Ride.objects.first()
    assert ride is not None
    away = browser(new("other"), ELSEWHERE)
    assert away.post(f"/rides/{ride.slug}/delete/").status_code == 302


def test_moderators_clean_up_without_end() -> None:
    fill(60)
    moderator = browser(known("moderators"))
    assert statuses(moderator, "/rides/r-{}/delete/", 60) == [302] * 60


def test_what_was_typed_is_given_back_with_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = Limit(new=(Rate(1, 120),), known=(Rate(1, 120),), network=(Rate(9, 60),))
    monkeypatch.setitem(spending.LIMITS, Action.EDIT, limit)
    client = browser(new())
    form = {"name": "One", "slug": "one", "body": "My long words."}
    assert client.post("/articles/new/", form).status_code == 302
    answer = client.post("/articles/new/", form | {"name": "Two", "slug": "two"})
    page = answer.content.decode()
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) in range(100, 121)
    assert "too many changes of pages from your account or your network" in page
    assert "My long words." in page
    assert client.get("/articles/one/").status_code == 200


def test_a_form_that_is_refused_counts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = Limit(new=(Rate(1, 120),), known=(Rate(1, 120),), network=(Rate(1, 60),))
    monkeypatch.setitem(spending.LIMITS, Action.EDIT, limit)
    client = browser(new())
    for _ in range(3):
        assert client.post("/articles/new/", {"name": "", "slug": "one"}).status_code == 422
    assert client.post("/articles/new/", {"name": "One", "slug": "one"}).status_code == 302


@pytest.mark.parametrize("away", [False, True])
def test_forty_sign_ups_make_six_accounts(away: bool, settings: Any) -> None:
    if away:
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        windows.cache_clear()
    for n in range(40):
        form = {"username": f"s{n}", "password1": PASSWORD, "password2": PASSWORD}
        answer = browser().post("/account/signup/", form)
        assert answer.status_code == (302 if n < 6 else 429)
    assert User.objects.count() == 6


def test_what_fills_in_the_hidden_field_gets_no_account() -> None:
    assert 'name="homepage" class="trap"' in browser().get("/account/signup/").content.decode()
    form = {"username": "robbie", "password1": PASSWORD, "password2": PASSWORD}
    answer = browser().post("/account/signup/", form | {"homepage": "https://pills.example"})
    assert answer.status_code == 302
    assert not User.objects.exists()


def attempt(client: Client, name: str, password: str) -> int:
    return client.post("/account/login/", {"login": name, "password": password}).status_code


def test_guesses_are_counted_by_account_and_network(caplog: pytest.LogCaptureFixture) -> None:
    known()
    tried = [attempt(browser(), "ann", f"wrong {n}") for n in range(12)]
    assert tried == [200] * 10 + [429] * 2
    assert caplog.messages[0] == "A sign-in as 'ann' failed, from 192.0.2.0/24."
    # The right one is not found out either.
    assert attempt(browser(), "Ann", PASSWORD) == 429
    assert attempt(browser(address=ELSEWHERE), "ann", PASSWORD) == 302


def test_a_network_does_not_try_one_password_on_every_account() -> None:
    tried = [attempt(browser(), f"somebody-{n}", "123456") for n in range(62)]
    assert tried == [200] * 60 + [429] * 2


def test_strangers_everywhere_do_not_lock_the_owner_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wiki.accounts.signing_in.OF_AN_ACCOUNT", (Rate(5, 3600),))
    known()
    owner = browser(address="203.0.113.1")
    assert attempt(owner, "ann", PASSWORD) == 302
    owner.post("/account/logout/")
    for n in range(6):
        attempt(browser(address=f"198.51.{n}.1"), "ann", "wrong")
    assert attempt(browser(address="198.51.77.1"), "ann", PASSWORD) == 429
    assert attempt(owner, "ann", PASSWORD) == 302


def test_a_cookie_of_ones_own_making_is_none_of_a_known_browser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wiki.accounts.signing_in.OF_AN_ACCOUNT", (Rate(1, 3600),))
    known()
    attempt(browser(), "ann", "wrong")
    forged = browser(address=ELSEWHERE)
    forged.cookies["browser"] = '["ann"]:x:y'
    assert attempt(forged, "ann", PASSWORD) == 429


def test_django_s_admin_is_entered_by_the_same_door() -> None:
    answer = browser().get("/admin/login/?next=/admin/")
    assert answer["Location"] == "/account/login/?next=%2Fadmin%2F"
    assert browser().post("/admin/login/", {"username": "a", "password": "b"}).status_code == 302


def test_every_action_has_limits_and_none_is_looser_for_who_is_new() -> None:
    assert LIMITS.keys() == set(Action) - {Action.SIGN_IN, Action.SIGN_UP}
    for limit in LIMITS.values():
        by_seconds = {rate.seconds: rate.amount for rate in limit.known}
        assert all(rate.amount < by_seconds.get(rate.seconds, 10**6) for rate in limit.new)


EVERYBODY = dict.fromkeys(("editing", "renaming", "deleting"), "everybody")
FORMS: dict[str, dict[str, str]] = {
    "new": {"name": "One", "slug": "one"},
    "edit": {},  # as it is opened
    "edit_fact": {},
    "rename": {"name": "Eagle", "slug": "eagle"},
    "delete": {},
    "undelete": {},
    "branches": {"name": "autumn", "parent": "main"},
    "change_branch": {"name": "summer"},
    "branch_members": {"action": "private"},
    "merge": {},
    "sync": {},
    "talk": {"text": "Is it ready?"},
    "comment": {"action": "take-back"},
    "proposal": {"action": "withdraw"},
    "conflicts": {"reopen": "x"},
    "revert": {},
    "restore": {},
    "moderation_account": {"block": "1", "reason": "No.", "duration": "week"},
    "roll_back": {},
    "protect": {**EVERYBODY, "protect": "1", "reason": "No.", "duration": "week"},
    "suppress": {"first": "1", "last": "1", "reason": "No."},
    "suppress_summary": {"reason": "No."},
    "protect_branch": {**EVERYBODY, "protect": "1", "reason": "No.", "duration": "week"},
}
"""What is sent to each address that takes a form; more is never needed to be counted."""


def test_every_address_that_acts_is_counted(kestrel: Ride, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is left to be done, each of them says so, and does nothing."""
    monkeypatch.setattr(spending, "may", lambda account, right: False)
    with acting_as(User.objects.create_user("somebody").pk):
        Article.objects.create(slug="lifts", name="Lifts")
    Article.objects.create(slug="gone", name="Gone").delete()
    fork("spring")
    with branch_context("spring"):
        Ride.objects.create(slug="of-spring", name="Of spring")
    kestrel.body = "New."
    kestrel.save()
    propose(Branch.objects.get(name="spring"), ProposalPurpose.MERGE)
    comment(Branch.objects.get(name="spring"), "Is it ready?")
    moderator = browser(known("moderators"))
    acting = {
        name: address
        for name, address in ADDRESSES.items()
        if "POST" in moderator.options("/" + address).headers.get("Allow", "")
    }
    assert acting.keys() == FORMS.keys()
    for action in LIMITS:
        nothing = (Rate(0, 600),)
        monkeypatch.setitem(spending.LIMITS, action, Limit(nothing, nothing, nothing))
    before = last_position()
    paths = acting | {"new": "articles/new/", "undelete": "articles/gone/undelete/"}
    forms = FORMS | {
        name: open_form(moderator, "/" + paths[name]) for name in ("edit", "edit_fact")
    }
    answers = {name: moderator.post("/" + paths[name], forms[name]).status_code for name in acting}
    assert answers == dict.fromkeys(FORMS, 429)
    assert last_position() == before
