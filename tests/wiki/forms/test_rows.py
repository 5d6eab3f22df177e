"""Rows of a list in a form: moved, removed and added by buttons that save nothing."""

import re
from typing import Any

import pytest
from django.test import Client

from eventstore import reading
from tests.wiki.editing.test_views import fields_of, open_form
from wiki.models import Company, Park, Ride

pytestmark = pytest.mark.django_db

EDIT = "/rides/kestrel/edit/"


@pytest.fixture
def named(kestrel: Ride) -> Ride:
    """A ride with three other names, and a form with two empty rows below those."""
    kestrel.names = [{"id": each, "name": each.upper()} for each in ("a", "b", "c")]
    kestrel.save()
    return kestrel


def press(client: Client, button: str, form: dict[str, Any], address: str = EDIT) -> str:
    """The page that comes back when a form is sent by a button of its other names."""
    before = reading.last_position()
    answer = client.post(address, form | {"names-button": button})
    assert answer.status_code == 200
    assert reading.last_position() == before
    return answer.content.decode()


def names_in(page: str) -> list[tuple[str, str]]:
    """The identity and the name of each row that is not empty."""
    form = fields_of(page)
    numbers = [n for n in range(int(count_in(form))) if form.get(f"names-{n}-name")]
    return [(form[f"names-{n}-id"], form[f"names-{n}-name"]) for n in numbers]


def count_in(form: dict[str, Any]) -> str:
    return str(form["names-count"])


def focus_in(page: str) -> list[str]:
    """The buttons that take the focus, by their values."""
    return re.findall(r'<button[^>]*?value="([^"]*)"[^>]*autofocus', page)


@pytest.mark.parametrize(
    ("button", "order", "said", "focus"),
    [
        ("up-1", "bac", "Row 2 is row 1 now.", "down-0"),
        ("up-2", "acb", "Row 3 is row 2 now.", "up-1"),
        ("down-0", "bac", "Row 1 is row 2 now.", "down-1"),
        ("down-2", "abc", "Row 3 stays where it is.", "down-2"),
        ("up-0", "abc", "Row 1 stays where it is.", "down-0"),
        ("remove-1", "ac", "Row 2 is removed.", "remove-1"),
        ("down-3", "abc", "Row 4 is empty.", "down-3"),
    ],
)
def test_a_button_moves_a_row_with_its_identity(
    editor: Client, named: Ride, button: str, order: str, said: str, focus: str
) -> None:
    page = press(editor, button, open_form(editor, EDIT))
    assert names_in(page) == [(each, each.upper()) for each in order]
    assert said in page
    assert focus_in(page) == [focus]
    assert editor.post(EDIT, fields_of(page)).status_code == 302
    assert [name.key for name in Ride.objects.get().names] == list(order)


def test_nothing_that_was_typed_is_lost_or_complained_of(editor: Client, named: Ride) -> None:
    typed = open_form(editor, EDIT) | {
        "name": "", "body": "New words.", "park": "nowhere", "designers": "x\r\ny",
        "height": "tall", "single_riders": "true", "names-3-name": "D", "names-3-since": "whenever",
        "summary": "Why", "despite": "because",
    }  # fmt: skip
    page = press(editor, "up-3", typed)
    kept = fields_of(page)
    elsewhere = {name for name in typed if typed[name] and not name.startswith("names-")}
    assert {name: kept[name] for name in elsewhere} == {name: typed[name] for name in elsewhere}
    assert [name for _, name in names_in(page)] == ["A", "B", "D", "C"]
    assert kept["names-2-since"] == "whenever"
    assert "field-errors" not in page


def test_rows_are_added_without_javascript(editor: Client, kestrel: Ride) -> None:
    form = open_form(editor, EDIT)
    form |= {"names-0-name": "A", "names-1-name": "B"}
    page = press(editor, "add-0", form)
    assert count_in(fields_of(page)) == "4"
    assert "names-2-name" in re.findall(r'name="([^"]*)"[^>]*autofocus', page)


def test_a_new_page_has_the_same_buttons(editor: Client) -> None:
    form = open_form(editor, "/parks/new/") | {"names-0-name": "A", "names-1-name": "B"}
    page = press(editor, "remove-0", form, "/parks/new/")
    assert names_in(page) == [("", "B")]
    assert "This field is required" not in page
    assert not Park.objects.exists()


def test_what_was_rearranged_is_unfolded(editor: Client, kestrel: Ride, acme: Company) -> None:
    kestrel.category = "dark"
    kestrel.save()
    form = open_form(editor, EDIT) | {"tracks-0-name": "A", "tracks-button": "remove-0"}
    page = editor.post(EDIT, form).content.decode()
    assert re.search(r"<details[^>]* open><summary>Roller coaster", page)
    assert re.search(r'<details[^>]* open><summary id="id_tracks_label"', page)


def test_a_button_of_no_list_saves_as_ever(editor: Client, named: Ride) -> None:
    for nonsense in ("fly-1", "up", "up-x", "up-99999", ""):
        form = open_form(editor, EDIT) | {"names-button": nonsense}
        assert editor.post(EDIT, form).status_code == 302
    assert [name.key for name in Ride.objects.get().names] == ["a", "b", "c"]


def test_who_may_not_edit_may_not_rearrange(client: Client, named: Ride) -> None:
    assert client.get(EDIT)["Location"].startswith("/account/login/")
    assert client.post(EDIT, {"names-button": "up-1"}).status_code == 403
