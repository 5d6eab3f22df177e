"""Edits, fields and versions are undone by who may edit; by others it is suggested."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from eventstore.models import Changeset
from eventstore.reading import last_position
from tests.wiki.conftest import As
from tests.wiki.editing.test_views import open_form
from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.models import Branch, Proposal
from wiki.models import Article, Ride
from wiki.undoing.commands import MOST_UNDONE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]


def edit(branch: str = "main", **values: Any) -> int:
    """An edit of the only ride; its changeset's number."""
    with branch_context(branch, message="An edit") as context:
        ride = Ride.objects.get()
        for name, value in values.items():
            setattr(ride, name, value)
        ride.save()
    assert context.sealed is not None
    return int(context.sealed.changeset)


def now() -> tuple[str, str, str]:
    ride = Ride.objects.get()
    return ride.name, str(ride.height), ride.body


def protect(moderator: Client) -> None:
    form = {
        "editing": "moderators", "renaming": "everybody", "deleting": "everybody",
        "reason": "A dispute", "duration": "week", "protect": "1",
    }  # fmt: skip
    assert moderator.post("/rides/kestrel/protect/", form).status_code == 302


def test_an_editor_undoes_an_edit_and_what_came_later_stays(editor: Client, kestrel: Ride) -> None:
    wrong = edit(height="50 m", name="Falcon")
    edit(body="It dives.")
    page = f"/changes/{wrong}/revert/"
    assert editor.post(page, open_form(editor, page)).status_code == 302
    assert now() == ("Kestrel", "None", "It dives.")
    assert Changeset.objects.latest("pk").reverts == [wrong]


def test_one_field_of_an_edit_is_undone_from_where_it_is_shown(
    editor: Client, kestrel: Ride
) -> None:
    wrong = edit(height="50 m", name="Falcon")
    edit(body="It dives.")
    offered = [
        {html.unescape(each) for each in re.findall(r'class="undo" href="([^"]+)"', page)}
        for page in (
            editor.get(f"/changes/{wrong}/").text,
            editor.get("/rides/kestrel/history/2/").text,
        )
    ]
    assert offered[0] == offered[1]
    part = f"/changes/{wrong}/revert/?page=rides:{kestrel.pk}&field="
    assert offered[0] == {f"{part}name", f"{part}height"}
    link = f"{part}height"
    assert "the change of “Height”" in editor.get(link).text
    assert editor.post(link, open_form(editor, link)).status_code == 302
    assert now() == ("Falcon", "None", "It dives.")
    undone = Changeset.objects.latest("pk")
    assert undone.reverts == []
    assert str(wrong) in undone.details


def test_a_field_that_was_changed_again_is_asked_about(editor: Client, kestrel: Ride) -> None:
    wrong = edit(name="Falcon")
    edit(name="Eagle")
    page = f"/changes/{wrong}/revert/?page=rides:{kestrel.pk}&field=name"
    asked = editor.post(page, open_form(editor, page) | {"summary": "Never so called"})
    assert asked.status_code == 409
    assert "Never so called" in asked.text
    assert '<fieldset class="conflict"' in asked.text
    assert Ride.objects.get().name == "Eagle"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("?page=rides:00000000-0000-0000-0000-000000000000", 409),
        ("?page=rides:kestrel", 404),
        ("?page=castles:00000000-0000-0000-0000-000000000000", 404),
        ("?page=rides:{ride}&field=colour", 409),
    ],
)
def test_what_a_change_did_not_do_is_not_undone(
    editor: Client, kestrel: Ride, asked: str, status: int
) -> None:
    number = edit(name="Falcon")
    address = f"/changes/{number}/revert/{asked.format(ride=kestrel.pk)}"
    assert editor.get(address).status_code == status


def test_a_field_of_a_creation_is_not_undone_alone(editor: Client, kestrel: Ride) -> None:
    number = Changeset.objects.latest("pk").pk
    part = f"?page=rides:{kestrel.pk}"
    refused = editor.get(f"/changes/{number}/revert/{part}&field=name")
    assert refused.status_code == 409
    assert "Undo all that the change did to the page." in refused.text
    assert editor.get(f"/changes/{number}/revert/{part}").status_code == 200


def test_a_version_is_restored_and_what_came_between_stays_history(
    editor: Client, kestrel: Ride
) -> None:
    edit(height="50 m")
    edit(height="60 m", body="It dives.")
    history = editor.get("/rides/kestrel/history/").text
    assert history.count(">Restore</a>") == 2  # not the newest
    page = "/rides/kestrel/history/1/restore/"
    assert editor.post(page, open_form(editor, page)).status_code == 302
    assert now() == ("Kestrel", "None", "It **flies**.")
    assert Ride.objects.get().history.all().count() == 4
    assert "The page stands as it did in this version." in editor.get(page).text
    assert editor.post(page).status_code == 409


def test_a_version_is_restored_as_it_was_looked_at(editor: Client, kestrel: Ride) -> None:
    edit(height="50 m")
    page = "/rides/kestrel/history/1/restore/"
    form = open_form(editor, page)
    edit(body="It dives.")
    again = editor.post(page, form | {"summary": "Too high"})
    assert again.status_code == 409
    assert "Since you looked, 1 change arrived" in again.text
    assert "Too high" in again.text
    assert now() == ("Kestrel", "50 m (164 ft)", "It dives.")


def test_a_branch_has_its_own_versions_restored(editor: Client, kestrel: Ride) -> None:
    fork("spring")
    edit("spring", height="50 m")
    page = "/~spring/rides/kestrel/history/1/restore/"
    assert editor.post(page, open_form(editor, page)).status_code == 302
    page = editor.get("/~spring/rides/kestrel/").text
    assert "50 m" not in page


def suggest(client: Client, page: str) -> Proposal:
    """Send the form of what one may not do oneself, as its only button does."""
    assert "It becomes a proposal" in client.get(page).text
    before = now()
    answer = client.post(page, open_form(client, page) | {"suggest": "on", "summary": "Not so"})
    assert answer.status_code == 302, answer.text
    assert now() == before
    proposal = Proposal.objects.get()
    assert answer["Location"] == f"/proposals/{proposal.number}/"
    assert proposal.message == "Not so"
    return proposal


def carry_out(moderator: Client, proposal: Proposal) -> None:
    page = f"/proposals/{proposal.number}/"
    form = open_form(moderator, page) | {"action": "carry-out"}
    assert moderator.post(page, form).status_code == 302


def test_what_is_protected_is_suggested_by_the_same_button(
    editor: Client, moderator: Client, kestrel: Ride
) -> None:
    wrong = edit(height="50 m", body="It dives.")
    edit(body="It soars.")
    protect(moderator)
    carry_out(
        moderator, suggest(editor, f"/changes/{wrong}/revert/?page=rides:{kestrel.pk}&field=height")
    )
    assert now() == ("Kestrel", "None", "It soars.")


def test_a_version_of_a_protected_page_is_suggested(
    editor: Client, moderator: Client, kestrel: Ride
) -> None:
    edit(body="It dives.")
    protect(moderator)
    carry_out(moderator, suggest(editor, "/rides/kestrel/history/1/restore/"))
    assert now()[2] == "It **flies**."


def test_a_merge_and_a_large_edit_are_suggested(
    editor: Client, moderator: Client, kestrel: Ride
) -> None:
    fork("spring")
    edit("spring", height="50 m")
    merged = merge(Branch.objects.get(name="spring"))
    with BatchOperation("Many") as batch:
        batch.process_changes(Article(slug=f"a-{n}", name=f"A {n}") for n in range(MOST_UNDONE + 1))
    assert batch.sealed is not None
    assert "It becomes a proposal" in editor.get(f"/changes/{batch.sealed.changeset}/revert/").text
    page = f"/changes/{merged.changeset}/revert/"
    assert "It becomes a proposal" not in moderator.get(page).text
    carry_out(moderator, suggest(editor, page))
    assert now()[1] == "None"


def test_who_may_suggest_nothing_and_what_is_no_page_is_refused(
    editor: Client, moderator: Client, signed_in: As, kestrel: Ride
) -> None:
    number = edit(height="50 m")
    protect(moderator)
    protected = Changeset.objects.latest("pk").pk
    before = last_position()
    reader = signed_in("readers")
    for client, page in (
        (reader, f"/changes/{number}/revert/"),
        (reader, "/rides/kestrel/history/1/restore/"),
        (editor, f"/changes/{protected}/revert/"),
    ):
        assert client.get(page).status_code == 403
        assert client.post(page, {"suggest": "on"}).status_code == 403
    assert editor.post(f"/changes/{number}/revert/").status_code == 403
    assert last_position() == before
