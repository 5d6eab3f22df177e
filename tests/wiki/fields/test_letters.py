"""Letters that nobody sees are refused where they are typed, and shown in summaries."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from eventstore.models import Changeset
from tests.wiki.editing.test_views import open_form
from wiki.fields.letters import refusal_of, unseen_letters, with_shown_letters
from wiki.models import Article, Ride

UNSEEN = ["\u200b", "\u202e", "\u2066", "\ufeff", "\u2060", "\x07", "\x85"]
SEEN = [
    "می\u200cخواهم", "👩\u200d🚀", "\u200fעברית", "ß", "雪国", "e\u0301",
    "🏴\U000e0067\U000e007f",
]  # fmt: skip


@pytest.mark.parametrize("letter", UNSEEN)
@pytest.mark.parametrize("is_line", [True, False])
def test_what_nobody_sees_is_named(letter: str, is_line: bool) -> None:
    sentence = refusal_of(f"Ke{letter}strel", is_line=is_line)
    assert f"U+{ord(letter):04X}" in sentence
    assert with_shown_letters(f"Ke{letter}strel") == "Ke\ufffdstrel"


@pytest.mark.parametrize("text", SEEN)
def test_what_scripts_and_emoji_are_made_of_is_taken(text: str) -> None:
    assert refusal_of(text, is_line=True) == refusal_of(text, is_line=False) == ""
    assert with_shown_letters(text) == text


def test_lines_end_in_texts_alone() -> None:
    assert refusal_of("One.\n\tTwo.\r\n", is_line=False) == ""
    assert "U+000A" in refusal_of("One.\nTwo.", is_line=True)


def test_what_was_there_before_may_stay() -> None:
    assert refusal_of("a\u200bc", "a\u200bb", is_line=True) == ""
    assert refusal_of("a\u200bc\u202e", "a\u200bb", is_line=True) != ""


@given(st.text(max_size=50))
def test_a_line_that_is_shown_holds_nothing_unseen(text: str) -> None:
    assert unseen_letters(with_shown_letters(text), is_line=True) == []


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["name", "body"])
def test_a_form_says_it_and_keeps_what_was_typed(editor: Client, kestrel: Ride, field: str) -> None:
    form = open_form(editor, "/rides/kestrel/edit/") | {field: "Ke\u202estrel of the dale"}
    answer = editor.post("/rides/kestrel/edit/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "U+202E right-to-left override" in page
    assert "Ke\u202estrel of the dale" in page


@pytest.mark.django_db
def test_items_of_lists_are_looked_at_too(editor: Client, kestrel: Ride) -> None:
    form = open_form(editor, "/rides/kestrel/edit/") | {"names-0-name": "Fal\u200bcon"}
    answer = editor.post("/rides/kestrel/edit/", form)
    assert answer.status_code == 422
    assert "U+200B zero width space" in answer.content.decode()


@pytest.mark.django_db
def test_a_text_that_holds_one_can_still_be_edited(editor: Client) -> None:
    Article.objects.create(slug="old", name="Old", body="Imp\u200borted.\n")
    form = open_form(editor, "/articles/old/edit/") | {"body": "Imp\u200borted, and mended.\n"}
    assert editor.post("/articles/old/edit/", form).status_code == 302


@pytest.mark.django_db
def test_a_summary_shows_what_is_in_it(editor: Client, kestrel: Ride) -> None:
    editor.post("/rides/kestrel/delete/", {"summary": "Gone\u202e for\u200b good\x07"})
    assert Changeset.objects.latest("id").message == "Gone\ufffd for\ufffd good\ufffd"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/branches/"])
def test_a_branch_says_what_it_is_for_in_letters_that_are_seen(
    editor: Client, address: str
) -> None:
    form = {"name": "spring", "parent": "main", "description": "For\u202e all"}
    answer = editor.post(address, form)
    assert answer.status_code == 422
    assert "U+202E" in answer.content.decode()
