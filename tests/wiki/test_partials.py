"""A part of a page is a part, whatever becomes of the request; no whole page is put into one."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted", "dispute")]

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}

ASKED = {
    '{% here "/search/suggest/" %}?path={{ path_here|urlencode:"" }}': "search/suggest/?q=kes",
    "{{ field.field.check.address }}": "facts/rides/park/?park=hill-park&area=",
    "{{ options_address }}": "parks/options/?of=park&park=hill",
    '{% url "edit_fact" page.plural page.slug fact.name %}?part=form':
        "rides/kestrel/edit/status/?part=form",
    '/travel/branches/?part=choices&amp;path={{ path_here|urlencode:"" }}':
        "travel/branches/?part=choices&path=/rides/",
    '{% url "changes" %}{{ next }}&amp;part=changes': "changes/?before=2&part=changes",
    "{{ step.href }}&amp;part=map": "map/?part=map",
    "{{ mark.href }}&amp;part=map": "map/?part=map",
    '{% url "map" %}?part=map': "map/?part=map",
    '{% url "list" plural %}?part=results': "rides/?part=results",
    '{% url "list" plural %}{{ listing.next }}&amp;part=results': "rides/?part=results",
    "{{ value.href }}&amp;part=results": "search/?q=kestrel&part=results",
    '{% url "history" plural traced.slug %}{{ next }}&amp;part=versions':
        "rides/kestrel/history/?part=versions",
}  # fmt: skip
"""What templates ask for by htmx, as it is written there, with an address of each."""

SELECTED = {"{{ head.href }}": ("parks/hill-park/?order=tallest", 'id="rides"')}
"""What is asked for as a whole page, and which part of it is taken."""

SENT = {
    "?part=preview": "rides/kestrel/edit/?part=preview",
    "{{ subject.address_to_keep }}?part=kept": "rides/kestrel/draft/?part=kept",
    '{% url "conflicts" proposal.number %}?part=questions': "proposals/1/conflicts/?part=questions",
}
"""The same of what they send."""

WRITTEN = re.compile(r'hx-(get|post)="((?:\{[{%].*?[%}]\}|[^"{])*)"')

WHOLE = re.compile("<!doctype|<html|<body|<main|site-header", re.IGNORECASE)


def test_every_request_of_a_template_is_looked_at() -> None:
    files = Path(settings.BASE_DIR, "templates").rglob("*.html")
    found = [each for file in files for each in WRITTEN.findall(file.read_text())]
    asked = {address for method, address in found if method == "get"}
    assert asked == ASKED.keys() | SELECTED.keys()
    assert {address for method, address in found if method == "post"} == SENT.keys()


def is_a_part(answer: object) -> bool:
    """A part, or the way to a page for the whole of the browser."""
    text, headers = answer.text, answer.headers  # type: ignore[attr-defined]
    is_error = answer.status_code >= 400  # type: ignore[attr-defined]
    has_form = 'class="form' in text or "data-question" in text
    return not WHOLE.search(text) and (
        not is_error or has_form or headers.get("HX-Retarget") == "#refused"
    )


@pytest.mark.parametrize(("address", "part"), SELECTED.values())
def test_a_page_has_the_part_that_is_taken(client: Client, address: str, part: str) -> None:
    assert client.get(f"/{address}").text.count(part) == 1


@pytest.mark.parametrize("address", sorted({*ASKED.values(), *SENT.values()}))
@pytest.mark.parametrize("who", ["moderators", "nobody"])
def test_what_is_asked_for_as_a_part_is_one(
    request: pytest.FixtureRequest, address: str, who: str
) -> None:
    client = request.getfixturevalue("moderator") if who == "moderators" else Client()
    send = client.post if address in SENT.values() else client.get
    for asked in (
        f"/{address}",
        f"/~spring/{address}",
        f"/@p1/{address}",
        "/" + address.replace("kestrel", "nobody").replace("proposals/1", "proposals/99"),
        f"/{address}&before=x&from=x&map=x&field=x&sort=x",
        f"/~nowhere/{address}",
    ):
        answer = send(asked, headers=HTMX)
        while answer.status_code in (301, 302, 308):  # as the browser does, which tells nobody
            answer = client.get(answer["Location"], headers=HTMX)
        assert is_a_part(answer), (asked, answer.status_code, answer.text[:500])
    wrong = client.put(f"/{address}", headers=HTMX)
    assert wrong.status_code == 405
    assert is_a_part(wrong)


def test_an_error_stands_at_the_top_of_the_page_that_asked(client: Client) -> None:
    """What it would have replaced, with all that was typed there, stays."""
    answer = client.post("/proposals/1/conflicts/?part=questions", headers=HTMX)
    assert answer.status_code == 403
    assert answer.headers["HX-Retarget"] == "#refused"
    assert answer.headers["HX-Reswap"].startswith("innerHTML")
    assert 'href="/account/login/?next=' in answer.text
    assert resolve("/proposals/1/conflicts/").url_name == "conflicts"
    for address in ("/", "/rides/kestrel/", "/proposals/1/conflicts/", "/no-such-page/"):
        assert client.get(address).text.count('id="refused"') == 1


def test_an_answer_in_own_words_is_shown_to_who_is_signed_out(client: Client) -> None:
    form = {"answer-1": "own", "answer-1-own": "Osprey", "answer-1-signature": "x"}
    answer = client.post("/proposals/1/conflicts/", form)
    assert answer.status_code == 403
    assert re.findall(r'<input id="typed-\d" value="([^"]*)"', answer.text) == ["Osprey"]
