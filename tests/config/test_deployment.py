"""Production settings, as `make check` starts them: nothing of Django's own checks is left."""

import json
import os
import subprocess
import sys

import pytest

from config.environment import CHECKOUT

PRODUCTION = {
    "DATABASE_URL": "postgresql://wiki:secret@db.example:5433/wiki?sslmode=require",
    "REDIS_URL": "redis://cache.example:6379/0",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "wiki.example",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}
NAMES = [
    "DEBUG",
    "DATABASES",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_CSP",
    "STATIC_URL",
    "PASSWORD_HASHERS",
    "EMBEDDED",
]


@pytest.fixture(scope="module")
def production() -> dict[str, object]:
    """The settings of a process of their own: those of this one are the tests'."""
    script = (
        "import json; from django.conf import settings; "
        f"print(json.dumps({{name: getattr(settings, name) for name in {NAMES}}}, default=repr))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=CHECKOUT,
        env=os.environ | PRODUCTION,
        capture_output=True,
        text=True,
        check=True,
    )
    settings: dict[str, object] = json.loads(done.stdout)
    return settings


def test_transport_and_cookies_are_secure(production: dict[str, object]) -> None:
    assert production["DEBUG"] is False
    assert production["SECURE_SSL_REDIRECT"] is True
    assert production["SECURE_HSTS_SECONDS"] == 31_536_000
    assert production["SESSION_COOKIE_SECURE"] is True
    assert production["CSRF_COOKIE_SECURE"] is True


def test_nothing_embedded_is_started(production: dict[str, object]) -> None:
    assert "with_postgres=False, with_valkey=False" in str(production["EMBEDDED"])


def test_the_address_of_the_database_is_taken_apart(production: dict[str, object]) -> None:
    databases = production["DATABASES"]
    assert isinstance(databases, dict)
    database = databases["default"]
    assert (database["HOST"], database["PORT"]) == ("db.example", "5433")
    assert (database["USER"], database["PASSWORD"]) == ("wiki", "secret")
    assert database["NAME"] == "wiki"
    assert database["OPTIONS"]["sslmode"] == "require"
    assert "jit=off" in database["OPTIONS"]["options"]


def test_nothing_inline_and_nothing_from_elsewhere(production: dict[str, object]) -> None:
    policy = json.dumps(production["SECURE_CSP"])
    assert "'self'" in policy
    for weak in ("unsafe", "http", "nonce", "*", "data:"):
        assert weak not in policy


def test_passwords_are_hashed_by_argon2(production: dict[str, object]) -> None:
    hashers = production["PASSWORD_HASHERS"]
    assert isinstance(hashers, list)
    assert "Argon2" in hashers[0]


def test_static_addresses_belong_to_no_viewpoint(production: dict[str, object]) -> None:
    assert production["STATIC_URL"] == "/static/"
