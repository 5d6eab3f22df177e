"""Whoever wrote keeps the name: deleted accounts, and authors who came with imported history."""

import re
import subprocess
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from eventstore.models import Changeset
from projections.audit.auditing import audit
from versioning import acting_as, branch_context, viewpoint
from versioning.branches.fork import fork
from wiki.accounts.names import NAMELESS, names_of
from wiki.imports.git.loading import import_git
from wiki.imports.git.repository import Repository
from wiki.models import Article, Ride

pytestmark = pytest.mark.django_db

PAGES = {
    "history": ("/{article}/history/", "by {}"),
    "blame": ("/{article}/blame/", "by {}"),
    "feed of a page": ("/{article}/history/feed/", "<name>{}</name>"),
    "changes": ("/changes/", "by {}"),
    "feed of all": ("/changes/feed/", "<name>{}</name>"),
    "changeset": ("/changes/{changeset}/", "<dd>{}</dd>"),
    "history, in the past": ("/@c{changeset}/{article}/history/", "by {}"),
}


def written_by(account: User) -> Changeset:
    with acting_as(account.pk), branch_context(message="Chains"):
        Article.objects.create(slug="lifts", name="Lifts", body="Chains.")
    found = Changeset.objects.order_by("-id").first()
    assert found is not None
    return found


LINK = re.compile("</?a[^>]*>")


def told(client: Client, changeset: Changeset, name: str) -> dict[str, bool]:
    """Whether each page tells the name."""
    of = {"changeset": changeset.pk, "article": f"articles/{Article.objects.get().slug}"}
    answers = {
        page: (client.get(address.format(**of), follow=True), words.format(name))
        for page, (address, words) in PAGES.items()
    }
    return {
        page: answer.status_code == 200 and words in LINK.sub("", answer.content.decode())
        for page, (answer, words) in answers.items()
    }


EVERYWHERE = dict.fromkeys(PAGES, True)


def test_a_deleted_account_keeps_its_name(client: Client) -> None:
    anna = User.objects.create(username="anna")
    changeset = written_by(anna)
    assert told(client, changeset, "anna") == EVERYWHERE
    anna.delete()
    assert told(client, changeset, "anna") == EVERYWHERE
    again = Changeset.objects.get(pk=changeset.pk)
    assert (again.hash, again.actor_id) == (changeset.hash, changeset.actor_id)
    assert audit().findings == ()


def test_many_are_deleted_at_once() -> None:
    names = {User.objects.create(username=name).pk: name for name in ("anna", "bert")}
    User.objects.all().delete()
    assert names_of([*names, None]) == names


def test_the_admin_deletes_an_account_that_did_everything(
    client: Client, admin_client: Client, kestrel: Ride
) -> None:
    anna = User.objects.create_superuser("anna")
    changeset = written_by(anna)
    with acting_as(anna.pk):
        fork("spring", description="Hers")
    signed_in = Client()
    signed_in.force_login(anna)
    article = Article.objects.get()
    form = {"slug": "lifts", "name": "Lift hills", "body": "Chains."}
    signed_in.post(f"/admin/wiki/article/{article.pk}/change/", form)
    assert Article.objects.get().name == "Lift hills"
    answer = admin_client.post(f"/admin/auth/user/{anna.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert not User.objects.filter(username="anna").exists()
    assert told(client, changeset, "anna") == EVERYWHERE
    assert "Forked by anna" in client.get("/branches/spring/").content.decode()
    with viewpoint("main"):
        assert audit().findings == ()


def test_an_account_that_was_deleted_by_sql_is_not_the_system(client: Client) -> None:
    anna = User.objects.create(username="anna")
    changeset = written_by(anna)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM auth_user")
    assert told(client, changeset, NAMELESS) == EVERYWHERE


def test_nobody_signs_up_under_the_name_of_somebody_who_left(client: Client) -> None:
    User.objects.create(username="anna").delete()
    form = {"username": "Anna", "password1": "a-long-one-9", "password2": "a-long-one-9"}
    answer = client.post("/account/signup/", form)
    assert "a name that looks like this one" in answer.content.decode()
    assert not User.objects.exists()
    client.post("/account/signup/", {**form, "username": "hannah"})
    assert User.objects.get().username == "hannah"


def test_authors_of_git_are_the_authors(client: Client, tmp_path: Path) -> None:
    """Whoever imports them wrote nothing."""
    (tmp_path / "lifts.md").write_text("Chains.\n")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=Åsa Ek", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Chains"]):
        subprocess.run([*git, *words], check=True)
    with acting_as(User.objects.create(username="importer").pk):
        import_git(Repository(tmp_path))
    changeset = Changeset.objects.get(kind="import")
    assert told(client, changeset, "Åsa Ek") == EVERYWHERE
