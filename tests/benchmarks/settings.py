"""Settings of the benchmarks: a durable server, as in production, and every contestant's tables.

The types are checked under these settings too: they know every model that there is.
"""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES, INSTALLED_APPS, REDIS_PREFIX

DEBUG = False
ALLOWED_HOSTS = ["testserver"]
INSTALLED_APPS += ["tests.library", "simple_history", "tests.benchmarks.contestants"]
DATABASES["default"]["TEST"] = {"NAME": f"test_bench_{os.getpid()}"}
REDIS_PREFIX = f"{REDIS_PREFIX}:bench:{os.getpid()}"
