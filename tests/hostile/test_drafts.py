"""Drafts of others, and of other pages."""

from functools import partial
from urllib.parse import quote

import pytest
from django.test import Client

from tests.hostile.driving import allowed
from tests.hostile.inputs import entry
from tests.wiki.drafts.test_views import EDIT, keep
from wiki.drafts.models import Draft
from wiki.models import Ride

pytestmark = pytest.mark.django_db


@entry(106)
def test_drafts_are_for_their_author_alone(
    editor: Client, moderator: Client, client: Client, kestrel: Ride
) -> None:
    Ride.objects.create(slug="eagle", name="Eagle")
    keep(editor, body="My words.")
    number = Draft.objects.get().pk
    for address in ("/account/drafts/{}/", EDIT + "?draft={}"):
        theirs, nobodys = address.format(number), address.format(number + 1)
        text = allowed(106, moderator.get(theirs))
        for each in (str, partial(quote, safe="")):  # the search box says where it stands
            text = text.replace(each(theirs), each(nobodys))
        assert text == moderator.get(nobodys).text
    allowed(106, moderator.post(f"/account/drafts/{number}/"))
    allowed(106, editor.get(f"/rides/eagle/edit/?draft={number}"))
    allowed(106, editor.get(f"/rides/new/?draft={number}"))
    assert client.get(f"/account/drafts/{number}/")["Location"].startswith("/account/login/")
    for page in (EDIT, "/account/", "/search/?q=words", "/changes/"):
        assert "My words." not in moderator.get(page).text
        assert f"draft={number}" not in moderator.get(page).text
    assert Draft.objects.count() == 1
