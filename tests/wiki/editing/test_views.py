"""Forms: previewed, merged when stale, asked when in conflict; nothing is retyped."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client

from eventstore import reading
from tests.wiki.conftest import As
from versioning.branches.changes import archive
from versioning.branches.fork import fork
from wiki.models import Article, Company, Park, Ride

pytestmark = pytest.mark.django_db


def fields_of(page: str) -> dict[str, Any]:
    """What a browser would send of the form on a page."""
    import html

    form = page[page.index('<form method="post"') :]
    values: dict[str, Any] = {}
    for name, value in re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form):
        values[name] = html.unescape(value)
    for name, text in re.findall(
        r'<textarea name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', form, re.DOTALL
    ):
        values[name] = html.unescape(text)
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"\s+selected', options)
        values[name] = chosen[1] if chosen else ""
    values.pop("csrfmiddlewaretoken", None)
    return values


def open_form(client: Client, address: str) -> dict[str, Any]:
    return fields_of(client.get(address).content.decode())


def test_a_form_that_is_sent_back_unchanged_appends_nothing(editor: Client, kestrel: Ride) -> None:
    kestrel.body = "One.\r\nTwo.\r\n\r\n"
    kestrel.save()
    before = reading.last_position()
    form = open_form(editor, "/rides/kestrel/edit/")
    form["body"] = form["body"].replace("\r\n", "\n").replace("\n", "\r\n")  # as browsers do
    assert editor.post("/rides/kestrel/edit/", form).status_code == 302
    assert reading.last_position() == before


def test_after_a_save_the_change_is_named_and_nobody_elses_where_there_is_none(
    moderator: Client, kestrel: Ride
) -> None:
    form = open_form(moderator, "/rides/kestrel/edit/")
    saved = moderator.post("/rides/kestrel/edit/", form | {"body": "Mine."}, follow=True).text
    number = kestrel.history.all()[0].changeset.pk
    assert f'href="/changes/{number}/"' in saved
    assert f'href="/changes/{number}/revert/"' in saved
    again = open_form(moderator, "/rides/kestrel/edit/") | {"summary": "I only looked."}
    unchanged = moderator.post("/rides/kestrel/edit/", again, follow=True).text
    assert "Nothing of Kestrel was changed." in unchanged
    assert "/changes/" not in unchanged.partition('role="status"')[2].partition("</div>")[0]


def test_a_page_names_others_by_address_or_name(
    editor: Client, kestrel: Ride, acme: Company
) -> None:
    Park.objects.create(slug="dale", name="Dale Park")
    Company.objects.create(slug="bolt", name="Bolt & Nut")
    form = open_form(editor, "/rides/kestrel/edit/")
    assert form["park"] == "Hill Park"
    form |= {"park": "dale park", "designers": "Bolt & Nut\r\nacme\r\n"}
    assert editor.post("/rides/kestrel/edit/", form).status_code == 302
    saved = Ride.objects.get()
    assert saved.park is not None
    assert saved.park.slug == "dale"
    assert [company.slug for company in saved.designers.all()] == ["bolt", "acme"]
    assert saved.version == 2
    again = open_form(editor, "/rides/kestrel/edit/")
    assert again["designers"].split("\n") == ["Bolt & Nut", "Acme"]


def test_a_name_that_is_none_or_several_is_asked_again(editor: Client, kestrel: Ride) -> None:
    for slug in ("twin-1", "twin-2"):
        Park.objects.create(slug=slug, name="Twin")
    form = open_form(editor, "/rides/kestrel/edit/") | {"park": "Twin", "designers": "Nobody"}
    answer = editor.post("/rides/kestrel/edit/", form)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Several pages are called" in text
    assert "There is no company called" in text
    assert "Nobody</textarea>" in text


def test_pages_of_one_name_stay_told_apart(editor: Client, kestrel: Ride) -> None:
    twins = [Company.objects.create(slug=f"twin-{n}", name="Twin") for n in (1, 2)]
    Park.objects.create(slug="hill-park-2", name="Hill Park")
    kestrel.other_makers.set(twins)
    kestrel.designers.set(twins[1:])
    form = open_form(editor, "/rides/kestrel/edit/")
    assert (form["park"], form["designers"]) == ("Hill Park", "Twin")
    assert form["other_makers"].split("\n") == ["twin-1", "twin-2"]
    assert editor.post("/rides/kestrel/edit/", form | {"body": "Mine."}).status_code == 302
    saved = Ride.objects.get()
    assert (saved.park_id, saved.body) == (kestrel.park_id, "Mine.")
    assert [*saved.designers.all()] == twins[1:]
    assert [*saved.other_makers.all()] == twins


def test_a_new_page_gets_its_address_from_its_name(editor: Client) -> None:
    answer = editor.post("/parks/new/", {"name": "Kärnan & Søn"})
    assert answer["Location"] == "/parks/karnan-son/"
    again = editor.post("/parks/new/", {"name": "Kärnan & Søn"})
    assert again.status_code == 422
    assert "Another page has this address already" in again.content.decode()
    assert editor.get("/parks/new/?name=Dale").content.decode().count('value="Dale"') == 1


def test_a_preview_shows_the_result_and_saves_nothing(editor: Client, kestrel: Ride) -> None:
    before = reading.last_position()
    form = open_form(editor, "/rides/kestrel/edit/") | {
        "body": "It **dives**.",
        "action": "preview",
    }
    text = editor.post("/rides/kestrel/edit/", form).content.decode()
    assert "It <strong>dives</strong>." in text
    assert "<ins>" in text
    assert "It **dives**.</textarea>" in text
    part = editor.post("/rides/kestrel/edit/?part=preview", form).content.decode()
    assert "<strong>dives</strong>" in part
    assert "<html" not in part
    assert reading.last_position() == before


def test_a_stale_form_is_merged_where_both_wrote_elsewhere(editor: Client, kestrel: Ride) -> None:
    kestrel.body = "First.\n\nSecond.\n\nThird.\n"
    kestrel.save()
    mine = open_form(editor, "/rides/kestrel/edit/")
    kestrel.body = "The first.\n\nSecond.\n\nThird.\n"
    kestrel.status = "operating"
    kestrel.save()
    mine["body"] = "First.\n\nSecond.\n\nThe third.\n"
    assert editor.post("/rides/kestrel/edit/", mine).status_code == 302
    merged = Ride.objects.get()
    assert merged.body == "The first.\n\nSecond.\n\nThe third.\n"
    assert merged.status == "operating"


def test_a_conflict_keeps_my_words_and_is_settled_by_saving_again(
    editor: Client, kestrel: Ride
) -> None:
    mine = open_form(editor, "/rides/kestrel/edit/")
    kestrel.name, kestrel.status = "Theirs", "closed"
    kestrel.inversions, kestrel.virtual_queue = 0, False
    kestrel.save()
    mine |= {"name": "Mine", "body": "My words."}
    asked = editor.post("/rides/kestrel/edit/", mine)
    assert asked.status_code == 409
    assert "Theirs" in asked.content.decode()
    again = fields_of(asked.content.decode())
    assert (again["name"], again["body"], again["status"]) == ("Mine", "My words.", "closed")
    assert editor.post("/rides/kestrel/edit/", again).status_code == 302
    saved = Ride.objects.get()
    assert (saved.name, saved.body, saved.status) == ("Mine", "My words.", "closed")
    assert (saved.inversions, saved.virtual_queue) == (0, False)


def test_a_text_in_conflict_is_put_together_by_passages(editor: Client, kestrel: Ride) -> None:
    kestrel.body = "One.\n\nTwo is old.\n\nThree.\n\nFour is old.\n"
    kestrel.save()
    mine = open_form(editor, "/rides/kestrel/edit/")
    kestrel.body = "One!\n\nTwo is theirs.\n\nThree.\n\nFour is theirs.\n"
    kestrel.save()
    mine["body"] = "One.\n\nTwo is mine.\n\nThree.\n\nFour is mine.\n"
    asked = editor.post("/rides/kestrel/edit/", mine)
    assert asked.status_code == 409
    assert "Passage 2 of 2" in asked.text
    form = fields_of(asked.text)
    form = {name: value for name, value in form.items() if not name.endswith(("-0", "-1"))}
    assert form["body"] == mine["body"]
    half = editor.post("/rides/kestrel/edit/", form | {"body-passage-0": "theirs"})
    assert half.status_code == 422
    assert "1 of its 2 passages still need a choice" in half.text
    assert 'name="body-passage-0" value="theirs" checked' in half.text
    chosen = {"body-passage-0": "theirs", "body-passage-1-own": "Four is ours."}
    other = form | chosen | {"body": form["body"] + "Five.\n"}
    assert "went on writing in the text as well" in editor.post("/rides/kestrel/edit/", other).text
    assert editor.post("/rides/kestrel/edit/", form | chosen).status_code == 302
    assert Ride.objects.get().body == "One!\n\nTwo is theirs.\n\nThree.\n\nFour is ours.\n"


def test_who_writes_on_in_a_text_in_conflict_need_not_choose_passages(
    editor: Client, kestrel: Ride
) -> None:
    mine = open_form(editor, "/rides/kestrel/edit/") | {"body": "It dives."}
    kestrel.body = "It swims."
    kestrel.save()
    form = fields_of(editor.post("/rides/kestrel/edit/", mine).text)
    assert "body-passage-0-own" in form
    form = {name: value for name, value in form.items() if name != "body-passage-0"}
    written = form | {"body": "It dives and swims."}
    assert editor.post("/rides/kestrel/edit/", written).status_code == 302
    assert Ride.objects.get().body == "It dives and swims."


@pytest.mark.parametrize(
    "base", ["", "0", "-1", "1", "999-1", "1-2", "0-1", "9" * 12 + "-1", "x-y"]
)
def test_a_form_that_began_from_nothing_that_is_here_is_asked_again(
    editor: Client, kestrel: Ride, base: str
) -> None:
    kestrel.body = "Others wrote this."
    kestrel.save()
    form = open_form(editor, "/rides/kestrel/edit/") | {"base": base, "body": "I wrote this."}
    before = reading.last_position()
    answer = editor.post("/rides/kestrel/edit/", form)
    assert answer.status_code == 409
    assert "It is not known which version of this page your edit began from" in answer.text
    assert reading.last_position() == before
    again = fields_of(answer.text)
    assert (again["body"], again["base"]) == ("I wrote this.", "2-1")
    assert editor.post("/rides/kestrel/edit/", again).status_code == 302
    assert Ride.objects.get().body == "I wrote this."


def test_a_form_of_another_branch_does_not_undo_what_this_one_has(
    editor: Client, kestrel: Ride
) -> None:
    fork("spring")
    theirs = open_form(editor, "/~spring/rides/kestrel/edit/") | {"body": "On spring."}
    assert theirs["base"] == "1-1", "inherited"
    assert editor.post("/~spring/rides/kestrel/edit/", theirs).status_code == 302
    kestrel.body = "On main."
    kestrel.save()
    form = open_form(editor, "/rides/kestrel/edit/") | {"name": "Kestrel II"}
    answer = editor.post("/~spring/rides/kestrel/edit/", form)
    assert answer.status_code == 409
    assert Ride.objects.get().name == "Kestrel"
    of_spring = open_form(editor, "/~spring/rides/kestrel/edit/")
    assert (of_spring["body"], of_spring["base"]) == ("On spring.", "2-2")


def test_a_page_deleted_meanwhile_keeps_what_was_typed(editor: Client, kestrel: Ride) -> None:
    mine = open_form(editor, "/rides/kestrel/edit/") | {"body": "My words."}
    kestrel.delete()
    answer = editor.post("/rides/kestrel/edit/", mine)
    assert answer.status_code == 410
    assert 'value="My words." readonly>' in answer.content.decode()


def test_a_page_that_moved_meanwhile_takes_what_was_typed(editor: Client, kestrel: Ride) -> None:
    mine = open_form(editor, "/rides/kestrel/edit/") | {"body": "My words."}
    kestrel.slug = "falcon"
    kestrel.save()
    sent = editor.post("/rides/kestrel/edit/", mine, follow=True)
    assert sent.redirect_chain[0] == ("/rides/falcon/edit/", 308)
    assert sent.redirect_chain[1] == ("/rides/falcon/", 302)
    assert Ride.objects.get().body == "My words."


def test_a_branch_that_was_archived_meanwhile_keeps_what_was_typed(
    editor: Client, kestrel: Ride
) -> None:
    spring = fork("spring")
    mine = open_form(editor, "/~spring/rides/kestrel/edit/") | {"body": "My words."}
    archive(spring)
    answer = editor.post("/~spring/rides/kestrel/edit/", mine)
    assert answer.status_code == 409
    assert 'value="My words." readonly>' in answer.content.decode()


def test_who_lost_the_right_writes_nothing(editor: Client, kestrel: Ride) -> None:
    form = open_form(editor, "/rides/kestrel/edit/") | {"body": "My words."}
    User.objects.get().groups.set([Group.objects.get(name="readers")])
    answer = editor.post("/rides/kestrel/edit/", form)
    assert answer.status_code == 403
    assert 'value="My words." readonly>' in answer.content.decode()
    assert Ride.objects.get().version == 1


@pytest.mark.parametrize("address", ["/rides/kestrel/edit/", "/rides/new/"])
def test_who_was_signed_out_keeps_what_was_typed(
    editor: Client, kestrel: Ride, address: str
) -> None:
    mine = open_form(editor, address) | {"body": "My <words>.\nAll of them."}
    editor.logout()
    page = editor.post(address, mine)
    assert page.status_code == 403
    assert ">My &lt;words&gt;.\nAll of them.</textarea>" in page.content.decode()
    assert f'<a href="/account/login/?next={quote(address, safe="")}">' in page.content.decode()
    assert "csrfmiddlewaretoken" not in page.content.decode()


def test_a_form_whose_token_is_too_old_keeps_what_was_typed(editor: Client, kestrel: Ride) -> None:
    mine = open_form(editor, "/rides/kestrel/edit/") | {"body": "My words."}
    strict = Client(enforce_csrf_checks=True)
    page = strict.post("/rides/kestrel/edit/", mine | {"csrfmiddlewaretoken": "old"})
    assert page.status_code == 403
    assert "too old" in page.content.decode()
    assert 'value="My words." readonly>' in page.content.decode()
    page = strict.post("/account/login/", {"login": "ann", "password": "My secret."})
    assert "My secret." not in page.content.decode()


@pytest.mark.parametrize("action", ["edit", "rename", "delete", "undelete"])
def test_only_editors_find_the_forms(
    client: Client, signed_in: As, kestrel: Ride, action: str
) -> None:
    address = f"/rides/kestrel/{action}/"
    assert client.get(address)["Location"].startswith("/account/login/?next=")
    assert signed_in("readers").get(address).status_code == 403
    assert signed_in("readers").post(address).status_code == 403


def test_addresses_that_only_show_take_no_post(editor: Client, kestrel: Ride) -> None:
    for address in ["/", "/rides/", "/rides/kestrel/", "/rides/kestrel/history/", "/changes/"]:
        assert editor.post(address).status_code == 405


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("name", "a\0b"),
        ("body", "x" * 200_001),
        ("category", "teapot"),
        ("inversions", "-1"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_kept(
    editor: Client, kestrel: Ride, field: str, value: str
) -> None:
    form = open_form(editor, "/rides/kestrel/edit/") | {field: value}
    answer = editor.post("/rides/kestrel/edit/", form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "field-errors" in page
    assert "<title>Error: Edit Kestrel" in page
    assert f'<li><a href="#id_{field}">' in page
    assert Ride.objects.get().version == 1


def test_suggestions_begin_with_what_was_typed(client: Client, kestrel: Ride) -> None:
    Park.objects.create(slug="dale", name="Dale Park")
    answer = client.get("/parks/options/?of=park&park=hill").content.decode()
    assert answer == '<option value="Hill Park"></option>'
    Park.objects.create(slug="hill-park-2", name="Hill Park")
    answer = client.get("/parks/options/?of=park&park=hill").text
    assert '<option value="hill-park">Hill Park</option>' in answer
    assert client.get("/parks/options/?of=park&park=%00").status_code == 200


def test_articles_are_edited_on_branches(editor: Client) -> None:
    Article.objects.create(slug="lifts", name="Lifts", body="Chains.\n")
    fork("spring")
    form = open_form(editor, "/~spring/articles/lifts/edit/") | {"body": "Chains and cables.\n"}
    answer = editor.post("/~spring/articles/lifts/edit/", form)
    assert answer["Location"] == "/~spring/articles/lifts/"
    assert "cables" in editor.get("/~spring/articles/lifts/").content.decode()
    assert "cables" not in editor.get("/articles/lifts/").content.decode()


def test_a_form_of_a_new_page_that_is_sent_twice_makes_one_page(editor: Client) -> None:
    form = open_form(editor, "/articles/new/") | {"name": "Lifts", "body": "Chains."}
    first = editor.post("/articles/new/", form)
    before = reading.last_position()
    again = editor.post("/articles/new/", form)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert reading.last_position() == before
    # Another one, of the same name, is another page, and is asked for another address.
    other = open_form(editor, "/articles/new/") | {"name": "Lifts"}
    assert editor.post("/articles/new/", other).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_the_same_moment_it_is_one_page_for_both(editor: Client) -> None:
    form = open_form(editor, "/articles/new/") | {"name": "Lifts", "body": "Chains."}
    begin = threading.Barrier(2)

    def send(_: int) -> tuple[int, str]:
        browser = Client()
        browser.cookies = editor.cookies
        begin.wait(10)
        answer = browser.post("/articles/new/", form)
        connection.close()
        return answer.status_code, answer.headers.get("Location", "")

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(send, range(2))) == [(302, "/articles/lifts/")] * 2
    assert Article.objects.count() == 1


def test_an_identity_of_ones_own_choice_is_none(editor: Client, kestrel: Ride) -> None:
    form = open_form(editor, "/rides/new/") | {"name": "Eagle", "identity": str(kestrel.pk)}
    assert editor.post("/rides/new/", form)["Location"] == "/rides/eagle/"
    assert Ride.objects.count() == 2
