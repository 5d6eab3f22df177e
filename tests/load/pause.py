"""SIGSTOP of processes of a wiki, and SIGCONT some seconds later, while it is read and edited.

    python -m tests.load.pause --seconds 10 [worker follower valkey postgres "all of postgres"]

In a wiki of its own. A machine that swaps, a disk that stalls, a container that is moved: what is
there and does not answer is worse than what is gone.
"""

import argparse
import asyncio

from tests.load.drills import Hurt, run_by_hand
from tests.load.kill import Processes
from tests.load.wiki import Wiki

PAUSED: dict[str, Processes] = {
    "worker": lambda wiki: wiki.children("serve", "pages")[-1:],
    "follower": lambda wiki: wiki.children("follow"),
    "valkey": Wiki.valkey,
    "postgres": lambda wiki: wiki.postgres()[:1],
    "backends": lambda wiki: wiki.postgres()[1:],
    "all of postgres": Wiki.postgres,
}
"""Of PostgreSQL its main process alone, the others alone, or all of them."""


def pausing(name: str, seconds: float) -> Hurt:
    async def pause(wiki: Wiki) -> None:
        paused = PAUSED[name](wiki)
        for process in paused:
            process.suspend()
        try:
            await asyncio.sleep(seconds)
        finally:
            for process in paused:
                if process.is_running():
                    process.resume()

    return pause


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=10)
    arguments.add_argument("paused", nargs="*", metavar="process", help=", ".join(PAUSED))
    given = arguments.parse_args()
    chosen = given.paused or list(PAUSED)
    run_by_hand({name: pausing(name, given.seconds) for name in chosen})


if __name__ == "__main__":
    main()
