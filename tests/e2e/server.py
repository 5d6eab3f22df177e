"""The wiki served as it is in production, by granian, on the tests' database.

`python -m tests.e2e.server PORT`, with the database's name in THRILLWIKI_SERVED_DATABASE.
"""

import os
import sys

from config.serving.workers import serve

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    serve("127.0.0.1", int(sys.argv[1]), threads=4)
