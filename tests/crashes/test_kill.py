"""kill -9, in the middle of edits, imports and merges, twenty times.

All that was acknowledged is there, nothing is there by half, the audit passes.
"""

import csv
import http.client
import random
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client

from eventstore import log
from eventstore.models import Changeset, ChangesetKind
from projections.audit.auditing import audit
from tests.served import Server, Unfollowed, base_in, environment
from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from versioning.models import Branch
from wiki.models import Article, Ride

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PAGES = 12
MERGED = 150
ROUNDS = {"edits": 8, "imports": 6, "merges": 6}


@dataclass
class Editor:
    """Somebody who sends forms to a server, and remembers what it acknowledged."""

    session: str
    acknowledged: list[str] = field(default_factory=list)

    def edit(self, url: str, **form: str) -> bool:
        """Open the form of a page, and send it; whether that was done."""
        status, opened = self._ask(url, None)
        return status == 200 and self.post(url, **form, base=base_in(opened))

    def post(self, url: str, **form: str) -> bool:
        """Whether the server said that it was done; False also when it died."""
        status, _ = self._ask(url, form)
        return status == 302

    def _ask(self, url: str, form: dict[str, str] | None) -> tuple[int, str]:
        """The status and the page; no status where the server died."""
        token, body = "x" * 32, None
        if form is not None:
            body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **form}).encode()
        cookies = f"sessionid={self.session}; csrftoken={token}"
        request = urllib.request.Request(url, body, {"Cookie": cookies})  # noqa: S310  # our own server
        try:
            with urllib.request.build_opener(Unfollowed).open(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, ""
        except (OSError, http.client.HTTPException):
            return 0, ""


@pytest.fixture
def editor() -> Editor:
    account = User.objects.create_user("ann")
    account.groups.add(Group.objects.get(name="moderators"))
    client = Client()
    client.force_login(account)
    return Editor(client.cookies["sessionid"].value)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return tmp_path / "server.log"


@pytest.fixture
def articles() -> None:
    with BatchOperation("Pages to edit") as batch:
        batch.process_changes(
            Article(slug=f"page-{n}", name=f"Page {n}", body=f"Page {n}.\n" * 40)
            for n in range(MERGED)
        )


@pytest.fixture
def chance() -> random.Random:
    return random.Random(20)


def assert_all_is_well() -> None:
    report = audit()
    assert report.findings == ()


@pytest.mark.usefixtures("articles")
def test_edits_that_were_acknowledged_outlive_the_server(
    editor: Editor, logs: Path, chance: random.Random
) -> None:
    sent: list[str] = []
    for _ in range(ROUNDS["edits"]):
        server = Server(logs, environment())
        is_over = threading.Event()

        def edit(number: int, server: Server = server, is_over: threading.Event = is_over) -> None:
            while not is_over.is_set():
                mark = uuid4().hex
                sent.append(mark)
                url = f"{server.url}/articles/page-{number}/edit/"
                if editor.edit(url, name=f"Page {number}", body=f"{mark}\n", summary=mark):
                    editor.acknowledged.append(mark)

        threads = [threading.Thread(target=edit, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(0.3, 1.2))
        server.kill()
        is_over.set()
        for thread in threads:
            thread.join()
    assert_all_is_well()
    messages = list(
        Changeset.objects.filter(recorded_message__in=sent).values_list(
            "recorded_message", flat=True
        )
    )
    assert len(messages) == len(set(messages))
    assert set(editor.acknowledged) <= set(messages)
    assert len(editor.acknowledged) > ROUNDS["edits"]


def test_an_import_is_there_wholly_or_not_at_all(tmp_path: Path, chance: random.Random) -> None:
    rows = 600
    table = tmp_path / "coasters.csv"
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["coaster_name", "Location", "Manufacturer", "Status"])
        for n in range(rows):
            writer.writerow([f"Coaster {n}", f"Park {n % 90}", f"Maker {n % 30}", "Operating"])
    command = [sys.executable, "manage.py", "import_coasters", str(table)]
    began = time.monotonic()
    subprocess.run([*command, "--dry-run"], env=environment(), check=True, capture_output=True)
    whole = time.monotonic() - began
    for _ in range(ROUNDS["imports"]):
        before = Ride.objects.count()
        process = subprocess.Popen(
            command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.6, 1.3) * whole)
        process.kill()
        process.wait()
        _wait_for_nobody()
        assert Ride.objects.count() in {before, rows}
    subprocess.run(command, env=environment(), check=True, capture_output=True)
    assert Ride.objects.count() == rows
    assert_all_is_well()


@pytest.mark.usefixtures("articles")
def test_a_merge_is_there_wholly_or_not_at_all(
    editor: Editor, logs: Path, chance: random.Random
) -> None:
    for number in range(ROUNDS["merges"]):
        name = f"branch-{number}"
        fork(name)
        with branch_context(name, message="Everything anew"):
            Article.objects.update(body=f"Round {number}.\n")
        server = Server(logs, environment())
        killer = threading.Timer(chance.uniform(0.05, 0.5), server.kill)
        killer.start()
        is_done = editor.post(f"{server.url}/branches/{name}/merge/")
        killer.join()
        _wait_for_nobody()
        changed = Article.objects.filter(body=f"Round {number}.\n").count()
        assert changed in ({MERGED} if is_done else {0, MERGED})
        merges = Changeset.objects.filter(kind=ChangesetKind.MERGE, recorded_message__contains=name)
        assert merges.count() == (1 if changed else 0)
        assert (Branch.objects.get(name=name).merged_position is not None) == bool(changed)
    assert_all_is_well()


def _wait_for_nobody() -> None:
    """A killed process's transaction ends once PostgreSQL has noticed; its lock goes with it."""
    with transaction.atomic():
        log.lock()
