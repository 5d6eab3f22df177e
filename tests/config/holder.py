"""A process that uses a home's services until its input ends: `python -m tests.config.holder HOME`.

Stands for a command or a server, which a test can then leave alone, or kill.
"""

import sys
from pathlib import Path

from config.embedded import Services

if __name__ == "__main__":
    services = Services(Path(sys.argv[1]), durable=False)
    services.join()
    sys.stdout.write("joined\n")
    sys.stdout.flush()
    sys.stdin.read()
    services.leave()
