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
from versioning.models import Branch
from wiki.accounts.models import AccountName
from wiki.accounts.names import NAMELESS, authors_of, names_of
from wiki.exchange.git.loading import import_git
from wiki.models import Article, Ride

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]

PAGES = {
    "history": ("{on}/{article}/history/", "by {}"),
    "blame": ("{on}/{article}/blame/", "by {}"),
    "feed of a page": ("{on}/{article}/history/feed/", "<name>{}</name>"),
    "changes": ("{on}/changes/", "by {}"),
    "feed of all": ("{on}/changes/feed/", "<name>{}</name>"),
    "changeset": ("{on}/changes/{changeset}/", "<dd>{}</dd>"),
    "history, in the past": ("{branch}@c{changeset}/{article}/history/", "by {}"),
}


def written_by(account: User) -> Changeset:
    with acting_as(account.pk), branch_context(message="Chains"):
        Article.objects.create(slug="lifts", name="Lifts", body="Chains.")
    found = Changeset.objects.order_by("-id").first()
    assert found is not None
    return found


LINK = re.compile("</?a[^>]*>")


def told(client: Client, changeset: Changeset, name: str, on: str = "") -> dict[str, bool]:
    """Whether each page tells the name, on main or a branch by its address."""
    article = f"articles/{Article.objects.get().slug}"
    of = {"changeset": changeset.pk, "article": article, "on": on, "branch": on or "/"}
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


def test_a_name_is_that_of_the_time_of_the_edit(client: Client) -> None:
    anna = User.objects.create(username="anna")
    first = written_by(anna)
    anna.username = "hannah"
    anna.save()
    with acting_as(anna.pk):
        Article.objects.update(body="Cables.")
    second = Changeset.objects.latest("id")
    assert authors_of([first, second]) == {first.pk: "anna", second.pk: "hannah"}
    assert names_of([anna.pk]) == {anna.pk: "hannah"}
    assert client.get("/accounts/anna/")["Location"] == "/accounts/hannah/"
    anna.delete()
    assert authors_of([first, second]) == {first.pk: "anna", second.pk: "hannah"}
    assert client.get("/accounts/anna/").status_code == 200


def test_a_pseudonym_stands_for_every_name_that_there_was(client: Client) -> None:
    anna = User.objects.create_user("anna", password="correct horse battery")
    changeset = written_by(anna)
    form = {"login": "anna", "password": "correct horse battery"}
    client.post("/account/login/", form)
    client.post("/account/reauthenticate/", form)
    assert client.post("/account/delete/", {"pseudonym": "on"}).status_code == 302
    name = f"Former editor {changeset.actor_id}"
    assert told(client, changeset, name) == EVERYWHERE
    assert not any(told(client, changeset, "anna").values())
    assert not AccountName.objects.filter(name="anna").exists()
    again = Changeset.objects.get(pk=changeset.pk)
    assert (again.hash, again.actor_id) == (changeset.hash, changeset.actor_id)
    assert audit().findings == ()


def test_many_are_deleted_at_once() -> None:
    made = User.objects.bulk_create(User(username=name) for name in ("anna", "bert"))
    names = {account.pk: account.username for account in made}
    assert names_of(names) == names
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
    assert "by anna" in client.get("/branches/spring/").content.decode()
    with viewpoint("main"):
        assert audit().findings == ()


def test_an_account_that_was_deleted_by_sql_is_not_the_system(client: Client) -> None:
    anna = User.objects.create(username="anna")
    changeset = written_by(anna)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM auth_user")
        cursor.execute("DELETE FROM wiki_accountname")
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
        import_git(tmp_path)
    changeset = Changeset.objects.get(kind="import")
    line = Branch.objects.get(number=changeset.branch)
    assert told(client, changeset, "Åsa Ek", on=f"/~{line.name}") == EVERYWHERE
    # Main has the pages by one changeset, which is the importer's.
    on_main = told(client, changeset, "Åsa Ek")
    assert {page for page, is_told in on_main.items() if is_told} == {"blame", "changeset"}
