"""What programs send and ask for. There is no API that writes: an import takes records as JSON."""

import json
import time
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from eventstore import reading
from projections.audit.auditing import audit
from tests.hostile.driving import allowed, nothing_stored, text_of
from tests.hostile.inputs import entries, entry
from tests.wiki.editing.test_views import open_form
from tests.wiki.exchange.test_importing import Make, exported, refusal, sign
from versioning import branch_context
from versioning.branches.fork import fork
from wiki.models import Article, Park, Ride

__all__ = ["exported"]

pytestmark = pytest.mark.django_db

READ = ["/api/v1/schema/", "/api/v1/schema/rides.json", "/rides/?format=json", "/rides/?format=csv"]
"""What there is for programs to read."""

WRITTEN = ["/api/v1/rides/", "/api/v1/schema/", "/api/v1/schema/rides.json", "/api/v1/batch/"]


def with_name(exported: Make, literal: bytes) -> Path:
    """An export whose first ride has something else where its name stands."""
    folder = exported("jsonl")
    path = folder / "wiki.ride.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"name":"Kestrel"', literal, 1))
    assert literal in path.read_bytes()
    sign(folder)
    return folder


@entry(29)
def test_what_is_said_twice_is_refused(exported: Make) -> None:
    folder = with_name(exported, b'"name":"A","name":"B"')
    said = refusal(folder)
    assert "name" in said
    assert "twice" in said


NUMBERS = ["NaN", "Infinity", "-Infinity", "1e400", "123456789012345678901234567890", "9" * 5_000]


@entry(31)
@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("field", ["inversions", "height", "coordinates", "name"])
def test_numbers_that_json_does_not_have_are_refused(
    exported: Make, field: str, number: str
) -> None:
    folder = with_name(exported, b'"name":"@"')
    path = folder / "wiki.ride.jsonl"
    record, *others = path.read_text().splitlines()
    values = json.loads(record) | {"name": "Kestrel", field: "@"}
    line = json.dumps(values).replace('"@"', number)
    if field == "coordinates":
        line = line.replace(number, f'{{"latitude": {number}, "longitude": 1}}')
    path.write_text("\n".join([line, *others]) + "\n")
    sign(folder)
    said = refusal(folder)
    assert len(said) < 1_000
    assert not Ride.objects.exists()


@entry(32)
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/json", "application/csp-report"]
)
def test_json_from_elsewhere_writes_nothing(
    editor: Client, kestrel: Ride, content_type: str
) -> None:
    body = json.dumps(open_form(editor, "/rides/kestrel/edit/") | {"name": "Pills"})
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = editor.cookies
    origin = {"Origin": "https://example.org", "Referer": "https://example.org/"}
    with nothing_stored():
        for address in ("/rides/kestrel/edit/", "/rides/kestrel/delete/", "/branches/"):
            answer = strict.post(address, body, content_type=content_type, headers=origin)
            allowed(32, answer)
        for address in WRITTEN:
            for client in (editor, strict):
                answer = client.post(address, body, content_type=content_type, headers=origin)
                assert answer.status_code in {403, 404, 405}
        # With a token, the fields are what was sent as a form: there are none here.
        answer = editor.post("/rides/kestrel/edit/", body, content_type=content_type)
        assert answer.status_code in {409, 422}


@entry(34)
@pytest.mark.parametrize(
    "literal", [rb'"name":"a\u0000b"', rb'"name":"\ud800"', b'"name":"\xed\xa0\x80"']
)
def test_what_no_text_can_be_is_refused_with_its_field(exported: Make, literal: bytes) -> None:
    said = refusal(with_name(exported, literal))
    assert "wiki.ride.jsonl" in said


@entry(34)
def test_a_browser_s_json_is_never_read(editor: Client, kestrel: Ride) -> None:
    with nothing_stored():
        for raw in entries()[34].generated:
            for method in ("post", "patch", "put"):
                sent = getattr(editor, method)(
                    "/rides/kestrel/edit/", raw, content_type="application/json"
                )
                assert sent.status_code in {405, 409, 422}


@entry(35)
@pytest.mark.parametrize(
    ("encoding", "comes_in"),
    [("utf-8-sig", True), ("utf-16", False), ("utf-32", False), ("latin-1", False)],
)
def test_other_encodings_are_refused_and_a_byte_order_mark_is_not(
    exported: Make, encoding: str, comes_in: bool
) -> None:
    folder = with_name(exported, '"name":"Käfer"'.encode())
    path = folder / "wiki.ride.jsonl"
    path.write_bytes(path.read_text().encode(encoding))
    sign(folder)
    if comes_in:
        from tests.wiki.exchange.test_importing import command

        command(folder)
        assert Ride.objects.filter(name="Käfer").exists()
    else:
        assert "UTF-8" in refusal(folder) or encoding != "latin-1"


@entry(37)
@pytest.mark.parametrize("limit", ["0", "-1", "1000000000", "abc", "1e3", ""])
def test_nobody_chooses_how_long_a_page_is(client: Client, limit: str) -> None:
    """There is no such parameter: every list is a page long, every file is streamed whole."""
    Article.objects.bulk_create(Article(slug=f"a-{n}", name=f"A {n:02}") for n in range(60))
    for name in ("limit", "per_page", "page_size", "size"):
        page = allowed(37, client.get(f"/articles/?{name}={limit}", follow=True))
        assert page.count('href="/articles/a-') == 50
        assert allowed(37, client.get(f"/changes/?{name}={limit}")).count('class="when"') <= 50


@entry(38)
@pytest.mark.parametrize(
    "query",
    ["fields=*", "fields=owner.password,owner.email", "expand=owner.sessions", "include=drafts",
     "exclude=id", "depth=9"],
)  # fmt: skip
def test_no_parameter_chooses_fields(client: Client, kestrel: Ride, query: str) -> None:
    User.objects.create_user("ann", "ann@example.org", "correct horse")
    for address in (*READ, "/changes/", "/accounts/ann/", "/changes/feed/"):
        joined = f"{address}{'&' if '?' in address else '?'}{query}"
        plain = text_of(client.get(address))
        text = allowed(38, client.get(joined))
        for secret in ("ann@example.org", "md5$", "sessionid"):
            assert secret not in text
        assert len(text) - len(plain) < 400  # an address may stand in the page


@entry(40)
@pytest.mark.parametrize(
    "origin", ["null", "https://example.org", "https://testserver.example.org"]
)
def test_no_other_origin_reads(editor: Client, kestrel: Ride, origin: str) -> None:
    for address in (*READ, "/rides/kestrel/", "/account/"):
        for method in (editor.get, editor.options):
            answer = method(
                address,
                headers={"Origin": origin, "Access-Control-Request-Method": "POST"},
            )
            assert not [each for each in answer.headers if each.startswith("Access-Control")]
    allowed(40, editor.get("/rides/kestrel/", headers={"Origin": origin}))


@entry(41)
def test_costly_headers_cost_nothing(client: Client, kestrel: Ride) -> None:
    accept, language = entries()[41].generated
    client.get("/rides/kestrel/")
    begun = time.thread_time()
    for n in range(20):
        tags = ",".join(f"x{n}-{i:0480}" for i in range(16))
        for headers in (
            {"Accept": accept}, {"Accept-Language": language}, {"Accept-Language": tags},
            {"Accept-Encoding": accept}, {"Cookie": ";" * 5_000}, {"Cookie": "a=" + '"' * 5_000},
        ):  # fmt: skip
            allowed(41, client.get("/rides/kestrel/", headers=headers))
    assert time.thread_time() - begun < 20


@entry(43)
def test_a_form_of_a_new_page_makes_one_whoever_sends_it_again(
    editor: Client, moderator: Client
) -> None:
    """The identity that a form brings along is its key: signed, and good for one page.

    Another body with the same key is answered with the page that it made (302).
    """
    form = open_form(editor, "/articles/new/") | {"name": "Lifts", "body": "Chains."}
    first = editor.post("/articles/new/", form)
    with nothing_stored():
        for client, sent in (
            (editor, form), (editor, form | {"name": "Other"}), (moderator, form),
        ):  # fmt: skip
            assert client.post("/articles/new/", sent)["Location"] == first["Location"]
    for key in ("x" * 10_000, "\0", "a:b", form["identity"] + "x", form["identity"][::-1]):
        answer = editor.post("/articles/new/", form | {"identity": key})
        allowed(43, answer) if answer.status_code != 422 else None
        assert Article.objects.count() == 1  # its address is taken


@entry(46)
@pytest.mark.parametrize(
    "query", ["branch=spring&at=p5", "branch=spring", "at=p1", "viewpoint=spring", "prefix=~spring"]
)
def test_a_viewpoint_is_named_in_one_way(client: Client, kestrel: Ride, query: str) -> None:
    fork("spring")
    with branch_context("spring"):
        Park.objects.create(slug="dale", name="Only on spring")
    headers = {"X-Branch": "spring", "X-Viewpoint": "spring", "X-Original-URL": "/~spring/parks/",
               "X-Rewrite-URL": "/~spring/parks/"}  # fmt: skip
    for address in ("/parks/?format=json", "/parks/", "/search/?q=dale", "/sitemap-parks.xml"):
        joined = f"{address}{'&' if '?' in address else '?'}{query}"
        assert "Only on spring" not in text_of(client.get(joined, headers=headers))
    for address in (
        "/~nosuch/api/v1/schema/",
        "/~nosuch/parks/?format=json",
        "/@x/parks/?format=csv",
    ):
        allowed(46, client.get(address))


@entry(47)
@pytest.mark.parametrize(
    "accept", ["application/json", "application/atom+xml", "text/csv", "application/ld+json", "*/*"]
)
def test_no_representation_is_a_side_door(client: Client, kestrel: Ride, accept: str) -> None:
    kestrel.delete()
    for address, status in (
        ("/rides/kestrel/", 410), ("/~nosuch/rides/kestrel/", 404), ("/rides/none/", 404),
        ("/moderation/", 302), ("/admin/", 302), ("/account/", 302),
    ):  # fmt: skip
        for variant in (address, f"{address}?format=csv", f"{address}?format=json&part=results"):
            answer = client.get(variant, headers={"Accept": accept})
            assert answer.status_code == status, variant
            assert answer["Content-Type"].startswith("text/html")
        for tail in (".json", ".csv", ".atom", ".xml"):
            answer = client.get(address.rstrip("/") + tail)
            assert answer.status_code == 404, tail
    assert allowed(47, client.get("/rides/?format=json", headers={"Accept": accept}))


@entry(47)
def test_what_an_import_refused_left_the_log_sound(exported: Make) -> None:
    before = reading.last_position()
    refusal(with_name(exported, rb'"name":"\ud800"'))
    assert reading.last_position() == before
    assert audit().findings == ()
