"""Drafts: kept without being saved, gone on with, merged at last; nobody else's in any way."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from eventstore import reading
from tests.wiki.conftest import As
from tests.wiki.editing.test_views import fields_of, open_form
from versioning import acting_as
from versioning.branches.changes import archive
from versioning.branches.fork import fork
from wiki.drafts import keeping
from wiki.drafts.models import Draft
from wiki.limits.spending import LIMITS, Action, Limit, Rate
from wiki.models import Ride

pytestmark = pytest.mark.django_db

EDIT, KEEP = "/rides/kestrel/edit/", "/rides/kestrel/draft/"


def keep(client: Client, prefix: str = "", **typed: Any) -> str:
    """A form that is kept as it was opened, with some words in it: where one goes on."""
    form = open_form(client, f"{prefix}{EDIT}") | typed
    del form["next"]  # of the footer
    answer = client.post(f"{prefix}{KEEP}", form)
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def test_a_draft_saves_nothing_and_is_gone_on_with(editor: Client, kestrel: Ride) -> None:
    before = reading.last_position()
    again = keep(editor, body="My words.", height="40 m", summary="Because.")
    assert reading.last_position() == before
    assert Ride.objects.get().version == 1
    opened = editor.get(EDIT).text
    assert f'href="?draft={Draft.objects.get().pk}"' in opened
    assert "My words." not in opened
    form = open_form(editor, again)
    assert (form["body"], form["height"], form["summary"]) == ("My words.", "40 m", "Because.")
    assert editor.post(EDIT, form).status_code == 302
    assert Ride.objects.get().body == "My words."
    assert not Draft.objects.exists()


def test_a_draft_is_merged_with_what_came_meanwhile(editor: Client, kestrel: Ride) -> None:
    kestrel.body = "First.\n\nSecond.\n\nThird.\n"
    kestrel.save()
    again = keep(editor, body="First.\n\nSecond.\n\nThe third.\n")
    kestrel.body, kestrel.status = "The first.\n\nSecond.\n\nThird.\n", "operating"
    kestrel.save()
    assert editor.post(EDIT, open_form(editor, again)).status_code == 302
    merged = Ride.objects.get()
    assert (merged.body, merged.status) == ("The first.\n\nSecond.\n\nThe third.\n", "operating")


def test_a_draft_follows_its_page_and_its_branch(editor: Client, kestrel: Ride) -> None:
    spring = fork("spring")
    keep(editor, "/~spring", body="On spring.")
    assert "?draft=" not in editor.get(EDIT).text
    assert "?draft=" in editor.get(f"/~spring{EDIT}").text
    kestrel.slug = "falcon"
    kestrel.save()
    (address,) = re.findall(r'href="(/~spring/[^"]*draft=\d+)"', editor.get("/account/").text)
    assert open_form(editor, address)["body"] == "On spring."
    archive(spring)
    shown = editor.get(f"/account/drafts/{Draft.objects.get().pk}/").text
    assert 'value="On spring." readonly' in shown


def test_a_draft_of_a_new_page_becomes_that_page(editor: Client) -> None:
    form = open_form(editor, "/articles/new/") | {"name": "Lifts", "body": "Chains."}
    again = editor.post("/articles/new/draft/", form)["Location"]
    editor.post("/articles/new/draft/?part=kept", form | {"body": "Chains and cables."})
    assert Draft.objects.count() == 1
    assert "New article: Lifts" in editor.get("/account/").text
    form = open_form(editor, again)
    assert form["body"] == "Chains and cables."
    assert editor.post("/articles/new/", form)["Location"] == "/articles/lifts/"
    assert not Draft.objects.exists()
    # Typed on in another window, it is a draft of what there is already.
    editor.post("/articles/new/draft/", form)
    assert editor.get(f"/articles/new/?draft={Draft.objects.get().pk}")["Location"] == (
        "/articles/lifts/"
    )
    assert editor.post("/articles/new/draft/", form | {"identity": "x"}).status_code == 400


def test_while_one_types_it_costs_little(editor: Client, kestrel: Ride) -> None:
    form = open_form(editor, EDIT) | {"body": "My words."}
    address = f"{KEEP}?part=kept"
    assert "Draft kept at" in editor.post(address, form).text
    with CaptureQueriesContext(connection) as context:
        editor.post(address, form)
    # Session, account, right, block, page; too old, how many, and the draft under a savepoint.
    assert len(context) == 11
    assert Draft.objects.count() == 1


def test_others_are_told_that_somebody_writes_and_not_who(
    editor: Client, moderator: Client, kestrel: Ride
) -> None:
    fork("spring")
    told = "Somebody else is writing here"
    keep(editor, body="My words.")
    page = moderator.get(EDIT).text
    assert told in page
    assert "one-of-editors" not in page
    assert told not in editor.get(EDIT).text
    assert told not in moderator.get(f"/~spring{EDIT}").text
    Draft.objects.update(kept_at=timezone.now() - timedelta(minutes=11))
    assert told not in moderator.get(EDIT).text


def test_a_branch_that_became_absent_takes_no_words_along(editor: Client, kestrel: Ride) -> None:
    owner = User.objects.create_user("owner")
    editor_id = User.objects.get(username="one-of-editors").pk
    with acting_as(owner.pk):
        spring = fork("spring", is_private=True)
    spring.member_ids = [owner.pk, editor_id]
    spring.save()
    keep(editor, "/~spring", body="On spring.")
    spring.refresh_from_db()
    spring.member_ids = [owner.pk]
    spring.save()
    number = Draft.objects.get().pk
    shown = editor.get("/account/").text + editor.get(f"/account/drafts/{number}/").text
    assert "On spring." in shown
    assert "/~spring/" not in shown
    assert "on the branch" not in shown
    assert editor.get(f"/~spring{EDIT}?draft={number}").status_code == 404


def test_drafts_are_discarded_by_hand(editor: Client, kestrel: Ride) -> None:
    keep(editor, body="My words.")
    address = f"/account/drafts/{Draft.objects.get().pk}/"
    assert "My words." in editor.get(address).text
    answer = editor.post(address, {"in_form": "1"}, follow=True)
    assert answer.redirect_chain == [(EDIT, 302)]
    assert 'data-saved="draft:' in answer.text
    assert not Draft.objects.exists()


def test_drafts_are_few_short_and_not_for_ever(
    editor: Client, kestrel: Ride, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST", 1)
    monkeypatch.setattr(keeping, "LONGEST", 5_000)
    Ride.objects.create(slug="eagle", name="Eagle")
    keep(editor, body="Mine.")
    keep(editor, body="Mine, again.")
    form = open_form(editor, "/rides/eagle/edit/") | {"body": "One more."}
    refused = editor.post("/rides/eagle/draft/", form)
    assert refused.status_code == 409
    assert 'value="One more." readonly' in refused.text
    assert "in this browser only" in editor.post("/rides/eagle/draft/?part=kept", form).text
    Draft.objects.update(kept_at=timezone.now() - timedelta(days=31))
    assert "Continue editing" not in editor.get("/account/").text
    assert editor.post("/rides/eagle/draft/", form).status_code == 302
    assert [draft.name for draft in Draft.objects.all()] == ["Eagle"]
    long = editor.post("/rides/eagle/draft/", form | {"body": "x" * 5_000})
    assert long.status_code == 409


def test_keeping_is_counted(editor: Client, kestrel: Ride, monkeypatch: pytest.MonkeyPatch) -> None:
    once = (Rate(1, 3600),)
    monkeypatch.setitem(LIMITS, Action.DRAFT, Limit(once, once, once))
    keep(editor, body="My words.")
    form = open_form(editor, EDIT) | {"body": "More words."}
    answer = editor.post(KEEP, form)
    assert answer.status_code == 429
    assert "More words." in answer.text
    while_typing = editor.post(f"{KEEP}?part=kept", form)
    assert while_typing.status_code == 200
    assert "in this browser only" in while_typing.text


def test_drafts_go_with_their_account(editor: Client, kestrel: Ride) -> None:
    keep(editor, body="My words.")
    User.objects.get(username="one-of-editors").delete()
    assert not Draft.objects.exists()


def test_drafts_go_with_what_is_erased(editor: Client, kestrel: Ride) -> None:
    keep(editor, body="It **flies** over 5 Mill Lane.")
    kestrel.body = "It **flies**, too."
    kestrel.save()
    call_command(
        "erase", "wiki.ride", "kestrel", "1", field=["body"], reason="A court order", yes=True
    )
    assert not Draft.objects.exists()


def test_who_may_not_edit_keeps_no_draft(
    client: Client, editor: Client, signed_in: As, kestrel: Ride
) -> None:
    form = open_form(editor, EDIT) | {"body": "My words."}
    assert signed_in("readers").post(KEEP, form).status_code == 403
    signed_out = client.post(KEEP, form)
    assert signed_out.status_code == 403
    assert 'value="My words." readonly' in signed_out.text
    while_typing = client.post(f"{KEEP}?part=kept", form).text
    assert f"/account/login/?next={EDIT}" in while_typing
    assert "<html" not in while_typing
    User.objects.get(username="one-of-editors").groups.set([Group.objects.get(name="readers")])
    assert editor.post(KEEP, form).status_code == 403
    assert editor.get(KEEP).status_code == 405
    assert not Draft.objects.exists()


def test_a_form_that_is_refused_or_in_conflict_keeps_its_draft(
    editor: Client, kestrel: Ride
) -> None:
    again = keep(editor, name="", body="My words.")
    refused = editor.post(EDIT, open_form(editor, again))
    assert refused.status_code == 422
    assert fields_of(refused.text)["body"] == "My words."
    assert Draft.objects.exists()
