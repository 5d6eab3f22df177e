"""docs/how-to/run-in-production.md, followed: from an empty database to a page and an audit."""

import http.client
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings

from config.embedded.processes import wait_until
from config.environment import CHECKOUT
from tests.served import free_port

pytestmark = pytest.mark.slow

OWNER_SQL = CHECKOUT / "docs" / "how-to" / "production-database.md"
HOST = "wiki.example"
PASSWORD = "correct horse battery staple"
START_SECONDS = 60


class Production:
    """A wiki that was set up by the page, with roles and a database of its own."""

    def __init__(self, home: Path) -> None:
        database = settings.DATABASES["default"]
        self.server = {"host": database["HOST"], "user": database["USER"]}
        self.name = f"production_{os.getpid()}"
        self.app, self.owner = f"{self.name}_app", f"{self.name}_owner"
        self.port = free_port()
        self.environment = {
            key: value for key, value in os.environ.items() if not key.startswith("THRILLWIKI_")
        } | {
            "REDIS_URL": settings.REDIS_URL,
            "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "ALLOWED_HOSTS": HOST,
            "BEHIND_PROXY": "true",
            "STATIC_ROOT": str(home / "static"),
            "THRILLWIKI_HOME": str(home),
            "PORT": str(self.port),
            "WORKERS": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        self.run_sql("postgres", f'CREATE DATABASE "{self.name}"')

    def run_sql(self, database: str, statement: str) -> None:
        with psycopg.connect(**self.server, dbname=database, autocommit=True) as connection:
            connection.execute(statement)

    def url(self, user: str) -> str:
        """As a setting; libpq's own form has no room for a folder of sockets before the name."""
        return f"postgresql:///{self.name}?{urlencode({'host': self.server['host'], 'user': user})}"

    def command(self, *words: str, user: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=CHECKOUT,
            env=self.environment | {"DATABASE_URL": self.url(user or self.app)} | more,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=CHECKOUT,
            env=self.environment | {"DATABASE_URL": self.url(self.app)},
            text=True,
            start_new_session=True,
        )

    def ask(
        self, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, "http.client.HTTPMessage", str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {"Host": HOST, "X-Forwarded-Proto": "https", "Referer": f"https://{HOST}/"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        if form is not None:
            named["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if form is None else urlencode(form)
        try:
            connection.request("GET" if form is None else "POST", path, body, named)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        except OSError:
            return 0, http.client.HTTPMessage(), ""
        finally:
            connection.close()

    def drop(self) -> None:
        self.run_sql("postgres", f'DROP DATABASE "{self.name}" WITH (FORCE)')
        self.run_sql("postgres", f'DROP ROLE IF EXISTS "{self.app}", "{self.owner}"')


@pytest.fixture(scope="module")
def production(django_db_setup: None) -> Iterator[Production]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # a short path
        made = Production(Path(folder))
        administrator = str(made.server["user"])
        # By somebody who may write no home of the wiki's: `postgres`, in the page.
        nowhere = {"THRILLWIKI_HOME": "/proc/nowhere"}
        migrated = made.command("migrate", "--verbosity", "0", user=administrator, **nowhere)
        assert migrated.returncode == 0, migrated.stderr
        found = re.search(r"```sql\n(.*?)```", OWNER_SQL.read_text(encoding="utf-8"), re.DOTALL)
        assert found is not None
        statement = dedent("   " + found[1])
        for role, name in (("thrillwiki_owner", made.owner), ("thrillwiki_app", made.app)):
            statement = statement.replace(role, name)
        made.run_sql(made.name, statement)
        yield made
        made.drop()


def cookies(headers: "http.client.HTTPMessage") -> str:
    return "; ".join(each.split(";")[0] for each in headers.get_all("Set-Cookie") or ())


def token(page: str) -> str:
    return page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


def test_the_page_leads_to_a_wiki_that_works(production: Production) -> None:
    made = production.command(
        "createsuperuser", "--noinput", "--username", "ann", "--email", "a@example.org",
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    process = production.start()
    try:
        assert wait_until(lambda: production.ask("/health/ready")[0] == 200, START_SECONDS)
        # By whatever address, and by plain HTTP: nobody else's page is.
        for path in ("/health/live", "/health/ready", "/health/processes", "/metrics"):
            assert production.ask(path, Host="10.1.2.3", X_Forwarded_Proto="http")[0] == 200
        assert production.ask("/", Host="10.1.2.3")[0] == 400
        status, headers, _ = production.ask("/parks/", X_Forwarded_Proto="http")
        assert (status, headers["Location"]) == (301, f"https://{HOST}/parks/")
        status, headers, page = production.ask("/parks/")
        assert status == 200
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert "/parks/europa-park/" not in page  # no sample that nobody asked for
        (style,) = re.findall(r'href="(/static/css/app\.[0-9a-f]+\.css)"', page)
        assert "immutable" in production.ask(style)[1]["Cache-Control"]

        _, headers, page = production.ask("/account/login/")
        held = cookies(headers)
        assert "__Host-csrf=" in held
        form = {"login": "ann", "password": PASSWORD, "csrfmiddlewaretoken": token(page)}
        status, headers, _ = production.ask("/account/login/", form, Cookie=held)
        assert status == 302
        held = cookies(headers)
        assert "__Host-session=" in held
        _, headers, page = production.ask("/articles/new/", Cookie=held)
        form = {"name": "Lifts", "slug": "lifts", "csrfmiddlewaretoken": token(page)}
        status, headers, _ = production.ask("/articles/new/", form, Cookie=held)
        assert (status, headers["Location"]) == (302, "/articles/lifts/")
        assert production.ask("/articles/lifts/")[0] == 200
        assert production.ask("/moderation/", Cookie=held)[0] == 200
    finally:
        process.terminate()
        process.wait(30)
    audited = production.command("audit", "--merges")
    assert audited.returncode == 0, audited.stdout + audited.stderr
    assert "All is as it was written" in audited.stdout


def test_an_upgrade_waits_for_the_owner(production: Production) -> None:
    """Started before its migrations are made, and by a role that may not make them."""
    newest = max((CHECKOUT / "wiki" / "migrations").glob("[0-9]*.py")).stem
    production.run_sql(production.name, f"DELETE FROM django_migrations WHERE name = '{newest}'")
    refused = production.command("run")
    assert refused.returncode == 1
    assert "The database lacks 1 migrations of this version." in refused.stderr
    assert "Traceback" not in refused.stderr
    said = production.command("migrate")
    assert said.returncode == 1
    assert f"The role '{production.app}' may not change this database" in said.stderr
    assert "Traceback" not in said.stderr, said.stderr
