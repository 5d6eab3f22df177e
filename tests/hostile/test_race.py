"""Many at once, and some that die: nothing is lost, doubled, or written where it should not be."""

import asyncio
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from config.embedded.processes import wait_until
from config.environment import CHECKOUT
from eventstore import log, reading
from eventstore.models import Changeset, Event
from projections.audit.auditing import audit
from tests.hostile.driving import allowed, nothing_stored
from tests.hostile.inputs import entries, entry
from tests.served import environment
from tests.threads import at_once, without_a_loop
from tests.wiki.editing.test_views import open_form
from tests.wiki.limits.test_spending import PASSWORD, attempt, known
from tests.wiki.limits.test_spending import browser as from_network
from tests.wiki.moderation.test_desk import account, browser, plan_token, protect
from versioning import AnotherThread, LeftViewpoint, branch_context, viewpoint
from versioning.branches.changes import archive
from versioning.branches.fork import fork
from versioning.branches.sync import NothingToSync
from versioning.models import Branch
from wiki.models import Article, Park, Ride, Source

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WRITERS = 8


def clients(of: Client, number: int = WRITERS) -> list[Client]:
    """So many browsers of one account."""
    made = [Client() for _ in range(number)]
    for each in made:
        each.cookies = of.cookies
    return made


FIELDS = {
    "name": "Falcon", "body": "It dives.", "status": "closed", "opened": "1984", "height": "50 m",
    "theme": "Birds", "inversions": "3", "queue_pass": "Express",
}  # fmt: skip


@entry(235)
def test_every_editor_s_field_is_there(editor: Client, kestrel: Ride) -> None:
    """Eight editors, eight fields of one ride: as many as there are threads for a lane."""
    forms = [open_form(editor, "/rides/kestrel/edit/") | {n: v} for n, v in FIELDS.items()]
    browsers = clients(editor)
    answers: list[Any] = []
    at_once(
        len(forms), lambda n: answers.append(browsers[n].post("/rides/kestrel/edit/", forms[n]))
    )
    for answer in answers:
        allowed(235, answer)
    saved = Ride.objects.get()
    assert saved.version == 1 + len(forms)
    assert (saved.name, saved.body, saved.status, saved.theme) == (
        "Falcon", "It dives.", "closed", "Birds",
    )  # fmt: skip
    assert (str(saved.opened), saved.inversions, saved.queue_pass) == ("1984", 3, "Express")
    assert audit().findings == ()


def test_one_address_is_one_source_whoever_cites_it_first(editor: Client, kestrel: Ride) -> None:
    cited = {"source_address": "https://example.org/kestrel", "source_title": "Kestrel, a ride"}
    addresses = [f"/rides/kestrel/edit/{fact}/" for fact in ("height", "length", "speed")]
    forms = [
        open_form(editor, address) | {fact: value} | cited
        for address, (fact, value) in zip(
            addresses,
            {"height": "50 m", "length": "900 m", "speed": "90 km/h"}.items(),
            strict=True,
        )
    ]
    browsers, answers = clients(editor, len(forms)), list[Any]()
    at_once(len(forms), lambda n: answers.append(browsers[n].post(addresses[n], forms[n])))
    assert {answer.status_code for answer in answers} == {302}
    assert Source.objects.get().name == "Kestrel, a ride"
    assert {each.field for each in Ride.objects.get().citations} == {"height", "length", "speed"}


type Sent = tuple[str, dict[str, Any]]

FORMS: dict[str, Callable[[Client], Sent]] = {
    "edit": lambda of: ("/rides/kestrel/edit/",
                        open_form(of, "/rides/kestrel/edit/") | {"body": "It dives."}),
    "new": lambda of: ("/articles/new/", open_form(of, "/articles/new/") | {"name": "Lifts"}),
    "branch": lambda of: ("/branches/", {"name": "autumn"}),
    "merge": lambda of: ("/branches/spring/merge/",
                         {"plan_token": plan_token(of.get("/branches/spring/merge/").text)}),
}  # fmt: skip


@entry(236)
@pytest.mark.parametrize("form_of", FORMS)
def test_what_is_sent_twice_is_done_once(moderator: Client, kestrel: Ride, form_of: str) -> None:
    fork("spring")
    with branch_context("spring"):
        Ride.objects.update(theme="Birds")
    address, sent = FORMS[form_of](moderator)
    before = Changeset.objects.count()
    answers: list[Any] = []
    browsers = clients(moderator, 2)
    at_once(2, lambda n: answers.append(browsers[n].post(address, sent)))
    answers.append(moderator.post(address, sent))
    assert Changeset.objects.count() == before + 1
    for answer in answers:
        assert answer.status_code in {*entries()[236].expect.status, 422}
    assert 302 in {answer.status_code for answer in answers}


@entry(238)
def test_one_address_has_one_page(editor: Client) -> None:
    """Each form has its own identity: one page stands there, the others are asked for another."""
    forms = [open_form(editor, "/articles/new/") | {"name": "Lifts"} for _ in range(5)]
    browsers = clients(editor, 5)
    answers: list[int] = []
    at_once(5, lambda n: answers.append(browsers[n].post("/articles/new/", forms[n]).status_code))
    assert sorted(answers) == [302, 422, 422, 422, 422]
    assert Article.objects.count() == 1
    # On branches that are merged one after the other, the later one is asked.
    for name in ("one", "two"):
        fork(name)
        with branch_context(name):
            Article.objects.create(slug="drops", name=f"Drops of {name}")
    moderator = browser(account("mod", "moderators"))
    assert moderator.post("/branches/one/merge/")["Location"] == "/branches/one/"
    asked = moderator.post("/branches/two/merge/")
    allowed(238, asked)
    assert "/conflicts/" in asked["Location"]
    assert Article.objects.filter(slug="drops").count() == 1


@entry(239)
def test_a_merge_is_of_what_was_looked_at(moderator: Client, kestrel: Ride) -> None:
    fork("spring")
    with branch_context("spring"):
        Ride.objects.update(theme="Birds")
    token = plan_token(moderator.get("/branches/spring/merge/").text)
    form = open_form(moderator, "/rides/kestrel/edit/")
    of_spring = open_form(moderator, "/~spring/rides/kestrel/edit/")
    browsers = clients(moderator, 4)
    work: list[Callable[[], Any]] = [
        lambda: browsers[0].post("/branches/spring/merge/", {"plan_token": token}),
        lambda: browsers[1].post("/rides/kestrel/edit/", form | {"body": "On main."}),
        lambda: browsers[2].post(
            "/~spring/rides/kestrel/edit/", of_spring | {"body": "On spring."}
        ),
        lambda: browsers[3].post("/branches/spring/sync/"),
    ]
    answers: list[Any] = []
    at_once(4, lambda n: answers.append((n, work[n]())))
    done = {n: answer.status_code for n, answer in answers}
    assert done[0] in {302, 409}
    assert done[1] == 302
    assert (Ride.objects.get().theme == "Birds") == (done[0] == 302)
    assert Ride.objects.get().body in {"On main.", "On spring."}
    assert audit(merges=True).faults == 0


@entry(241)
def test_sync_and_merge_do_not_lock_each_other_out(moderator: Client, kestrel: Ride) -> None:
    names = ["a", "b", "d", "e"]
    for name in names:
        fork(name)
        with branch_context(name):
            Article.objects.create(slug=f"of-{name}", name=name)
    Park.objects.create(slug="dale", name="Dale")
    browsers = clients(moderator, 8)
    answers: list[int] = []

    def act(n: int) -> None:
        verb = ("merge", "sync")[n % 2]
        answers.append(browsers[n].post(f"/branches/{names[n // 2]}/{verb}/").status_code)

    at_once(8, act)
    assert set(answers) <= set(entries()[241].expect.status)
    assert {article.slug for article in Article.objects.all()} <= {f"of-{name}" for name in names}
    assert audit(merges=True).faults == 0


def during(held: Callable[[], object], act: Callable[[], Any]) -> Any:
    """The answer to what waits for the log, while `held` happens and is committed."""
    answers: list[Any] = []

    def run() -> None:
        answers.append(act())
        connection.close()

    writer = threading.Thread(target=run)
    with transaction.atomic():
        log.lock()
        writer.start()
        assert wait_until(_somebody_waits, 10)
        held()
    writer.join(20)
    return answers[0]


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        (waiting,) = cursor.fetchone()
    return bool(waiting)


@entry(242)
@pytest.mark.parametrize("taken", ["role", "account", "branch"])
def test_a_right_that_goes_while_one_waits_is_gone(kestrel: Ride, taken: str) -> None:
    bob = account("bob")
    client = browser(bob)
    fork("spring")
    form = open_form(client, "/~spring/rides/kestrel/edit/") | {"body": "My words."}

    def take() -> None:
        if taken == "role":
            bob.groups.clear()
        elif taken == "account":
            User.objects.filter(pk=bob.pk).update(is_active=False)
        else:
            archive(Branch.objects.get(name="spring"))

    answer = during(take, lambda: client.post("/~spring/rides/kestrel/edit/", form))
    allowed(242, answer)
    assert answer.status_code in {403, 409}
    assert "My words." in answer.text
    with viewpoint("spring"):
        assert Ride.objects.get().body == "It **flies**."


@entry(242)
def test_a_protection_that_comes_while_one_waits_holds(kestrel: Ride) -> None:
    moderator = browser(account("mod", "moderators"))
    client = browser(account("bob"))
    form = open_form(client, "/rides/kestrel/edit/") | {"body": "My words."}
    answer = during(
        lambda: protect(moderator, "/rides/kestrel/", editing="moderators"),
        lambda: client.post("/rides/kestrel/edit/", form),
    )
    assert answer.status_code == 403
    assert Ride.objects.get().body == "It **flies**."


@entry(244)
def test_what_was_made_at_a_viewpoint_is_read_at_it_or_not_at_all(kestrel: Ride) -> None:
    at = reading.last_position()
    kestrel.name = "Falcon"
    kestrel.save()
    with viewpoint("main", at=at):
        rows = Ride.objects.all()
        lazy = (ride.name for ride in Ride.objects.all())
        seen = Ride.objects.get()
    for read in (
        lambda: list(rows),
        lambda: rows.count(),
        lambda: seen.park.name if seen.park else "",
    ):
        with pytest.raises(LeftViewpoint):
            read()
    assert list(lazy) == ["Kestrel"]  # a generator asks when it is made, and that was there
    answers: list[object] = []

    def elsewhere() -> None:
        try:
            answers.append(list(rows))
        except LeftViewpoint as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert isinstance(answers[0], LeftViewpoint)


@entry(245)
def test_each_thread_writes_to_its_own_branch(kestrel: Ride) -> None:
    names = ["one", "two", "three", "four"]
    for name in names:
        fork(name)

    def write(n: int) -> None:
        with branch_context(names[n]):
            for turn in range(3):
                Article.objects.create(slug=f"{names[n]}-{turn}", name=names[n])
                time.sleep(0.01)

    at_once(4, write)
    for name in names:
        with viewpoint(name):
            assert {article.name for article in Article.objects.all()} == {name}
    assert not Article.objects.exists()
    refused: list[BaseException] = []

    def begun_inside() -> None:
        try:
            Article.objects.create(slug="x", name="X")
        except AnotherThread as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    with branch_context("one"):
        thread = threading.Thread(target=begun_inside)
        thread.start()
        thread.join()
    assert len(refused) == 1
    with pytest.raises(ZeroDivisionError):
        _begin_and_fail("one")
    with viewpoint("one"):
        assert not Article.objects.filter(slug="y").exists()


def _begin_and_fail(branch: str) -> None:
    with branch_context(branch):
        Article.objects.create(slug="y", name="Y")
        raise ZeroDivisionError


@entry(245)
def test_two_tasks_of_one_loop_write_to_their_own_branches(kestrel: Ride) -> None:
    for name in ("one", "two"):
        fork(name)

    def write(name: str) -> None:
        with branch_context(name):
            Article.objects.create(slug=name, name=name)
        connection.close()

    async def both() -> None:
        await asyncio.gather(*(sync_to_async(write)(name) for name in ("one", "two")))

    without_a_loop(lambda: asyncio.run(both()))
    for name in ("one", "two"):
        with viewpoint(name):
            assert [article.name for article in Article.objects.all()] == [name]


@entry(247)
def test_a_follower_sees_every_position_once_and_in_order(kestrel: Ride) -> None:
    seen: list[int] = []
    over = threading.Event()

    def follow() -> None:
        while True:
            is_last = over.is_set()
            after = seen[-1] if seen else 0
            found = Event.objects.filter(position__gt=after).order_by("position")
            seen.extend(found.values_list("position", flat=True))
            if is_last:
                break
        connection.close()

    follower = threading.Thread(target=follow)
    follower.start()

    def write(n: int) -> None:
        for turn in range(4):
            with transaction.atomic():
                Article.objects.create(slug=f"a-{n}-{turn}", name="A")
                if (n + turn) % 3 == 0:
                    transaction.set_rollback(True)

    at_once(6, write)
    over.set()
    follower.join(20)
    assert seen == sorted(set(seen))
    assert seen == list(Event.objects.order_by("position").values_list("position", flat=True))


WRITER = """
import os, sys, time, django
django.setup()
from django.db import transaction
from wiki.models import Article
stage = sys.argv[1]
with transaction.atomic():
    if stage == "locked":
        from eventstore import log
        log.lock()
    else:
        Article.objects.create(slug="killed", name="Killed")
    if stage != "committed":
        print("there", flush=True)
        time.sleep(60)
print("there", flush=True)
time.sleep(60)
"""


def writer(stage: str) -> "subprocess.Popen[str]":
    """A process that stands still where it is to be killed."""
    begun = subprocess.Popen(
        [sys.executable, "-c", WRITER, stage],
        env=environment(), cwd=CHECKOUT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert begun.stdout is not None
    assert begun.stdout.readline() == "there\n"
    return begun


@entry(188, 248)
@pytest.mark.parametrize("stage", ["locked", "appended", "committed"])
def test_who_is_killed_leaves_all_or_nothing(editor: Client, kestrel: Ride, stage: str) -> None:
    """`tests/crashes/test_kill.py` kills served wikis in the middle of edits, again and again."""
    killed = writer(stage)
    killed.send_signal(signal.SIGKILL)
    killed.wait(10)
    form = open_form(editor, "/rides/kestrel/edit/") | {"body": "It dives."}
    answer = editor.post("/rides/kestrel/edit/", form)
    allowed(188, answer)
    allowed(248, answer)
    assert Ride.objects.get().body == "It dives."
    assert Article.objects.exists() == (stage == "committed")
    assert editor.get("/articles/killed/").status_code == (200 if stage == "committed" else 404)
    assert audit().findings == ()


@entry(188)
def test_nobody_waits_for_ever_for_who_stands_still(
    editor: Client, kestrel: Ride, settings: Any
) -> None:
    form = open_form(editor, "/rides/kestrel/edit/") | {"body": "My words."}
    stopped = writer("locked")
    stopped.send_signal(signal.SIGSTOP)
    settings.LOG_LOCK_TIMEOUT_SECONDS = 0.3
    begun = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        assert editor.get("/rides/kestrel/").status_code == 200
        answer = editor.post("/rides/kestrel/edit/", form)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
        stopped.kill()
        stopped.wait(10)
    assert time.monotonic() - begun < 30
    allowed(188, answer)
    assert answer.status_code == 503
    assert "My words." in answer.text
    assert int(answer["Retry-After"]) > 0
    assert editor.post("/rides/kestrel/edit/", form).status_code == 302


@entry(251)
def test_limits_hold_at_once() -> None:
    known()
    tried: list[int] = []
    at_once(16, lambda n: tried.append(attempt(from_network(), "ann", f"wrong {n}")))
    assert tried.count(200) == 10
    assert set(tried) <= set(entries()[251].expect.status)
    assert attempt(from_network(), "ann", PASSWORD) == 429


@entry(239)
def test_a_sync_that_brings_nothing_writes_nothing(moderator: Client, kestrel: Ride) -> None:
    fork("spring")
    with nothing_stored():
        assert moderator.post("/branches/spring/sync/").status_code in {302, 409}
    assert NothingToSync.status == 409
