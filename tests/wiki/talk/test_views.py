"""What people say about a branch, on its page."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from eventstore.models import Changeset
from projections.audit.auditing import audit
from tests.wiki.conftest import As
from versioning.branches.fork import fork
from versioning.models import Branch, Comment
from wiki.branches import comments
from wiki.moderation.commands import block

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted", "spring")]


@pytest.fixture
def spring() -> Branch:
    return fork("spring")


def page(client: Client, address: str = "/branches/spring/") -> str:
    return client.get(address).content.decode()


def say(client: Client, text: str) -> None:
    assert client.post("/branches/spring/talk/", {"text": text}).status_code == 302


def test_everybody_reads_what_an_editor_says(editor: Client, client: Client) -> None:
    answer = editor.post("/branches/spring/talk/", {"text": "See /rides/kestrel/.\n\nOr <b>?"})
    assert answer["Location"] == "/branches/spring/#comment-1"
    read = page(client)
    assert 'id="comment-1"' in read
    assert "one-of-editors</b>" in read
    assert '<a href="/~spring/rides/kestrel/">/rides/kestrel/</a>' in read
    assert "Or &lt;b&gt;?" in read
    assert "Your comment" not in read
    assert "/account/login/?next=/branches/spring/%23talk" in read


def test_its_author_rewords_it_and_takes_it_back(editor: Client, client: Client) -> None:
    say(editor, "Is it ready?")
    answer = editor.post("/branches/spring/talk/1/", {"text": "Is it done?"})
    assert answer["Location"] == "/branches/spring/?before=2#comment-1"
    assert "Is it done?" in page(client)
    assert "reworded since" in page(client)
    assert "Is it ready?" not in page(client)
    editor.post("/branches/spring/talk/1/", {"action": "take-back"})
    assert "Taken back." in page(client)
    assert "Is it done?" not in page(client)


def test_nobody_changes_what_another_says(signed_in: As, editor: Client) -> None:
    say(editor, "Is it ready?")
    User.objects.filter(username="one-of-editors").update(username="author")
    other = signed_in("editors")
    for form in ({"text": "It is."}, {"action": "take-back"}):
        assert other.post("/branches/spring/talk/1/", form).status_code == 403
    assert "/branches/spring/talk/1/" not in page(other)
    assert Comment.objects.get().text == "Is it ready?"


def test_what_a_moderator_takes_back_is_read_nowhere(
    editor: Client, moderator: Client, client: Client
) -> None:
    say(editor, "Some zanzibar.")
    made = Changeset.objects.latest("id").pk
    assert "zanzibar" in page(client, f"/changes/{made}/")
    assert moderator.post("/branches/spring/talk/1/", {"text": "Mine."}).status_code == 403
    moderator.post("/branches/spring/talk/1/", {"action": "take-back"})
    for address in ("/branches/spring/", f"/changes/{made}/", f"/changes/{made + 1}/"):
        assert "zanzibar" not in page(client, address)
    assert editor.post("/branches/spring/talk/1/", {"text": "Some zanzibar."}).status_code == 409
    for address in ("/changes/", "/changes/feed/", "/branches/spring/"):
        assert "zanzibar" not in page(client, address)
    again = moderator.post("/branches/spring/talk/1/", {"action": "take-back"})
    assert again.status_code == 302  # sent twice, it is done once
    (desk,) = set(
        re.findall(r"/moderation/suppressed/[^\"]+/", page(moderator, "/moderation/suppressed/"))
    )
    assert "zanzibar" in page(moderator, desk)
    assert audit().findings == ()


def test_what_its_author_took_back_is_hidden_by_a_moderator(
    editor: Client, moderator: Client, client: Client
) -> None:
    say(editor, "Some zanzibar.")
    made = Changeset.objects.latest("id").pk
    editor.post("/branches/spring/talk/1/", {"action": "take-back"})
    assert "zanzibar" in page(client, f"/changes/{made}/")
    assert "Hide what it said" in page(moderator)
    assert "Hide what it said" in page(moderator, "/branches/spring/talk/1/")
    moderator.post("/branches/spring/talk/1/", {"action": "take-back"})
    assert "zanzibar" not in page(client, f"/changes/{made}/")
    assert "Hide what it said" not in page(moderator)


def test_what_cannot_be_said_is_not_lost(
    editor: Client, client: Client, signed_in: As, moderator: Client
) -> None:
    for browser, text, status in (
        (client, "Is it ready?", 403),
        (editor, "", 422),
        (editor, "x" * 5_001, 422),
        (editor, "Is it\u202e ready?", 422),
    ):
        answer = browser.post("/branches/spring/talk/", {"text": text})
        assert answer.status_code == status
        assert text in answer.content.decode()
    account = User.objects.get(username="one-of-editors")
    block(
        account, reason="Spam", ends_at=None, actor=User.objects.get(username="one-of-moderators")
    )
    answer = editor.post("/branches/spring/talk/", {"text": "Is it ready?"})
    assert answer.status_code == 403
    assert "Is it ready?" in answer.content.decode()
    assert not Comment.objects.exists()


def test_main_has_no_talk(editor: Client) -> None:
    assert editor.post("/branches/main/talk/", {"text": "Is it ready?"}).status_code == 409


def test_a_long_talk_is_read_in_pages(
    editor: Client, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comments, "MOST_COMMENTS", 2)
    for number in range(1, 6):
        say(editor, f"Comment {number}.")
    seen = [
        re.findall(r"Comment (\d)\.", page(client, address))
        for address in (
            "/branches/spring/",
            "/branches/spring/?before=4",
            "/branches/spring/?before=2",
        )
    ]
    assert seen == [["4", "5"], ["2", "3"], ["1"]]
    assert "?before=4#talk" in page(client)
    assert "The newest comments" not in page(client)
    assert "The newest comments" in page(client, "/branches/spring/?before=4")
    assert "Earlier comments" not in page(client, "/branches/spring/?before=2")


def test_accounts_say_so_much_in_a_while(editor: Client) -> None:
    for number in range(20):
        say(editor, f"Comment {number}.")
    answer = editor.post("/branches/spring/talk/", {"text": "One more."})
    assert answer.status_code == 429
    assert "One more." in answer.content.decode()
