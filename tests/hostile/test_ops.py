"""Machines that fail, operators in a hurry, and what a stranger may learn of both."""

import io
import logging
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from eventstore import reading
from eventstore.models import Changeset
from projections.audit.auditing import audit
from projections.cache.store import store
from projections.following.followed import catch_up
from tests.config.test_served_wiki import ServedWiki
from tests.hostile.driving import allowed, nothing_stored, text_of
from tests.hostile.inputs import entries, entry
from tests.hostile.wire import exchange, statuses
from tests.projections.audit.test_auditing import as_a_superuser_would
from tests.projections.test_heads import cut_off_the_newest
from tests.wiki.accounts.test_adapter import PASSWORD
from tests.wiki.editing.test_views import open_form
from tests.wiki.moderation.test_desk import account, block, browser
from versioning import viewpoint
from versioning.branches.fork import fork
from wiki import health
from wiki.limits.windows import windows
from wiki.models import Article, Ride

pytestmark = pytest.mark.django_db

EDIT = "/rides/kestrel/edit/"


def run(statement: str, *values: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@entry(178)
@pytest.mark.django_db(transaction=True)
def test_a_database_that_only_reads_is_read(editor: Client, client: Client, kestrel: Ride) -> None:
    """Reading goes on, and what was typed comes back."""
    form = open_form(editor, EDIT) | {"body": "My words."}
    before = reading.last_position()
    editor.raise_request_exception = False
    run("SET default_transaction_read_only = on")
    try:
        allowed(178, client.get("/rides/kestrel/"))
        answer = editor.post(EDIT, form)
    finally:
        run("SET default_transaction_read_only = off")
    allowed(178, answer)
    assert answer.status_code == 503
    assert "My words." in answer.text
    assert int(answer["Retry-After"]) > 0
    assert reading.last_position() == before
    assert editor.post(EDIT, form).status_code == 302


@entry(178)
@pytest.mark.django_db
def test_a_disk_that_is_full_is_told(
    client: Client, kestrel: Ride, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can fill the disk of a test: it is asked for more than any has."""
    assert client.get("/health/ready").status_code == 200
    monkeypatch.setattr(health, "LEAST_FREE", 10**18)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.text.split(":")[0]) == (503, "the disk is full")
    assert client.get("/rides/kestrel/").status_code == 200


@pytest.fixture
def silent_server() -> Iterator[str]:
    """Takes connections, and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(50)
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


@entry(179)
@pytest.mark.parametrize("how", ["away", "silent"])
def test_without_redis_pages_come_and_edits_stay(
    editor: Client, kestrel: Ride, silent_server: str, how: str, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    url = silent_server if how == "silent" else "redis://127.0.0.1:1/0"
    monkeypatch.setattr(settings, "REDIS_URL", url)
    store.cache_clear()
    windows.cache_clear()
    try:
        begun = time.monotonic()
        for n in range(8):
            allowed(179, editor.get("/rides/kestrel/"))
            form = open_form(editor, EDIT) | {"body": f"It dives {n}."}
            allowed(179, editor.post(EDIT, form))
        assert time.monotonic() - begun < 20
        assert Ride.objects.get().body == "It dives 7."
        assert len(caplog.records) <= 16
    finally:
        store.cache_clear()
        windows.cache_clear()


TAMPERING: dict[str, tuple[str, str]] = {
    "a bit of the content": ("event", "state = set_byte(state, 5, get_byte(state, 5) # 1)"),
    "a bit of a hash": ("changeset", "hash = set_byte(hash, 0, get_byte(hash, 0) # 1)"),
    "a word of the message": ("changeset", "message = 'Another'"),
    "an actor": ("changeset", "actor_id = 7"),
}  # fmt: skip


@entry(181)
@pytest.mark.parametrize("what", TAMPERING)
def test_one_bit_is_found_and_the_wiki_reads_on(client: Client, kestrel: Ride, what: str) -> None:
    kestrel.body = "It dives."
    kestrel.save()
    changeset = Changeset.objects.latest("id")
    Article.objects.create(slug="later", name="Later")
    assert audit().findings == ()
    subject, change = TAMPERING[what]
    position = "notification_id" if subject == "event" else "last_position"
    with as_a_superuser_would():
        run(
            f"UPDATE eventstore_{subject} SET {change} WHERE {position} = %s",
            changeset.last_position,
        )
    found = audit().findings
    assert found
    assert found[0].subject.startswith(subject)
    named = {str(changeset.pk), str(changeset.last_position)}
    assert named & set(re.findall(r"\d+", f"{found[0].subject} {found[0].sentence}"))
    assert client.get("/rides/kestrel/").status_code == 200
    assert client.get("/audit/").status_code == 200


@pytest.fixture
def noted(kestrel: Ride, tmp_path: Path) -> Path:
    """Where an audit noted the end of the log, outside of the database."""
    for n in range(12):
        kestrel.name = f"Falcon {n}"
        kestrel.save()
    call_command("audit", note=tmp_path / "heads.txt", verbosity=0)
    return tmp_path / "heads.txt"


@entry(182)
def test_a_tail_that_is_cut_off_is_found_by_an_old_note(noted: Path) -> None:
    cut_off_the_newest(10)
    with pytest.raises(CommandError) as refused:
        call_command("audit", since=noted, verbosity=0)
    assert "changeset" in str(refused.value)


@entry(182, 184)
def test_another_history_that_grew_in_its_place_is_found(
    noted: Path, client: Client, kestrel: Ride
) -> None:
    """A backup that is restored gives positions again: the note of before tells that it did.

    There are no epochs of the log; what was published in between is told by `audit --since`,
    which the how-to about backups runs before anybody reads.
    """
    end = reading.last_position()
    cut_off_the_newest(10)
    run("SELECT setval('eventstore_position', %s)", reading.last_position())
    allowed(184, client.get(f"/@p{end}/rides/kestrel/"))
    assert client.get(f"/@p{end}/rides/kestrel/").status_code == 404
    for n in range(10):
        Article.objects.create(slug=f"a-{n}", name=f"A {n}")
    assert audit().findings == ()
    with pytest.raises(CommandError) as refused:
        call_command("audit", since=noted, verbosity=0)
    assert "changeset" in str(refused.value)


@entry(187)
@pytest.mark.parametrize("topic", ["nobody:Knows", "versioning.events:FieldsOfTomorrow"])
def test_an_event_that_nobody_can_read_stops_what_follows_and_no_page(
    client: Client, kestrel: Ride, topic: str
) -> None:
    catch_up()
    kestrel.name = "Falcon"
    kestrel.save()
    at = reading.last_position()
    with as_a_superuser_would():
        run("UPDATE eventstore_event SET topic = %s WHERE notification_id = %s", topic, at)
    Article.objects.create(slug="later", name="Later")
    with pytest.raises(Exception) as refused:  # noqa: PT011  # whichever: it does not go on
        catch_up()
    assert topic.partition(":")[0] in repr(refused.value) or str(at) in repr(refused.value)
    for address in ("/rides/kestrel/", "/articles/later/", "/audit/", "/changes/"):
        allowed(187, client.get(address))
    assert audit().findings


def fail(*_: object, **__: object) -> None:
    raise RuntimeError("secret words /etc/passwd SELECT password")


@entry(190)
@pytest.mark.parametrize(
    "where",
    ["wiki.home.views.render", "wiki.screens.page.render", "django.template.base.Template._render",
     "django.middleware.common.CommonMiddleware.process_request",
     "wiki.viewpoints.middleware.read_name"],
)  # fmt: skip
def test_a_failure_says_nothing_of_itself(
    kestrel: Ride, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    """Its page has no number: the log tells of the failure with its time and address."""
    client = Client(raise_request_exception=False)
    monkeypatch.setattr(where, fail)
    address = {"wiki.home.views.render": "/", "wiki.viewpoints.middleware.read_name": "/@p1/"}
    answer = client.get(address.get(where, "/rides/kestrel/"))
    text = allowed(190, answer)
    for word in ("secret words", "Traceback", "/etc/passwd", "SELECT", "RuntimeError", ".py"):
        assert word not in text
    assert "secret words" in caplog.text


def answers(client: Client, editor: Client) -> Iterator[tuple[int, Any]]:
    yield 200, client.get("/rides/kestrel/")
    yield 200, client.get("/changes/feed/")
    yield 200, client.get("/rides/?format=csv")
    yield 200, client.get("/api/v1/schema/")
    yield 200, client.get("/health/live")
    yield 200, client.get("/metrics")
    yield 200, client.get("/static/css/app.css")
    yield 200, client.get("/robots.txt")
    yield 301, client.get("/@2020-01-01/")
    yield 302, client.get("/account/")
    yield 400, client.get("/rides/?order=x")
    yield 403, editor.get("/moderation/")
    yield 403, Client(enforce_csrf_checks=True).post("/rides/kestrel/edit/")
    yield 404, client.get("/nothing/")
    yield 404, client.get("/~nosuch/")
    yield 404, client.get("/static/none.js")
    yield 405, client.post("/rides/kestrel/")
    Article.objects.create(slug="gone", name="Gone").delete()
    yield 410, client.get("/articles/gone/")
    yield 413, editor.post(EDIT, "&".join(f"f{n}=1" for n in range(1_001)),
                           content_type="application/x-www-form-urlencoded")  # fmt: skip
    for n in range(12):
        refused = client.post("/account/login/", {"login": "ann", "password": f"wrong {n}"},
                              headers={"X-Client-Address": "192.0.2.1"})  # fmt: skip
    yield 429, refused


@entry(191)
def test_every_answer_has_the_headers_that_guard_it(
    client: Client, editor: Client, kestrel: Ride, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = list(answers(client, editor))
    with monkeypatch.context() as failing:
        failing.setattr("wiki.home.views.render", fail)
        found.append((500, Client(raise_request_exception=False).get("/")))
    for status, answer in found:
        assert answer.status_code == status, answer
        policy = answer.headers.get("Content-Security-Policy", "")
        assert "default-src 'self'" in policy, (status, answer)
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"


@entry(193)
def test_machines_are_told_no_names(client: Client, kestrel: Ride) -> None:
    """The audit names nobody either; the schema says what kinds there are."""
    User.objects.create_user("ann-of-names", "ann@example.org", PASSWORD)
    fork("secret-of-ann")
    for address in ("/metrics", "/health/ready", "/health/live", "/audit/", "/api/v1/schema/",
                    "/health/processes"):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code in {200, 403, 404, 503}
        for name in ("secret-of-ann", "ann-of-names", "kestrel", "hill-park", "example.org"):
            assert name not in answer.text
    for line in client.get("/metrics").text.splitlines():
        assert line.startswith("#") or re.fullmatch(r"[a-z_]+ [0-9.]+", line)


FORGED = "x\n2026-11-23 INFO admin signed in\x1b[31m\r\x00\u2028y"


@entry(194)
def test_a_request_forges_no_line_of_the_log(
    client: Client, kestrel: Ride, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    logging.getLogger("django.request").setLevel(logging.WARNING)
    try:
        client.post("/account/login/", {"login": FORGED.replace("\0", ""), "password": "x"})
        client.post("/account/login/", {"login": "y" * 100_000, "password": "x"})
        monkeypatch.setattr("wiki.home.views.render", fail)
        failing = Client(raise_request_exception=False, headers={"User-Agent": FORGED})
        failing.get("/?" + FORGED)
        allowed(194, client.get("/nothing%0a2026 INFO/" + "z" * 2_000))
        allowed(194, client.get("/rides/kestrel/", headers={"User-Agent": "a" * 1_000_000}))
    finally:
        logging.getLogger("django.request").setLevel(logging.ERROR)
    assert caplog.records
    for record in caplog.records:
        line = record.getMessage()
        assert not re.search(r"[\x00-\x1f\x7f\u2028]", line), line[:200]
        assert len(line) < 3_000


SMUGGLED = {
    "both lengths": "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG / HTTP/1.1",
    "an unknown encoding": "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "two lengths": "Content-Length: 0\r\nContent-Length: 10\r\n\r\n",
    "a chunk of no size": "Transfer-Encoding: chunked\r\n\r\n0x-1\r\nabc\r\n0\r\n\r\n",
    "a negative length": "Content-Length: -1\r\n\r\n",
    "a folded header": "X-A: 1\r\n  Transfer-Encoding: chunked\r\n\r\n",
    "a blank before the colon": "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a name with NUL": "X-\0: 1\r\n\r\n",
}


@entry(196)
@pytest.mark.parametrize("name", SMUGGLED)
def test_what_two_servers_would_read_differently_is_refused(wiki: ServedWiki, name: str) -> None:
    """Refused, or read in the one way that the standard has, and nothing is left to read."""
    head = f"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1:{wiki.port}\r\n"
    behind = f"GET /changes/ HTTP/1.1\r\nHost: 127.0.0.1:{wiki.port}\r\nConnection: close\r\n\r\n"
    found = statuses(
        exchange(wiki.port, (head + SMUGGLED[name] + behind).encode("latin-1"), seconds=3)
    )
    assert set(found[:1]) <= {*entries()[196].expect.status, 403, 411}
    assert wiki.status("/health/live") == 200


@entry(197)
@pytest.mark.parametrize(
    "name", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X_Forwarded_For", "True-Client-IP"]
)
def test_a_header_of_a_proxy_escapes_no_limit(client: Client, kestrel: Ride, name: str) -> None:
    statuses_: list[int] = []
    for n in range(14):
        told = {"Forwarded": f"for=198.51.{n}.1"}.get(name, ", ".join([f"198.51.{n}.1"] * 50))
        headers = {name: told, "X-Client-Address": "192.0.2.1", "X-Forwarded-Proto": "https"}
        form = {"login": "ann", "password": f"wrong {n}"}
        answer = client.post("/account/login/", form, headers=headers)
        statuses_.append(answer.status_code)
    assert statuses_ == [200] * 10 + [429] * 4
    chosen = client.post("/units/", {"units": "metric"}, headers={"X-Forwarded-Proto": "https"})
    assert not chosen.cookies["units"]["secure"]
    allowed(197, client.get("/rides/kestrel/", headers={name: ", ".join(["127.0.0.1"] * 1_000)}))


@entry(197)
def test_the_front_believes_no_client(wiki: ServedWiki) -> None:
    raw = (
        f"GET /rides/ HTTP/1.1\r\nHost: 127.0.0.1:{wiki.port}\r\nX-Client-Address: 203.0.113.9\r\n"
        "X-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n"
    )
    assert statuses(exchange(wiki.port, raw.encode())) == [200]


QUOTES = ["a'b", "a\"b", "$$", "'; SET search_path TO public; --", "a\\b", "x" * 65, "pg_temp",
          "a;b", "a--b", "%s", "{0}", "a\nb", "../x"]  # fmt: skip


@entry(199)
@pytest.mark.parametrize("name", QUOTES)
def test_a_branch_s_name_is_never_sql(editor: Client, kestrel: Ride, name: str) -> None:
    fork("spring")
    with nothing_stored():
        assert editor.post("/branches/", {"name": name}).status_code == 422
    for address in (f"/~{name}/rides/", f"/compare/?from={name}&to=main", f"/branches/{name}/"):
        allowed(199, editor.get(address))
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        (path,) = cursor.fetchone()
    assert "past" not in path


@entry(199)
def test_what_stands_in_public_hides_nothing_of_the_past(client: Client, kestrel: Ride) -> None:
    """Main's head is looked for behind `public`, in which the database's owner alone creates."""
    at = reading.last_position()
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege('public', 'public', 'CREATE')")
        assert cursor.fetchone() == (False,)
    run("CREATE TABLE public.wiki_ride (id uuid, name text)")
    run("CREATE TABLE public.wiki_park (id uuid, name text)")
    for address in (f"/@p{at}/rides/kestrel/", f"/@p{at}/rides/"):
        assert "Kestrel" in allowed(199, client.get(address))
    with viewpoint("main", at=at):
        assert Ride.objects.get().name == "Kestrel"


@entry(190)
def test_a_block_s_reason_is_for_whom_it_concerns(kestrel: Ride) -> None:
    moderator = browser(account("mod", "moderators"), "198.51.100.1")
    spam = browser(account("spam"))
    assert block(moderator, reason="Sells pills.") == 302
    assert "Sells pills." in spam.get(EDIT).text
    # What its page tells of an account; that somebody was blocked is a change like any other.
    own, _, _ = Client().get("/accounts/spam/").text.partition("</main>")
    assert "spam" in own
    assert "Sells pills." not in own


ERASED = "zanzibar"
SHOWING = [
    "/rides/kestrel/", "/rides/kestrel/history/", "/rides/kestrel/history/2/",
    "/@p{}/rides/kestrel/",
    "/rides/kestrel/diff/?from=1&to=2", "/rides/kestrel/diff/?from=2&to=3", "/rides/kestrel/blame/",
    "/search/?q=zanzibar", "/@p{}/search/?q=zanzibar", "/changes/{}/", "/@p{}/rides/?format=csv",
    "/changes/feed/", "/rides/kestrel/history/feed/", "/~spring/rides/kestrel/",
    "/compare/?from=@p{}&to=main", "/@p{}/rides/", "/rides/kestrel/edit/",
]  # fmt: skip


@pytest.fixture
def told_too_much(kestrel: Ride) -> tuple[int, int]:
    """The position and the changeset at which Kestrel said what it should not."""
    kestrel.body = f"Its owner lives in {ERASED}."
    kestrel.save()
    found = Changeset.objects.latest("id")
    fork("spring")
    kestrel.body = "It is clean."
    kestrel.save()
    catch_up()
    return found.last_position, found.pk


def erase(**options: Any) -> None:
    call_command(
        "erase", "wiki.ride", "kestrel", "2", reason="By law", yes=True, stdout=io.StringIO(),
        **options,
    )  # fmt: skip


def shown(client: Client, at: tuple[int, int]) -> Iterator[str]:
    """What each page that could show it says; none of them fails."""
    for address in SHOWING:
        answer = client.get(address.format(at[1] if "/changes/{}" in address else at[0]))
        assert answer.status_code in {200, 404, 410}, address
        yield text_of(answer).replace(f"q={ERASED}", "").replace(f'value="{ERASED}"', "")


@entry(221)
def test_what_is_erased_is_on_no_page_and_every_proof_holds(
    editor: Client, told_too_much: tuple[int, int], settings: Any, tmp_path: Path
) -> None:
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    before = [text for text in shown(editor, told_too_much) if f"lives in {ERASED}" in text]
    assert len(before) > 5
    erase()
    for _ in range(2):
        for text in shown(editor, told_too_much):
            assert f"lives in {ERASED}" not in text
        catch_up()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM eventstore_event WHERE position(%s in state) > 0",
                       [ERASED.encode()])  # fmt: skip
        assert cursor.fetchone() == (0,)
    assert audit().findings == ()
    allowed(221, editor.get("/rides/kestrel/"))


@entry(185)
def test_what_was_erased_is_erased_again_after_a_restore(
    editor: Client, told_too_much: tuple[int, int], settings: Any, tmp_path: Path
) -> None:
    """The operator repeats the notes before anybody reads: then no page has it (200 without it)."""
    settings.ERASURES_FILE = tmp_path / "erasures.jsonl"
    with transaction.atomic():
        erase()
        noted = settings.ERASURES_FILE.read_text()
        transaction.set_rollback(True)  # the log as the dump had it
    assert any(f"lives in {ERASED}" in text for text in shown(editor, told_too_much))
    settings.ERASURES_FILE.write_text(noted)
    call_command("erase", again=settings.ERASURES_FILE, stdout=io.StringIO())
    catch_up()
    for text in shown(editor, told_too_much):
        assert f"lives in {ERASED}" not in text
    assert ERASED not in noted
    assert audit().findings == ()
