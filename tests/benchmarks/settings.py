"""Settings of the benchmarks: a durable server, as in production, and every contestant's tables.

The types are checked under these settings too: they know every model that there is.
"""

import os

from config.settings import *  # noqa: F403  # Django reads names
from config.settings import DATABASES, INSTALLED_APPS, LOGGING

DEBUG = False
ALLOWED_HOSTS = ["testserver"]
INSTALLED_APPS += ["tests.library", "simple_history", "tests.benchmarks.contestants"]
DATABASES["default"]["TEST"] = {"NAME": f"test_bench_{os.getpid()}"}
# Pages are measured without a cache: nothing answers here.
LOGGING = {**LOGGING, "root": {"handlers": ["stderr"], "level": "CRITICAL"}}
REDIS_URL = "unix:///nowhere/valkey.sock"
