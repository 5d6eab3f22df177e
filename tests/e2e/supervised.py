"""The wiki with all its processes, as `manage.py run` starts them, on the tests' database.

`python -m tests.e2e.supervised PORT`. Nothing follows the log: tests do that themselves.
"""

import os
import sys

from config.start import start

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    start()
    from config.management.commands.run import supervisor

    everything = supervisor("127.0.0.1", int(sys.argv[1]))
    everything.children = [each for each in everything.children if each.name != "follower"]
    everything.run()
