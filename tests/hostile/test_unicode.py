"""Letters that deceive, vanish, grow or sort otherwise than they look."""

import json
import re
import time
import unicodedata
import xml.etree.ElementTree as ET
from email.message import Message
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client

from eventstore.models import Changeset
from projections.following.followed import catch_up
from tests.hostile.driving import allowed, nothing_stored, text_of
from tests.hostile.inputs import entries, entry
from tests.wiki.accounts.test_adapter import PASSWORD
from tests.wiki.editing.test_views import open_form
from versioning import viewpoint
from versioning.branches.fork import fork
from versioning.models import Branch
from wiki.fields.web_addresses import read_as
from wiki.models import Article, Park, Ride, Source

pytestmark = pytest.mark.django_db

EDIT = "/rides/kestrel/edit/"


def edit(client: Client, **values: str) -> int:
    return client.post(EDIT, open_form(client, EDIT) | values).status_code


BACKWARDS = entries()[283].generated


@entry(283)
@pytest.mark.parametrize("text", BACKWARDS)
def test_no_name_reads_backwards(editor: Client, kestrel: Ride, text: str) -> None:
    with nothing_stored():
        for sent in (
            editor.post(EDIT, open_form(editor, EDIT) | {"name": text}),
            editor.post(EDIT, open_form(editor, EDIT) | {"summary": text, "body": "x"}),
            editor.post("/rides/kestrel/rename/", {"name": text, "slug": "x"}),
            editor.post("/articles/new/", {"name": text}),
            editor.post("/branches/", {"name": text}),
        ):
            allowed(283, sent)
            assert sent.status_code == 422
    # A deed's summary, which nobody is asked about twice, is shown for what it is.
    assert editor.post("/rides/kestrel/delete/", {"summary": text}).status_code == 302
    assert not set(Changeset.objects.latest("id").message) & set("\u202e\u2066")


@entry(283)
def test_what_stands_in_a_text_already_turns_nothing_around(client: Client, kestrel: Ride) -> None:
    kestrel.body = "Iron\u202eTEMOC and more."
    kestrel.save()
    page = client.get("/rides/kestrel/diff/?from=1&to=2").text
    for cell in re.findall("<(?:ins|del|td|span)[^>]*>([^<]*\u202e[^<]*)<", page):
        assert cell
    assert client.get("/rides/kestrel/").status_code == 200


INVISIBLE = entries()[284].generated


@entry(284)
@pytest.mark.parametrize("index", range(len(INVISIBLE)))
def test_names_that_look_alike_have_one_address(editor: Client, client: Client, index: int) -> None:
    """What nobody sees is refused in a name; what may stand there leads to the same address."""
    name = INVISIBLE[index]
    Article.objects.create(slug="iron-comet", name="IronComet")
    answer = editor.post("/articles/new/", {"name": name})
    assert answer.status_code in {302, 422}
    allowed(284, answer)
    if answer.status_code == 302:
        made = Article.objects.exclude(slug="iron-comet").get()
        assert re.fullmatch(r"[a-z0-9-]+", made.slug)
        assert made.name == name


CASES = ["İstanbul", "ISTANBUL", "ıstanbul", "Straße", "STRASSE", "ΣΊΣΥΦΟΣ", "ﬁ", "K"]


@entry(286)
@pytest.mark.parametrize("name", CASES)
def test_one_folding_holds_everywhere(editor: Client, client: Client, name: str) -> None:
    for each in (name, name.swapcase()):
        answer = editor.post("/articles/new/", {"name": each})
        assert answer.status_code in {302, 422}
        allowed(286, answer) if answer.status_code == 302 else None
    catch_up()
    slugs = list(Article.objects.values_list("slug", flat=True))
    assert len(slugs) == len(set(slugs))
    assert all(re.fullmatch(r"[a-z0-9-]+", slug) for slug in slugs)
    for each in (name, name.lower(), name.upper()):
        allowed(286, client.get("/search/", {"q": each}))
        named = client.get("/names/" + quote(each) + "/", follow=True)
        assert named.status_code in {200, 404}  # a name that nothing has is no page


@entry(286)
@pytest.mark.usefixtures("nothing_counted")
@pytest.mark.parametrize(
    ("taken", "other"),
    [("Kim", "\u212aim"), ("mike", "mıke"), ("strasse", "straße"), ("istanbul", "İstanbul"),
     ("ﬁnn", "finn"), ("finn", "FINN")],
)  # fmt: skip
def test_no_account_is_reached_by_anothers_name(client: Client, taken: str, other: str) -> None:
    form = {"username": taken, "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/account/signup/", form).status_code == 302
    client.post("/account/logout/")
    stranger = Client()
    signed_in = stranger.post("/account/login/", {"login": other, "password": "wrong one"})
    assert signed_in.status_code == 200
    stranger.post("/account/signup/", form | {"username": other})
    names = [unicodedata.normalize("NFKC", each.username) for each in User.objects.all()]
    assert len({name.casefold() for name in names}) == len(names)


@entry(287)
@pytest.mark.parametrize("text", [entries()[287].generated, "\U0001d160" * 2_000, "ﷺ" * 100, "ﷺ"])
def test_what_grows_is_bounded(editor: Client, kestrel: Ride, text: str) -> None:
    begun = time.thread_time()
    for address, sent in (
        (EDIT, open_form(editor, EDIT) | {"name": text}),
        ("/articles/new/", {"name": text}), ("/articles/new/", {"name": "x", "slug": text}),
        ("/account/signup/", {"username": text, "password1": PASSWORD, "password2": PASSWORD}),
    ):  # fmt: skip
        allowed(287, editor.post(address, sent))
    for address in ("/search/", "/names/" + quote(text) + "/", "/rides/", "/moderation/"):
        assert editor.get(address, {"q": text, "park": text}, follow=True).status_code < 500
    assert time.thread_time() - begun < 12
    assert all(len(slug) <= 120 for slug in Article.objects.values_list("slug", flat=True))
    assert all(len(ride.name) <= 200 for ride in Ride.objects.all())


MARKS = [
    "Z" + "\u0301" * 10_000, "Z" + "\u0301" * 150,
    " ".join("a" + "\u0489" * 500 for _ in range(20)), "\u0f68\u0f7c\u0f7e" * 60,
]  # fmt: skip


@entry(289)
@pytest.mark.parametrize("text", MARKS)
def test_marks_without_end_end(editor: Client, kestrel: Ride, text: str) -> None:
    allowed(289, editor.post(EDIT, open_form(editor, EDIT) | {"name": text}))
    assert len(Ride.objects.get().name) <= 200
    begun = time.thread_time()
    assert edit(editor, body=text * 3) == 302
    for address in (
        "/rides/kestrel/",
        "/rides/kestrel/diff/?from=1&to=main",
        "/rides/kestrel/blame/",
    ):
        assert editor.get(address).status_code == 200
    assert time.thread_time() - begun < 12


@entry(290)
@pytest.mark.parametrize("raw", ["%ED%A0%80", "a%ED%BF%BFb", "%F4%90%80%80"])
def test_what_is_no_letter_is_none(editor: Client, kestrel: Ride, raw: str) -> None:
    """Bytes that are no UTF-8 are read as the sign for that, in forms and in addresses."""
    form = open_form(editor, EDIT)
    body = "&".join(f"{quote(name)}={quote(str(value))}" for name, value in form.items())
    body = re.sub("(^|&)body=[^&]*", rf"\1body={raw}", body)
    answer = editor.post(EDIT, body, content_type="application/x-www-form-urlencoded")
    allowed(290, answer)
    kept = Ride.objects.get().body
    assert kept.encode()  # every text that is kept can be written
    assert editor.get(f"/search/?q={raw}").status_code == 200
    assert editor.get(f"/rides/{raw}/").status_code == 404


@entry(290, 292)
@pytest.mark.parametrize(
    "text",
    [entries()[290].generated[1], "\ufffe", "\uffff", "\U0001fffe", entries()[292].generated],
)
def test_machine_formats_are_read_whatever_stands_in_a_name(
    client: Client, kestrel: Ride, text: str
) -> None:
    """The ORM keeps what forms refuse: feeds, sitemaps, records and data stay well formed."""
    kestrel.name = f"Kestrel {text}"
    kestrel.body = text
    kestrel.save()
    with_message = Changeset.objects.latest("id")
    catch_up()
    for address in (
        "/changes/feed/",
        "/rides/kestrel/history/feed/",
        "/sitemap.xml",
        "/sitemap-rides.xml",
    ):
        ET.fromstring(client.get(address).content)  # noqa: S314  # our own
    page = client.get("/rides/kestrel/").text
    for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL):
        json.loads(block)
    json.loads(text_of(client.get("/rides/?format=json")))
    answer = client.get("/rides/?format=csv")
    disposition = Message()
    disposition["Content-Disposition"] = answer["Content-Disposition"]
    assert disposition.get_filename() == "rides.csv"
    assert with_message.pk
    assert allowed(292, client.get("/changes/"))


@entry(292)
@pytest.mark.parametrize("field", ["name", "summary"])
def test_controls_are_refused_where_they_are_typed(
    editor: Client, kestrel: Ride, field: str
) -> None:
    with nothing_stored():
        answer = editor.post(EDIT, open_form(editor, EDIT) | {field: entries()[292].generated})
    allowed(292, answer)
    assert answer.status_code == 422


ORDERED = ["Ångström", "angstrom", "Ängelholm", "Zebra", "ＺＥＢＲＡ", "2nd", "10th", "ZEBRA",
           "zebra", "Straße", "strasse", "ﬁn", "fin"]  # fmt: skip


@entry(293)
@pytest.mark.parametrize("prefix", ["/", "/~spring/", "/@p{}/"])
def test_every_page_of_a_list_comes_once(client: Client, prefix: str) -> None:
    for n in range(5):
        for number, name in enumerate(ORDERED):
            Park.objects.create(slug=f"p-{n}-{number}", name=name)
    fork("spring")
    from eventstore import reading

    at = prefix.format(reading.last_position())
    seen: list[str] = []
    address = f"{at}parks/"
    for _ in range(5):
        page = allowed(293, client.get(address))
        seen += re.findall(rf'<a href="{re.escape(at)}parks/(p-[0-9-]+)/"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            break
        address = (
            f"{at}parks/{following[1].replace('&amp;', '&')}"
            if following[1].startswith("?")
            else following[1]
        )
    assert len(seen) == len(set(seen)) == 5 * len(ORDERED)
    with viewpoint("main"):
        assert [park.slug for park in Park.objects.order_by("name", "id")] == seen


@entry(295)
@pytest.mark.parametrize(
    "link",
    ["https://wíkipedia.org/", "https://аpple.com/", "https://example.org\u2044x/",
     "https://ex\u00adample.org/", "https://\u2100.org/", "https://exam\uff0fple.org/",
     "https://example\u3002org@evil.org/", "https://exa\uff20mple.org/"],
)  # fmt: skip
def test_a_host_is_the_one_that_is_read(editor: Client, link: str) -> None:
    Source.objects.create(slug="report", name="Report")
    form = open_form(editor, "/sources/report/edit/") | {"address": link}
    answer = editor.post("/sources/report/edit/", form)
    allowed(295, answer)
    kept = Source.objects.get().address
    for letter in "\u2044\u00ad\u2100\uff0f\uff20@":
        assert letter not in kept
    if kept:
        page = editor.get("/sources/report/").text
        assert f">{read_as(kept)}</a>" in page
    assert read_as("https://аpple.com/") == "xn--pple-43d.com"
    assert read_as("https://münchen.de/x") == "münchen.de/x"


@entry(296)
@pytest.mark.parametrize(
    "name",
    [
        "Spring",
        "sprıng",
        "spring\u200b",
        "été",
        "e\u0301te\u0301",
        "ｓpring",
        "spr\u00adng",
        "sрring",
    ],
)
def test_branches_that_look_alike_are_none(editor: Client, name: str) -> None:
    fork("spring")
    with nothing_stored():
        answer = editor.post("/branches/", {"name": name})
        again = editor.post("/branches/", {"name": "spring"})
    assert answer.status_code == again.status_code == 422
    assert Branch.objects.count() == 2


@entry(296)
def test_names_of_branches_are_plain_letters_alone(editor: Client) -> None:
    """Refused with a sentence by the field (422): only plain small letters make a name."""
    assert editor.post("/branches/", {"name": "spring"}).status_code == 302
    allowed(296, editor.post("/branches/", {"name": "autumn"}))
