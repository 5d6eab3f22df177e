"""Rights by roads that nobody thought of: protections, roles, blocks, what only some may see."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from eventstore.models import Changeset
from eventstore.reading import changeset_at, last_position
from tests.hostile.driving import allowed, nothing_stored, told
from tests.hostile.inputs import entry
from tests.wiki.branches.test_views import answer_form
from tests.wiki.editing.test_views import open_form
from tests.wiki.moderation.test_desk import account, block, browser, plan_token, protect
from versioning import acting_as, branch_context
from versioning.branches.fork import fork
from versioning.models import Proposal
from wiki.models import Article, Block, Park, Protection, Ride

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(db: None) -> Client:
    return browser(account("bob"))


@pytest.fixture
def mod(db: None) -> Client:
    return browser(account("mod", "moderators"), "198.51.100.1")


@pytest.fixture
def admin(db: None) -> Client:
    return browser(account("admin", "administrators"), "203.0.113.1")


def last_changeset() -> int:
    return int(Changeset.objects.latest("id").pk)


def revert(client: Client, number: int) -> int:
    """Revert a changeset as one who looked at what that would do."""
    address = f"/changes/{number}/revert/"
    page = client.get(address)
    form = {"plan_token": plan_token(page.text)} if page.status_code == 200 else {}
    return client.post(address, form).status_code


ROADS: dict[str, Callable[[Client], object]] = {
    "edit": lambda bob: bob.post("/rides/kestrel/edit/", {"name": "Pills", "base": "1-1"}),
    "edit on a branch": lambda bob: bob.post(
        "/~spring/rides/kestrel/edit/", {"name": "Pills", "base": "1-1"}
    ),
    "rename": lambda bob: bob.post("/rides/kestrel/rename/", {"name": "Pills", "slug": "pills"}),
    "rename on a branch": lambda bob: bob.post(
        "/~spring/rides/kestrel/rename/", {"name": "Pills", "slug": "pills"}
    ),
    "delete": lambda bob: bob.post("/rides/kestrel/delete/"),
    "delete on a branch": lambda bob: bob.post("/~spring/rides/kestrel/delete/"),
    "revert": lambda bob: bob.post(f"/changes/{last_changeset()}/revert/"),
    "merge": lambda bob: bob.post("/branches/spring/merge/"),
    "admin": lambda bob: bob.post("/admin/wiki/ride/", {"action": "delete_selected"}),
    "protect": lambda bob: bob.post("/rides/kestrel/protect/", {"unprotect": "1"}),
    "roll back": lambda bob: bob.post("/moderation/accounts/bob/roll-back/?since=p1"),
}


@entry(223)
@pytest.mark.parametrize("road", ROADS)
def test_a_protected_page_is_reached_by_no_road(
    mod: Client, bob: Client, kestrel: Ride, road: str
) -> None:
    """The right is asked in the command: none of the roads of an editor leads around it."""
    fork("spring")
    levels = dict.fromkeys(("editing", "renaming", "deleting"), "moderators")
    assert protect(mod, "/rides/kestrel/", **levels) == 302
    with nothing_stored():
        answer = ROADS[road](bob)
    assert getattr(answer, "status_code", 0) in {302, 403}
    if road != "admin":
        allowed(223, answer)
        assert told(answer)


@entry(223)
def test_a_name_that_is_protected_is_not_changed_by_an_edit(
    mod: Client, bob: Client, kestrel: Ride
) -> None:
    assert protect(mod, "/rides/kestrel/", renaming="moderators") == 302
    form = open_form(bob, "/rides/kestrel/edit/")
    with nothing_stored():
        allowed(223, bob.post("/rides/kestrel/edit/", form | {"name": "Pills"}))
    assert bob.post("/rides/kestrel/edit/", form | {"body": "It dives."}).status_code == 302
    assert mod.post("/rides/kestrel/edit/", form | {"name": "Kestrel II"}).status_code == 302


@entry(223)
def test_a_page_is_brought_back_by_who_may_delete_it(
    mod: Client, bob: Client, kestrel: Ride
) -> None:
    assert protect(mod, "/rides/kestrel/", deleting="moderators") == 302
    assert mod.post("/rides/kestrel/delete/").status_code == 302
    with nothing_stored():
        allowed(223, bob.post("/rides/kestrel/undelete/"))
    assert mod.post("/rides/kestrel/undelete/").status_code == 302


@entry(223)
def test_a_revert_and_a_merge_do_only_what_could_be_done_by_hand(
    admin: Client, mod: Client, kestrel: Ride
) -> None:
    made = last_changeset()
    kestrel.slug = "falcon"
    kestrel.save()
    renamed = last_changeset()
    fork("spring")
    with branch_context("spring"):
        Ride.objects.get().delete()
    levels = {"deleting": "administrators", "renaming": "administrators"}
    assert protect(admin, "/rides/falcon/", **levels) == 302
    with nothing_stored():
        assert revert(mod, renamed) == 403
        assert revert(mod, made) in {403, 409}
        assert mod.post("/branches/spring/merge/").status_code == 403
    assert revert(admin, renamed) == 302
    assert Ride.objects.get().slug == "kestrel"


@entry(223)
def test_a_rename_leaves_protected_texts_alone(mod: Client, bob: Client, kestrel: Ride) -> None:
    rules = Article.objects.create(slug="rules", name="Rules", body="See [[Kestrel]].")
    other = Article.objects.create(slug="other", name="Other", body="See [[Kestrel]].")
    assert protect(mod, "/articles/rules/", editing="moderators") == 302
    form = {"name": "Pills", "slug": "pills", "relink": "on"}
    assert bob.post("/rides/kestrel/rename/", form).status_code == 302
    rules.refresh_from_db()
    other.refresh_from_db()
    assert (rules.body, other.body) == ("See [[Kestrel]].", "See [[Pills]].")


@entry(223)
@pytest.mark.parametrize("act", ["rename", "delete", "edit", "new"])
def test_a_protected_main_is_written_in_no_way(
    mod: Client, bob: Client, kestrel: Ride, act: str
) -> None:
    assert protect(mod, "/branches/main/", editing="moderators") == 302
    address = "/articles/new/" if act == "new" else f"/rides/kestrel/{act}/"
    with nothing_stored():
        allowed(223, bob.post(address, {"name": "Pills", "slug": "pills", "base": "1-1"}))


@entry(224)
def test_no_form_gives_what_a_command_of_its_own_gives(bob: Client, kestrel: Ride) -> None:
    """There is no field with a right of its own: what protects a page is none of its fields.

    So the form is one that changes nothing, and leads back to the page (302).
    """
    form = open_form(bob, "/rides/kestrel/edit/")
    for name in ("verified", "protected", "protection", "editing", "is_staff", "groups"):
        form[name] = "on"
    with nothing_stored():
        assert bob.post("/rides/kestrel/edit/", form)["Location"] == "/rides/kestrel/"
    assert not Protection.objects.exists()
    assert not User.objects.get(username="bob").is_staff


@entry(226)
def test_no_author_merges_by_writing(bob: Client, mod: Client, kestrel: Ride) -> None:
    """There are no votes: a merge is carried out by a moderator, whoever wrote it, once."""
    with acting_as(User.objects.get(username="bob").pk):
        fork("spring")
    form = open_form(bob, "/~spring/rides/kestrel/edit/") | {"body": "It dives."}
    assert bob.post("/~spring/rides/kestrel/edit/", form).status_code == 302
    bob.post("/branches/spring/merge/", {"action": "propose"})
    address = f"/proposals/{Proposal.objects.get().number}/"
    with nothing_stored():
        allowed(226, bob.post(address, {"action": "carry-out"}))
        allowed(226, bob.post("/branches/spring/merge/"))
        allowed(226, bob.post("/branches/spring/merge/", {"each": "on"}))
    token = plan_token(mod.get(address).text)
    assert mod.post(address, {"action": "carry-out", "plan_token": token}).status_code == 302
    with nothing_stored():
        allowed(226, mod.post(address, {"action": "carry-out", "plan_token": token}))


GUARDED = [
    "/moderation/", "/moderation/accounts/mod/", "/moderation/accounts/mod/roll-back/?since=p1",
    "/rides/kestrel/protect/", "/branches/main/protect/", "/admin/", "/admin/wiki/ride/",
    "/admin/auth/user/",
]  # fmt: skip


@entry(227)
@pytest.mark.parametrize("address", GUARDED)
def test_a_guarded_page_is_guarded_in_every_method(
    mod: Client, bob: Client, kestrel: Ride, address: str
) -> None:
    secret = "A reason for moderators' eyes"
    account("spam")
    assert block(mod, "spam", reason=secret) == 302
    for client in (bob, Client()):
        for method in ("get", "post", "head", "put", "patch", "delete", "options", "trace"):
            for headers in ({}, {"HX-Request": "true", "HX-Request-Type": "partial"}):
                with nothing_stored():
                    answer = getattr(client, method)(address, headers=headers)
                # Who is not signed in is led to the door.
                assert answer.status_code in {302, 403, 404, 405}, method
                assert secret not in answer.text
                assert "198.51.100" not in answer.text


@entry(229)
def test_a_merge_with_one_protected_page_is_refused_whole(
    admin: Client, mod: Client, kestrel: Ride
) -> None:
    fork("spring")
    with branch_context("spring"):
        for n in range(20):
            Article.objects.create(slug=f"a-{n}", name=f"A {n}")
        ride = Ride.objects.get()
        ride.body = "It dives."
        ride.save()
    assert protect(admin, "/rides/kestrel/", editing="administrators") == 302
    with nothing_stored():
        allowed(229, mod.post("/branches/spring/merge/"))
        allowed(229, mod.post("/branches/spring/merge/", {"each": "on"}))
    assert not Article.objects.exists()


@entry(214)
@pytest.mark.parametrize("how", ["role", "inactive", "deleted"])
def test_what_somebody_could_see_ends_with_the_role(mod: Client, kestrel: Ride, how: str) -> None:
    """Nothing is for members alone but the moderators' desk: it closes with the next request."""
    other = account("other", "moderators")
    client = browser(other)
    token = client.get("/rides/kestrel/protect/")
    assert token.status_code == client.get("/moderation/").status_code == 200
    if how == "role":
        other.groups.set([Group.objects.get(name="editors")])
    elif how == "inactive":
        User.objects.filter(pk=other.pk).update(is_active=False)
    else:
        other.delete()
    with nothing_stored():
        for address in ("/moderation/", "/rides/kestrel/protect/"):
            assert client.get(address).status_code in {302, 403}
        answer = client.post("/rides/kestrel/protect/", {"unprotect": "1"})
        assert answer.status_code in {302, 403}


@entry(223)
def test_what_administrators_decided_is_undone_by_no_moderator(
    admin: Client, mod: Client, kestrel: Ride
) -> None:
    other = account("other", "moderators")
    assert block(admin, "other") == 302
    blocked = last_changeset()
    assert protect(admin, "/rides/kestrel/", editing="administrators") == 302
    protected = last_changeset()
    with nothing_stored():
        answers = [
            mod.post("/rides/kestrel/protect/", {"unprotect": "1"}).status_code,
            protect(mod, "/rides/kestrel/", editing="everybody"),
            mod.post("/moderation/accounts/other/", {"unblock": "1"}).status_code,
            revert(mod, blocked),
            revert(mod, protected),
        ]
    assert answers == [403] * 5
    assert revert(admin, blocked) == revert(admin, protected) == 302
    assert not Block.objects.filter(account_id=other.pk).exists()


@entry(223)
def test_an_answer_to_a_conflict_writes_no_protected_page(
    mod: Client, bob: Client, kestrel: Ride
) -> None:
    fork("spring")
    with branch_context("spring"):
        ride = Ride.objects.get()
        ride.body = "It dives."
        ride.save()
    kestrel.body = "It swims."
    kestrel.save()
    assert protect(mod, "/rides/kestrel/", editing="moderators") == 302
    bob.post("/branches/spring/sync/", {"action": "propose"})
    address = f"/proposals/{Proposal.objects.get().number}/"
    form = answer_form(bob.get(f"{address}conflicts/").text, text="own:Pills.")
    bob.post(f"{address}conflicts/", form)
    token = plan_token(bob.get(address).text)
    before = last_position()
    assert bob.post(address, {"action": "carry-out", "plan_token": token}).status_code == 403
    assert last_position() == before


@entry(223)
def test_a_park_that_is_protected_stays_where_it_is(
    mod: Client, bob: Client, kestrel: Ride
) -> None:
    """A ride is moved by whoever may edit the ride: its park says nothing of its rides itself."""
    assert protect(mod, "/parks/hill-park/", editing="moderators", deleting="moderators") == 302
    park = Park.objects.get()
    form = open_form(bob, "/rides/kestrel/edit/") | {"park": ""}
    assert bob.post("/rides/kestrel/edit/", form).status_code == 302
    assert Park.objects.get().version == park.version


SECRET = "zanzibar"


@pytest.fixture
def hidden(mod: Client, kestrel: Ride) -> Ride:
    """Kestrel, whose second version is hidden; spring was forked from that, and forked went on."""
    kestrel.body = f"It is {SECRET}."
    kestrel.save()
    fork("spring")
    with branch_context("spring"):
        Ride.objects.update(body="Of spring.")
    kestrel.body = "It is clean."
    kestrel.save()
    form = {"first": "2", "last": "2", "reason": "It names somebody."}
    assert mod.post("/rides/kestrel/suppress/", form).status_code == 302
    return kestrel


@entry(217)
def test_what_is_hidden_is_in_no_question(mod: Client, bob: Client, hidden: Ride) -> None:
    """It is the base of the conflict: the sides are told, and it can be settled without it."""
    proposed = bob.post("/branches/spring/merge/", {"action": "propose"})
    address = "/proposals/1/"
    assert proposed["Location"].startswith(address)
    pages = [f"{address}conflicts/", address, "/branches/spring/merge/", "/branches/spring/sync/",
             "/compare/?from=main&to=spring", "/~main+spring/rides/kestrel/"]  # fmt: skip
    for client in (bob, Client(), mod):
        for page in pages:
            assert SECRET not in allowed_or_led(client.get(page)), page
    form = answer_form(mod.get(f"{address}conflicts/").text, text="theirs")
    assert mod.post(f"{address}conflicts/", form).status_code == 302
    assert mod.post(address, {"action": "carry-out"}).status_code == 302
    assert Ride.objects.get().body == "Of spring."


def allowed_or_led(answer: Any) -> str:
    """Of a page that is for all, or leads who is not signed in to the door."""
    return "" if answer.status_code == 302 else allowed(217, answer)


@entry(218)
def test_what_is_hidden_comes_back_by_no_road(mod: Client, bob: Client, hidden: Ride) -> None:
    cleaned = changeset_at(hidden.history.all()[0].valid_from)
    assert cleaned is not None
    assert Ride.objects.get().body == "It is clean."
    with nothing_stored():
        for client in (bob, mod):
            page = client.get(f"/changes/{cleaned.pk}/revert/")
            assert SECRET not in page.text
            form = {"plan_token": plan_token(page.text)} if "plan_token" in page.text else {}
            answer = client.post(f"/changes/{cleaned.pk}/revert/", form)
            assert answer.status_code in {302, 403, 409}
            assert SECRET not in answer.text
    bob.post("/branches/spring/merge/", {"action": "propose"})
    for client in (bob, mod):
        for address in ("/rides/kestrel/", "/rides/kestrel/history/2/", "/~spring/rides/kestrel/",
                        "/rides/kestrel/diff/?from=1&to=2", "/rides/kestrel/blame/"):  # fmt: skip
            assert SECRET not in client.get(address).text
    assert Ride.objects.get().body == "It is clean."


@entry(220)
def test_who_reads_what_is_hidden_needs_the_right_to_show_it(
    mod: Client, bob: Client, hidden: Ride
) -> None:
    """One right is for hiding, reading and showing: whoever has not got it has none of them."""
    desk = "/moderation/suppressed/"
    span = re.search(rf"{desk}[0-9a-f-]+/\d+/\d+/", mod.get(desk).text)
    assert span is not None
    assert SECRET in mod.get(span[0]).text
    sent = {"first": "2", "last": "2", "reason": "I should like to read it."}
    with nothing_stored():
        for address in (span[0], desk, "/rides/kestrel/suppress/", "/changes/2/suppress/"):
            assert SECRET not in bob.get(address).text
            if address != desk:
                allowed(220, bob.post(address, sent))
            assert Client().post(address, sent).status_code in {302, 405}
