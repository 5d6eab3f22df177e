"""Settings of the tests: real services, in a home of the tests' own.

Each run has databases and cache keys of its own, named after the process that began it, so that
several runs in one checkout never meet.
"""

import os
from pathlib import Path

from config.embedded import Services
from config.environment import CHECKOUT
from config.settings import *  # noqa: F403  # Django reads names
from config.settings import DATABASES, ENVIRONMENT, INSTALLED_APPS, REDIS_PREFIX

# Set by the process that began the run; its xdist workers inherit it.
TEST_RUN = os.environ.setdefault("THRILLWIKI_TEST_RUN", str(os.getpid()))

THRILLWIKI_HOME = CHECKOUT / ".thrillwiki" / "tests"
EMBEDDED = Services(
    THRILLWIKI_HOME,
    with_postgres=ENVIRONMENT.database_url is None,
    with_valkey=ENVIRONMENT.redis_url is None,
    durable=False,
)
if ENVIRONMENT.database_url is None:
    DATABASES["default"]["HOST"] = EMBEDDED.postgres.host
DATABASES["default"]["TEST"] = {"NAME": f"test_thrillwiki_{TEST_RUN}"}

# A wiki that is served as a whole has a folder of its own for that.
SERVING_FOLDER = Path(os.environ.get("THRILLWIKI_SERVING_FOLDER", EMBEDDED.paths.sockets))

REDIS_URL = ENVIRONMENT.redis_url or EMBEDDED.valkey.url
REDIS_PREFIX = f"{REDIS_PREFIX}:test:{TEST_RUN}:{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"

INSTALLED_APPS += ["tests.library"]
STYLEGUIDE = True

# Argon2 is slow on purpose; a test that is about it names it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A served wiki is a process of its own, on a database that the run has made.
if served := os.environ.get("THRILLWIKI_SERVED_DATABASE"):
    DATABASES["default"]["NAME"] = served
    REDIS_PREFIX = f"{REDIS_PREFIX}:{served}"
